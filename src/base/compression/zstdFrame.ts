// Zstandard frames (RFC 8878) where the platform has none of its own (Node before 22.15): written
// by the WebAssembly of `@hpcc-js/wasm-zstd`, read by that of `zstddec`, which takes the size of
// the result from us and not from the frame. Both are bundled, and loaded only when asked for.
// Neither knows dictionaries: frames that were compressed with one are read by ours.

import type { BlockCodec } from './blockCodec.ts';
import { decodeZstd } from './zstd/zstdDecoder.ts';

/** RocksDB and Badger show that more is hardly worth its time on blocks of a few KiB. */
export const ZSTD_LEVEL = 1;

/** A block of 128 KiB of one byte takes four bytes. */
export const ZSTD_EXPANSION_MAX: number = 2 ** 15;

/** Loads both modules: some tens of milliseconds, once in each thread. */
export async function loadZstdFrame(): Promise<BlockCodec> {
  const [{ Zstd }, { ZSTDDecoder }] = await Promise.all([
    import('@hpcc-js/wasm-zstd'),
    import('zstddec'),
  ]);
  const encoder = await Zstd.load();
  const decoder = new ZSTDDecoder();
  await decoder.init();
  return {
    expansionMax: ZSTD_EXPANSION_MAX,
    compress: (raw) => encoder.compress(raw, ZSTD_LEVEL),
    decompress: (packed, rawSizeBytes, dictionary) =>
      dictionary === undefined
        ? decoder.decode(packed, rawSizeBytes)
        : decodeZstd(packed, rawSizeBytes, dictionary),
  };
}

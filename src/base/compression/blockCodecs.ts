// The compressors that this world has: those of base, and what the platform brings along. Zstandard
// without the platform's help is a WebAssembly module that has to be loaded before its first use,
// since blocks are read at once and without waiting: whoever may meet it calls `prepare`.

import { corruption, LsmError } from '../errors.ts';
import type { BlockCodec, CompressionName } from './blockCodec.ts';
import { lz4Block } from './lz4Block.ts';
import { snappyBlock } from './snappyBlock.ts';
import { loadZstdFrame } from './zstdFrame.ts';

/** Bytes that a block may have before compression; no honest one comes near. */
const RAW_SIZE_MAX = 512 * 1024 * 1024;

/** Finds a codec by its name. */
export class BlockCodecs {
  private readonly codecs: Map<CompressionName, BlockCodec>;

  /** @param native the platform's own, which go before ours. */
  constructor(native: Readonly<Partial<Record<CompressionName, BlockCodec>>> = {}) {
    const given = Object.entries(native) as [CompressionName, BlockCodec][];
    this.codecs = new Map([['lz4', lz4Block], ['snappy', snappyBlock], ...given]);
  }

  /** Loads what must be loaded before `codec` or `unpack` may be asked for these. */
  async prepare(names: Iterable<CompressionName>): Promise<void> {
    for (const name of names) {
      if (name !== 'zstd' || this.codecs.has(name)) continue;
      this.codecs.set(name, await loadZstdFrame());
    }
  }

  /** Whether `codec` and `unpack` may be asked for it now. */
  has(name: CompressionName): boolean {
    return this.codecs.has(name);
  }

  /**
   * @param name not `none`.
   * @throws LsmError `NOT_SUPPORTED` when this platform lacks it.
   */
  codec(name: CompressionName): BlockCodec {
    const codec = this.codecs.get(name);
    if (codec !== undefined) return codec;
    throw new LsmError('NOT_SUPPORTED', `compression ${name} is not there on this platform`);
  }

  /**
   * Decompresses bytes that nobody vouches for.
   * @param file and `offset`: where they stand, for the error.
   * @param dictionary what they were compressed with; not for Snappy, which knows none.
   * @throws LsmError `CORRUPTION` unless exactly `rawSizeBytes` bytes come of them; `NOT_SUPPORTED`
   * as `codec`.
   */
  unpack(
    name: CompressionName,
    packed: Uint8Array,
    rawSizeBytes: number,
    file: string,
    offset: number,
    dictionary?: Uint8Array,
  ): Uint8Array {
    const codec = this.codec(name);
    const most = Math.min(RAW_SIZE_MAX, codec.expansionMax * packed.length);
    if (rawSizeBytes < 1 || rawSizeBytes > most) {
      const claim = `${packed.length} bytes of ${name} claim to be ${rawSizeBytes} bytes`;
      throw corruption(claim, file, offset);
    }
    let raw: Uint8Array | undefined;
    let cause: unknown;
    try {
      raw = codec.decompress(packed, rawSizeBytes, dictionary);
    } catch (thrown) {
      cause = thrown;
    }
    if (raw?.length === rawSizeBytes) return raw;
    const found = `${packed.length} bytes are no ${name} of ${rawSizeBytes} bytes`;
    const message = `${file} at byte ${offset}: ${found}`;
    throw new LsmError('CORRUPTION', message, { file, offset, cause });
  }
}

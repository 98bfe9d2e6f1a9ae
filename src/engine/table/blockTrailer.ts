// Every block but the footer is followed by five bytes, and is read and written only through this
// file.
//
//   | bytes | field                                                                   |
//   | ----- | ----------------------------------------------------------------------- |
//   | 1     | how the block is stored: blockCompression.ts                            |
//   | 4     | checksum u32: CRC-32, masked (base/crc32.ts), of the block as stored,   |
//   |       | of the byte before and of the block's own offset in the file as u64       |
//
// The offset is not stored: it makes a good block at a wrong place as bad as a damaged one.
// DO NOT CHANGE: on disk.

import { loadUint32 } from '../../base/byteReader.ts';
import { storeUint64 } from '../../base/byteWriter.ts';
import { crc32, maskCrc32 } from '../../base/crc32.ts';
import type { BlockCodecs } from '../../base/compression/blockCodecs.ts';
import { corruption } from '../../base/errors.ts';
import type { ReadableFile } from '../cache/openFiles.ts';
import { unpackBlock } from './blockCompression.ts';

export const BLOCK_TRAILER_BYTES = 5;

const context = new Uint8Array(9);

/** The checksum that belongs behind `bytes[start, end)` at `offset` of a file. */
export function blockChecksum(
  bytes: Uint8Array,
  start: number,
  end: number,
  compression: number,
  offset: number,
): number {
  context[0] = compression;
  storeUint64(context, 1, offset);
  return maskCrc32(crc32(context, 0, context.length, crc32(bytes, start, end)));
}

/**
 * Reads a block, checks it and decompresses it.
 * @param sizeBytes without the trailer; the caller knows that the file is long enough for it, so no
 * declared length allocates more than the file has.
 * @throws LsmError `CORRUPTION` on a wrong checksum, `NOT_SUPPORTED` on an unknown compression.
 */
export function readBlock(
  file: ReadableFile,
  name: string,
  offset: number,
  sizeBytes: number,
  codecs: BlockCodecs,
): Uint8Array {
  const whole = new Uint8Array(sizeBytes + BLOCK_TRAILER_BYTES);
  const got = file.read(whole, 0, whole.length, offset);
  if (got !== whole.length) {
    throw corruption(`a block of ${whole.length} bytes ends after ${got}`, name, offset);
  }
  return checkBlock(whole, name, offset, codecs);
}

/**
 * Checks and decompresses a block that was read from `offset`.
 * @param whole the block as stored, and its trailer.
 * @returns the block; a view where it was not compressed.
 * @throws LsmError as `readBlock`.
 */
export function checkBlock(
  whole: Uint8Array,
  name: string,
  offset: number,
  codecs: BlockCodecs,
): Uint8Array {
  const sizeBytes = whole.length - BLOCK_TRAILER_BYTES;
  const compression = whole[sizeBytes]!;
  const stored = loadUint32(whole, sizeBytes + 1);
  const computed = blockChecksum(whole, 0, sizeBytes, compression, offset);
  if (stored !== computed) {
    const message = `the block's checksum is ${hex(stored)}, its bytes give ${hex(computed)}`;
    throw corruption(message, name, offset);
  }
  return unpackBlock(whole.subarray(0, sizeBytes), compression, name, offset, codecs);
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}

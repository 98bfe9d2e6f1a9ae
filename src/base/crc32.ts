// CRC-32 as in IEEE 802.3, zlib and PNG: polynomial 0x04c11db7 reflected. A platform that has a
// native one installs it for long ranges; for short ones the call would cost more than the loop.

import { crcOf, makeCrcTables } from './crcSlicing.ts';

/** A native CRC-32 of whole arrays; `previous` continues an earlier range. */
export type Crc32Accelerator = (bytes: Uint8Array, previous: number) => number;

/** Ranges shorter than this are computed here even when an accelerator is installed. */
const ACCELERATOR_MIN_BYTES = 1024;

const TABLES: Uint32Array = makeCrcTables(0xedb88320);

let accelerator: Crc32Accelerator | null = null;

/** Gives long ranges to a native implementation; results must be the same. */
export function installCrc32Accelerator(native: Crc32Accelerator): void {
  accelerator = native;
}

/**
 * CRC-32 of `bytes[start, end)` as an unsigned integer.
 * @param previous the CRC of the bytes before, so that a long range can be computed in pieces.
 */
export function crc32(bytes: Uint8Array, start: number, end: number, previous = 0): number {
  if (accelerator !== null && end - start >= ACCELERATOR_MIN_BYTES) {
    return accelerator(bytes.subarray(start, end), previous);
  }
  return crc32Portable(bytes, start, end, previous);
}

/** `crc32` without the accelerator. */
export function crc32Portable(
  bytes: Uint8Array,
  start: number,
  end: number,
  previous: number,
): number {
  return crcOf(TABLES, bytes, start, end, previous);
}

/**
 * The form in which files store a CRC: rotated by 15 bits plus a constant, as LevelDB does. A value
 * may itself be a file with checksums in it, and the CRC of bytes that contain their own CRC is no
 * check.
 */
export function maskCrc32(crc: number): number {
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** Inverse of `maskCrc32`. */
export function unmaskCrc32(masked: number): number {
  const rotated = (masked - 0xa282ead8) >>> 0;
  return ((rotated >>> 17) | (rotated << 15)) >>> 0;
}

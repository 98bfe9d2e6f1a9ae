// CRC-32 as in IEEE 802.3, zlib and PNG: polynomial 0x04c11db7 reflected, all bits inverted before
// and after. Eight bytes a step through eight tables ("slicing by 8", Kounavis and Berry, 2005):
// about 0.5 GB/s in plain JavaScript. A platform that has a native one installs it for long ranges;
// for short ones the call would cost more than the loop.

/** A native CRC-32 of whole arrays; `previous` continues an earlier range. */
export type Crc32Accelerator = (bytes: Uint8Array, previous: number) => number;

/** Ranges shorter than this are computed here even when an accelerator is installed. */
const ACCELERATOR_MIN_BYTES = 1024;

const TABLES: Uint32Array = makeTables();

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
  const tables = TABLES;
  let crc = ~previous;
  let position = start;
  for (const last = end - 8; position <= last; position += 8) {
    crc ^=
      bytes[position]! |
      (bytes[position + 1]! << 8) |
      (bytes[position + 2]! << 16) |
      (bytes[position + 3]! << 24);
    crc =
      tables[1792 + (crc & 0xff)]! ^
      tables[1536 + ((crc >>> 8) & 0xff)]! ^
      tables[1280 + ((crc >>> 16) & 0xff)]! ^
      tables[1024 + (crc >>> 24)]! ^
      tables[768 + bytes[position + 4]!]! ^
      tables[512 + bytes[position + 5]!]! ^
      tables[256 + bytes[position + 6]!]! ^
      tables[bytes[position + 7]!]!;
  }
  for (; position < end; position++) {
    crc = (crc >>> 8) ^ tables[(crc ^ bytes[position]!) & 0xff]!;
  }
  return ~crc >>> 0;
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

/** Table k at 256 k: what a byte contributes when k more bytes follow it. */
function makeTables(): Uint32Array {
  const tables = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
    tables[byte] = crc;
  }
  for (let index = 256; index < tables.length; index++) {
    const shorter = tables[index - 256]!;
    tables[index] = (shorter >>> 8) ^ tables[shorter & 0xff]!;
  }
  return tables;
}

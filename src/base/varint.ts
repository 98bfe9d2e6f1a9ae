// Variable-length unsigned integers: seven bits a byte, least significant first, the top bit set on
// every byte but the last (as in Protocol Buffers). Values are JS integers from 0 to 2^53 - 1, so
// at most 8 bytes; no BigInt. Reading untrusted ones is ByteReader's work, which checks every
// bound.

/** Most bytes a value below 2^53 takes. */
export const VARINT_SIZE_MAX = 8;

/** Bytes that `writeVarint` will take for `value`. */
export function varintSize(value: number): number {
  let size = 1;
  let limit = 0x80;
  while (value >= limit) {
    limit *= 0x80;
    size++;
  }
  return size;
}

/**
 * Writes `value` (an integer, 0 … 2^53 - 1) at `position`, which must have room.
 * @returns the position after it.
 */
export function writeVarint(target: Uint8Array, position: number, value: number): number {
  let rest = value;
  while (rest > 0x7fffffff) {
    target[position++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  while (rest > 0x7f) {
    target[position++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[position++] = rest;
  return position;
}

// The hash that filters use: the first 64 of the 128 bits of MurmurHash3_x86_128 (Austin Appleby,
// 2011, placed in the public domain), which needs only 32-bit multiplications and so is quick in
// JavaScript. It is part of the table format: DO NOT CHANGE what it gives for a key.

const C1 = 0x239b961b;
const C2 = 0xab0e9789;
const C3 = 0x38b34ae5;
const C4 = 0xa1e38b93;

/**
 * Hashes `bytes[start, end)` into two unsigned 32-bit words, `out[0]` and `out[1]`. Not for
 * secrets.
 * @param out receives the words, so that nothing is allocated.
 */
export function hash64(
  bytes: Uint8Array,
  start: number,
  end: number,
  seed: number,
  out: Uint32Array,
): void {
  let h1 = seed;
  let h2 = seed;
  let h3 = seed;
  let h4 = seed;
  let position = start;
  for (; position + 16 <= end; position += 16) {
    h1 = rotateLeft(h1 ^ mix(word(bytes, position), C1, 15, C2), 19) + h2;
    h1 = (Math.imul(h1, 5) + 0x561ccd1b) | 0;
    h2 = rotateLeft(h2 ^ mix(word(bytes, position + 4), C2, 16, C3), 17) + h3;
    h2 = (Math.imul(h2, 5) + 0x0bcaa747) | 0;
    h3 = rotateLeft(h3 ^ mix(word(bytes, position + 8), C3, 17, C4), 15) + h4;
    h3 = (Math.imul(h3, 5) + 0x96cd1c35) | 0;
    h4 = rotateLeft(h4 ^ mix(word(bytes, position + 12), C4, 18, C1), 13) + h1;
    h4 = (Math.imul(h4, 5) + 0x32ac3b17) | 0;
  }
  if (position < end) {
    h1 ^= mix(partialWord(bytes, position, end), C1, 15, C2);
    h2 ^= mix(partialWord(bytes, position + 4, end), C2, 16, C3);
    h3 ^= mix(partialWord(bytes, position + 8, end), C3, 17, C4);
    h4 ^= mix(partialWord(bytes, position + 12, end), C4, 18, C1);
  }
  const length = end - start;
  h2 ^= length;
  h3 ^= length;
  h4 ^= length;
  h1 = ((h1 ^ length) + h2 + h3 + h4) | 0;
  h2 = finalize(h2 + h1);
  h3 = finalize(h3 + h1);
  h4 = finalize(h4 + h1);
  h1 = (finalize(h1) + h2 + h3 + h4) | 0;
  out[0] = h1;
  out[1] = h2 + h1;
}

function mix(block: number, before: number, rotation: number, after: number): number {
  const scaled = Math.imul(block, before);
  return Math.imul((scaled << rotation) | (scaled >>> (32 - rotation)), after);
}

function rotateLeft(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}

/** Four bytes, little-endian. */
function word(bytes: Uint8Array, position: number): number {
  return (
    bytes[position]! |
    (bytes[position + 1]! << 8) |
    (bytes[position + 2]! << 16) |
    (bytes[position + 3]! << 24)
  );
}

/** Up to four bytes, as many as stand before `end`; 0 for none. */
function partialWord(bytes: Uint8Array, position: number, end: number): number {
  let value = 0;
  const last = end < position + 4 ? end : position + 4;
  for (let index = last - 1; index >= position; index--) value = (value << 8) | bytes[index]!;
  return value;
}

/** Spreads every bit of a word over all of it. */
function finalize(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

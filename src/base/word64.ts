// Unsigned integers of 64 bits, for hashes. Where few are needed they are BigInts, cut to 64 bits
// after each step; loops over many bytes hold them as two halves of 32 bits, since a BigInt is an
// object each.

import { loadUint32 } from './byteReader.ts';

const MASK = 0xffff_ffff_ffff_ffffn;

/** Eight bytes at `position`, little-endian; unchecked. */
export function loadWord64(bytes: Uint8Array, position: number): bigint {
  return (BigInt(loadUint32(bytes, position + 4)) << 32n) | BigInt(loadUint32(bytes, position));
}

/** A sum, cut to 64 bits. */
export function add64(first: bigint, second: bigint): bigint {
  return (first + second) & MASK;
}

/** A difference, cut to 64 bits. */
export function subtract64(first: bigint, second: bigint): bigint {
  return (first - second) & MASK;
}

/** A product, cut to 64 bits. */
export function multiply64(first: bigint, second: bigint): bigint {
  return (first * second) & MASK;
}

/** Both halves of the 128 bits of a product, exclusive-or'ed. */
export function foldedProduct(first: bigint, second: bigint): bigint {
  const product = first * second;
  return (product & MASK) ^ (product >> 64n);
}

export function rotateLeft64(value: bigint, bits: bigint): bigint {
  return ((value << bits) | (value >> (64n - bits))) & MASK;
}

/** With its eight bytes in the opposite order. */
export function swapBytes64(value: bigint): bigint {
  let swapped = 0n;
  for (let rest = value, index = 0; index < 8; index++, rest >>= 8n) {
    swapped = (swapped << 8n) | (rest & 0xffn);
  }
  return swapped;
}

/** Two halves, each read as unsigned, as one integer. */
export function joinHalves(low: number, high: number): bigint {
  return (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
}

/**
 * The upper 32 bits of the product of two unsigned integers of 32 bits, as a signed one; the lower
 * are `Math.imul`.
 */
export function multiplyHigh(first: number, second: number): number {
  const firstLow = first & 0xffff;
  const firstHigh = first >>> 16;
  const secondLow = second & 0xffff;
  const secondHigh = second >>> 16;
  const low = Math.imul(firstLow, secondLow);
  const middle = Math.imul(firstHigh, secondLow);
  const cross = (Math.imul(firstLow, secondHigh) + (middle & 0xffff) + (low >>> 16)) | 0;
  return (Math.imul(firstHigh, secondHigh) + (middle >>> 16) + (cross >>> 16)) | 0;
}

// XXH3, 64 bits (Yann Collet, xxhash_spec.md of Cyan4973/xxHash), with seed 0: RocksDB keeps its
// lower half with its blocks.
//
// Each length class has a way of its own. Above 240 bytes, eight lanes take stripes of 64 bytes,
// and are scrambled after each 16 stripes; they are held as halves of 32 bits, all else as BigInts.

import { assert } from './assert.ts';
import { loadUint32 } from './byteReader.ts';
import { decodeHex } from './bytes.ts';
import {
  add64,
  foldedProduct,
  joinHalves,
  loadWord64,
  multiply64,
  multiplyHigh,
  rotateLeft64,
  swapBytes64,
} from './word64.ts';
import { avalanche64, XX_PRIMES } from './xxHash64.ts';

/** What the bytes are mixed with: 192 bytes without a meaning. */
export const XXH3_SECRET: Uint8Array = decodeHex(
  'b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671f' +
    'cb79e64eccc0e578825ad07dccff7221b8084674f743248ee03590e6813a264c' +
    '3c2852bb91c300cb88d0658b1b532ea371644897a20df94e3819ef46a9deacd8' +
    'a8fa763fe39c343ff9dcbbc7c70b4f1d8a51e04bcdb45931c89f7ec9d9787364' +
    'eac5ac8334d3ebc3c581a0fffa1363eb170ddd51b7f0da49d316552629d4689e' +
    '2b16be587d47a1fc8ff8b8d17ad031ce45cb3a8f95160428afd7fbcabb4b407e',
);

const STRIPE_BYTES = 64;
const STRIPE_WORDS = 16;
/** Stripes between two scramblings: the secret moves on by 8 bytes with each. */
const BLOCK_STRIPES = 16;
const SCRAMBLE_SECRET_WORD = 32;
const LAST_STRIPE_SECRET = 121;
const MERGE_SECRET = 11;
const PRIME32_1 = 0x9e3779b1;
const PRIME64_1_LOW = 0x85ebca87;
const PRIME64_1_HIGH = 0x9e3779b1;
const SPREAD_LOW = 0x9e3779f9;
const SPREAD_HIGH = 0x16566791;

const secretWords = wordsOf(XXH3_SECRET, 0, XXH3_SECRET.length);
const lastSecretWords = wordsOf(XXH3_SECRET, LAST_STRIPE_SECRET, LAST_STRIPE_SECRET + STRIPE_BYTES);
const mergeSecretWords = wordsOf(XXH3_SECRET, MERGE_SECRET, MERGE_SECRET + STRIPE_BYTES);
const lanes = new Int32Array(16);
const LANES_BEGIN = Int32Array.from([
  0xc2b2ae3d, 0, 0x85ebca87, 0x9e3779b1, 0x27d4eb4f, 0xc2b2ae3d, 0x9e3779f9, 0x165667b1, 0xc2b2ae63,
  0x85ebca77, 0x85ebca77, 0, 0x165667c5, 0x27d4eb2f, 0x9e3779b1, 0,
]);

/** The hash of `bytes[start, end)`. */
export function xxh3(bytes: Uint8Array, start: number, end: number): bigint {
  const length = end - start;
  if (length > 240) return avalanche(mergeLanes(joined(hashLong(bytes, start, end)), length));
  if (length > 16) return avalanche(mixMiddle(bytes, start, length, avalanche));
  if (length > 8) return hash9To16(bytes, start, length);
  if (length >= 4) return hash4To8(bytes, start, length);
  if (length > 0) return hash1To3(bytes, start, length);
  return avalanche64(secret(56) ^ secret(64));
}

/** The lower 32 bits of `xxh3`, unsigned. */
export function xxh3Low(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start;
  if (length > 240) return spreadLow(mergeHalves(hashLong(bytes, start, end), length));
  return Number(xxh3(bytes, start, end) & 0xffff_ffffn);
}

/**
 * 17 to 240 bytes, without the last spreading.
 * @param spread by which half-way through more than 128 bytes the sum is spread.
 */
export function mixMiddle(
  bytes: Uint8Array,
  start: number,
  length: number,
  spread: (hash: bigint) => bigint,
): bigint {
  assert(length > 16 && length <= 240, 'a length of the middle class');
  const last = start + length - 16;
  let sum = multiply64(BigInt(length), XX_PRIMES.one);
  if (length <= 128) {
    for (let pair = (length - 1) >>> 5; pair >= 0; pair--) {
      sum = add64(sum, mix16(bytes, start + 16 * pair, 32 * pair));
      sum = add64(sum, mix16(bytes, last - 16 * pair, 32 * pair + 16));
    }
    return sum;
  }
  for (let index = 0; index < 8; index++) {
    sum = add64(sum, mix16(bytes, start + 16 * index, 16 * index));
  }
  sum = spread(sum);
  for (let index = 8; index < length >>> 4; index++) {
    sum = add64(sum, mix16(bytes, start + 16 * index, 16 * (index - 8) + 3));
  }
  return add64(sum, mix16(bytes, last, 136 - 17));
}

/** More than 240 bytes: the eight lanes. They change with the next call. */
function hashLong(bytes: Uint8Array, start: number, end: number): Int32Array {
  lanes.set(LANES_BEGIN);
  const words = wordsOf(bytes, start, end);
  const stripes = Math.floor((end - start - 1) / STRIPE_BYTES);
  for (let stripe = 0; stripe < stripes; stripe++) {
    const inBlock = stripe % BLOCK_STRIPES;
    takeStripe(words, STRIPE_WORDS * stripe, secretWords, 2 * inBlock);
    if (inBlock === BLOCK_STRIPES - 1) scramble();
  }
  takeStripe(wordsOf(bytes, end - STRIPE_BYTES, end), 0, lastSecretWords, 0);
  return lanes;
}

/** Whole words of a range, copied where it does not begin at one. Hosts are little-endian. */
function wordsOf(bytes: Uint8Array, start: number, end: number): Int32Array {
  const isAligned = (bytes.byteOffset + start) % 4 === 0;
  const from = isAligned ? bytes.subarray(start, end) : bytes.slice(start, end);
  return new Int32Array(from.buffer, from.byteOffset, from.length >>> 2);
}

function hash1To3(bytes: Uint8Array, start: number, length: number): bigint {
  const first = bytes[start]!;
  const middle = bytes[start + (length >>> 1)]!;
  const last = bytes[start + length - 1]!;
  const combined = ((first << 16) | (middle << 24) | last | (length << 8)) >>> 0;
  const flip = (loadUint32(XXH3_SECRET, 0) ^ loadUint32(XXH3_SECRET, 4)) >>> 0;
  return avalanche64(BigInt(combined) ^ BigInt(flip));
}

function hash4To8(bytes: Uint8Array, start: number, length: number): bigint {
  const first = loadUint32(bytes, start);
  const last = loadUint32(bytes, start + length - 4);
  let hash = joinHalves(last, first) ^ secret(8) ^ secret(16);
  hash ^= rotateLeft64(hash, 49n) ^ rotateLeft64(hash, 24n);
  hash = multiply64(hash, 0x9fb21c651e98df25n);
  hash ^= (hash >> 35n) + BigInt(length);
  hash = multiply64(hash, 0x9fb21c651e98df25n);
  return hash ^ (hash >> 28n);
}

function hash9To16(bytes: Uint8Array, start: number, length: number): bigint {
  const low = loadWord64(bytes, start) ^ secret(24) ^ secret(32);
  const high = loadWord64(bytes, start + length - 8) ^ secret(40) ^ secret(48);
  const sum = add64(add64(BigInt(length), swapBytes64(low)), high);
  return avalanche(add64(sum, foldedProduct(low, high)));
}

function avalanche(hash: bigint): bigint {
  const mixed = multiply64(hash ^ (hash >> 37n), 0x165667919e3779f9n);
  return mixed ^ (mixed >> 32n);
}

function mix16(bytes: Uint8Array, position: number, secretOffset: number): bigint {
  return foldedProduct(
    loadWord64(bytes, position) ^ secret(secretOffset),
    loadWord64(bytes, position + 8) ^ secret(secretOffset + 8),
  );
}

function secret(offset: number): bigint {
  return loadWord64(XXH3_SECRET, offset);
}

/**
 * Each lane takes the product of the halves of its keyed word; its neighbour the word itself. Two
 * lanes at a time, so that each is loaded and stored once.
 */
function takeStripe(words: Int32Array, at: number, secrets: Int32Array, secretAt: number): void {
  for (let half = 0; half < STRIPE_WORDS; half += 4) {
    const low = words[at + half]!;
    const high = words[at + half + 1]!;
    const nextLow = words[at + half + 2]!;
    const nextHigh = words[at + half + 3]!;
    const keyLow = low ^ secrets[secretAt + half]!;
    const keyHigh = high ^ secrets[secretAt + half + 1]!;
    const nextKeyLow = nextLow ^ secrets[secretAt + half + 2]!;
    const nextKeyHigh = nextHigh ^ secrets[secretAt + half + 3]!;
    addToLane(half, nextLow, nextHigh, keyLow, keyHigh);
    addToLane(half + 2, low, high, nextKeyLow, nextKeyHigh);
  }
}

function addToLane(half: number, low: number, high: number, first: number, second: number): void {
  const product = Math.imul(first, second);
  const sum = (lanes[half]! + low) | 0;
  const total = (sum + product) | 0;
  const carry = (sum >>> 0 < low >>> 0 ? 1 : 0) + (total >>> 0 < product >>> 0 ? 1 : 0);
  lanes[half] = total;
  lanes[half + 1] = lanes[half + 1]! + high + multiplyHigh(first, second) + carry;
}

function scramble(): void {
  for (let half = 0; half < 16; half += 2) {
    const low = lanes[half]!;
    const high = lanes[half + 1]!;
    const mixedLow = low ^ (high >>> 15) ^ secretWords[SCRAMBLE_SECRET_WORD + half]!;
    const mixedHigh = high ^ secretWords[SCRAMBLE_SECRET_WORD + half + 1]!;
    lanes[half] = Math.imul(mixedLow, PRIME32_1);
    lanes[half + 1] = multiplyHigh(mixedLow, PRIME32_1) + Math.imul(mixedHigh, PRIME32_1);
  }
}

/** The eight lanes in one, without the last spreading. */
export function mergeLanes(merged: readonly bigint[], length: number): bigint {
  let hash = multiply64(BigInt(length), XX_PRIMES.one);
  for (let lane = 0; lane < 8; lane += 2) {
    const offset = MERGE_SECRET + 8 * lane;
    const product = foldedProduct(
      merged[lane]! ^ secret(offset),
      merged[lane + 1]! ^ secret(offset + 8),
    );
    hash = add64(hash, product);
  }
  return hash;
}

/** `mergeLanes` of halves: blocks are hashed often, and BigInts would cost more than the rest. */
function mergeHalves(merged: Int32Array, length: number): Wide {
  const hash = multiplyWide(length, 0, PRIME64_1_LOW, PRIME64_1_HIGH);
  for (let half = 0; half < 16; half += 4) {
    const product = foldedWide(
      merged[half]! ^ mergeSecretWords[half]!,
      merged[half + 1]! ^ mergeSecretWords[half + 1]!,
      merged[half + 2]! ^ mergeSecretWords[half + 2]!,
      merged[half + 3]! ^ mergeSecretWords[half + 3]!,
    );
    const low = (hash.low >>> 0) + (product.low >>> 0);
    hash.low = low | 0;
    hash.high = (hash.high + product.high + (low > 0xffff_ffff ? 1 : 0)) | 0;
  }
  return hash;
}

/** The lower half of `avalanche`. */
function spreadLow({ low, high }: Wide): number {
  const mixed = multiplyWide(low ^ (high >>> 5), high, SPREAD_LOW, SPREAD_HIGH);
  return (mixed.low ^ mixed.high) >>> 0;
}

/** 64 bits in halves. */
interface Wide {
  low: number;
  high: number;
}

function multiplyWide(low: number, high: number, byLow: number, byHigh: number): Wide {
  const upper = multiplyHigh(low, byLow) + Math.imul(low, byHigh) + Math.imul(high, byLow);
  return { low: Math.imul(low, byLow), high: upper | 0 };
}

/** `foldedProduct` of halves: four words of 32 bits, the carries in what is above them. */
function foldedWide(low: number, high: number, byLow: number, byHigh: number): Wide {
  const second =
    (multiplyHigh(low, byLow) >>> 0) +
    (Math.imul(low, byHigh) >>> 0) +
    (Math.imul(high, byLow) >>> 0);
  const third =
    (multiplyHigh(low, byHigh) >>> 0) +
    (multiplyHigh(high, byLow) >>> 0) +
    (Math.imul(high, byHigh) >>> 0) +
    Math.floor(second / 0x1_0000_0000);
  const fourth = (multiplyHigh(high, byHigh) >>> 0) + Math.floor(third / 0x1_0000_0000);
  return { low: Math.imul(low, byLow) ^ third, high: second ^ fourth };
}

function joined(halves: Int32Array): bigint[] {
  return Array.from({ length: 8 }, (_, lane) =>
    joinHalves(halves[2 * lane]!, halves[2 * lane + 1]!),
  );
}

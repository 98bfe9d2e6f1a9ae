// The hashes that RocksDB's filters use (util/hash.cc): of 64 bits, a preview of XXH3 that was
// standardised before XXH3 was (util/xxph3.h); of 32 bits, LevelDB's, in which bytes are signed.

import { loadUint32 } from '../../../base/byteReader.ts';
import { add64, foldedProduct, loadWord64, multiply64 } from '../../../base/word64.ts';
import { mergeLanes, mixMiddle, XXH3_SECRET } from '../../../base/xxh3.ts';
import { XX_PRIMES } from '../../../base/xxHash64.ts';

const PRIME32_1 = 0x9e3779b1n;
const PRIME32_2 = 0x85ebca77n;
const PRIME32_3 = 0xc2b2ae3dn;
const STRIPE_BYTES = 64;
const BLOCK_BYTES = 1024;
const SCRAMBLE_SECRET = 128;
const LAST_STRIPE_SECRET = 121;

const HASH_MULTIPLIER = 0xc6a4a793;

/** What filters of format version 5 and later hash keys with. */
export function filterHash64(key: Uint8Array): bigint {
  const { length } = key;
  if (length > 240) return spread(mergeLanes(hashLong(key), length));
  if (length > 16) return spread(mixMiddle(key, 0, length, spread));
  if (length > 8) return hash9To16(key);
  if (length >= 4) return hash4To8(key);
  if (length > 0) return hash1To3(key);
  return foldedProduct(secret(0), XX_PRIMES.two);
}

/** What older filters, and hash indexes in blocks, hash keys with; a simple cousin of Murmur. */
export function signedHash32(key: Uint8Array, seed: number): number {
  return hash32(key, seed, 24);
}

/** The same in LevelDB (util/hash.cc), where the last bytes are not signed. */
export function unsignedHash32(key: Uint8Array, seed: number): number {
  return hash32(key, seed, 0);
}

/** @param signShift how far a byte is shifted up and down again for its sign. */
function hash32(key: Uint8Array, seed: number, signShift: number): number {
  let hash = (seed ^ Math.imul(key.length, HASH_MULTIPLIER)) >>> 0;
  let position = 0;
  for (; position + 4 <= key.length; position += 4) {
    hash = Math.imul(hash + loadUint32(key, position), HASH_MULTIPLIER);
    hash ^= hash >>> 16;
  }
  const left = key.length - position;
  const byte = (index: number): number => (key[position + index]! << signShift) >> signShift;
  if (left > 2) hash = (hash + (byte(2) << 16)) | 0;
  if (left > 1) hash = (hash + (byte(1) << 8)) | 0;
  if (left > 0) {
    hash = Math.imul(hash + byte(0), HASH_MULTIPLIER);
    hash ^= hash >>> 24;
  }
  return hash >>> 0;
}

function hash1To3(key: Uint8Array): bigint {
  const { length } = key;
  const combined = key[0]! | (key[length >>> 1]! << 8) | (key[length - 1]! << 16) | (length << 24);
  const keyed = BigInt(combined >>> 0) ^ BigInt(loadUint32(XXH3_SECRET, 0));
  return spread(multiply64(keyed, XX_PRIMES.one));
}

function hash4To8(key: Uint8Array): bigint {
  const { length } = key;
  const low = BigInt(loadUint32(key, 0));
  const high = BigInt(loadUint32(key, length - 4));
  const keyed = (low | (high << 32n)) ^ secret(0);
  const mixed = add64(BigInt(length), multiply64(keyed ^ (keyed >> 51n), PRIME32_1));
  return spread(multiply64(mixed ^ (mixed >> 47n), XX_PRIMES.two));
}

function hash9To16(key: Uint8Array): bigint {
  const { length } = key;
  const low = loadWord64(key, 0) ^ secret(0);
  const high = loadWord64(key, length - 8) ^ secret(8);
  const sum = add64(BigInt(length), add64(low, high));
  return spread(add64(sum, foldedProduct(low, high)));
}

/** Unlike XXH3's, each lane takes its own word, and a whole last block is scrambled too. */
function hashLong(key: Uint8Array): readonly bigint[] {
  const { one, two, three, four, five } = XX_PRIMES;
  const lanes = [PRIME32_3, one, two, three, four, PRIME32_2, five, PRIME32_1];
  let position = 0;
  for (; position + STRIPE_BYTES <= key.length; position += STRIPE_BYTES) {
    takeStripe(lanes, key, position, (position % BLOCK_BYTES) / 8);
    if ((position + STRIPE_BYTES) % BLOCK_BYTES === 0) scramble(lanes);
  }
  if (position < key.length) takeStripe(lanes, key, key.length - STRIPE_BYTES, LAST_STRIPE_SECRET);
  return lanes;
}

function takeStripe(lanes: bigint[], key: Uint8Array, position: number, offset: number): void {
  for (let lane = 0; lane < lanes.length; lane++) {
    const word = loadWord64(key, position + 8 * lane);
    const keyed = word ^ secret(offset + 8 * lane);
    const product = (keyed & 0xffff_ffffn) * (keyed >> 32n);
    lanes[lane] = add64(lanes[lane]!, add64(word, product));
  }
}

function scramble(lanes: bigint[]): void {
  for (let lane = 0; lane < lanes.length; lane++) {
    const value = lanes[lane]!;
    const mixed = value ^ (value >> 47n) ^ secret(SCRAMBLE_SECRET + 8 * lane);
    lanes[lane] = multiply64(mixed, PRIME32_1);
  }
}

function spread(hash: bigint): bigint {
  const mixed = multiply64(hash ^ (hash >> 37n), XX_PRIMES.three);
  return mixed ^ (mixed >> 32n);
}

function secret(offset: number): bigint {
  return loadWord64(XXH3_SECRET, offset);
}

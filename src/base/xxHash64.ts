// xxHash, 64 bits (Yann Collet, xxhash_spec.md of Cyan4973/xxHash), with seed 0: RocksDB may keep
// its lower half with its blocks.
//
// Four lanes take 32 bytes a step; the lanes, the length and what is left are then mixed. The lanes
// are held as halves of 32 bits, all else as BigInts.

import { loadUint32 } from './byteReader.ts';
import {
  add64,
  joinHalves,
  loadWord64,
  multiply64,
  multiplyHigh,
  rotateLeft64,
  subtract64,
} from './word64.ts';
import { viewOf } from './words.ts';

/** The primes that xxHash multiplies by; XXH3 begins with them. */
export const XX_PRIMES = {
  one: 0x9e3779b185ebca87n,
  two: 0xc2b2ae3d27d4eb4fn,
  three: 0x165667b19e3779f9n,
  four: 0x85ebca77c2b2ae63n,
  five: 0x27d4eb2f165667c5n,
} as const;

const { one, two, three, four, five } = XX_PRIMES;
const ONE_LOW = 0x85ebca87;
const ONE_HIGH = 0x9e3779b1;
const TWO_LOW = 0x27d4eb4f;
const TWO_HIGH = 0xc2b2ae3d;

const STEP_BYTES = 32;

/** The hash of `bytes[start, end)`. */
export function xxHash64(bytes: Uint8Array, start: number, end: number): bigint {
  const length = end - start;
  const stepsEnd = start + length - (length % STEP_BYTES);
  let hash = length < STEP_BYTES ? five : hashSteps(bytes, start, stepsEnd);
  hash = add64(hash, BigInt(length));
  return avalanche64(mixRest(bytes, stepsEnd, end, hash));
}

/** Spreads every bit over all of the hash. */
export function avalanche64(hash: bigint): bigint {
  let mixed = multiply64(hash ^ (hash >> 33n), two);
  mixed = multiply64(mixed ^ (mixed >> 29n), three);
  return mixed ^ (mixed >> 32n);
}

function hashSteps(bytes: Uint8Array, start: number, end: number): bigint {
  const lanes = new Int32Array(8);
  setLane(lanes, 0, add64(one, two));
  setLane(lanes, 1, two);
  setLane(lanes, 3, subtract64(0n, one));
  const view = viewOf(bytes);
  for (let position = start; position < end; position += STEP_BYTES) {
    for (let lane = 0; lane < 8; lane += 2) {
      const place = position + 4 * lane;
      takeWord(lanes, lane, view.getInt32(place, true), view.getInt32(place + 4, true));
    }
  }
  const [first, second, third, fourth] = [0, 1, 2, 3].map((lane) =>
    joinHalves(lanes[2 * lane]!, lanes[2 * lane + 1]!),
  ) as [bigint, bigint, bigint, bigint];
  let hash = add64(rotateLeft64(first, 1n), rotateLeft64(second, 7n));
  hash = add64(hash, add64(rotateLeft64(third, 12n), rotateLeft64(fourth, 18n)));
  for (const lane of [first, second, third, fourth]) {
    hash = add64(multiply64(hash ^ round(0n, lane), one), four);
  }
  return hash;
}

/** `round`, on a lane in halves. */
function takeWord(lanes: Int32Array, lane: number, low: number, high: number): void {
  const added = Math.imul(low, TWO_LOW);
  const addedHigh =
    multiplyHigh(low, TWO_LOW) + Math.imul(low, TWO_HIGH) + Math.imul(high, TWO_LOW);
  const sum = (lanes[lane]! + added) | 0;
  const carry = sum >>> 0 < added >>> 0 ? 1 : 0;
  const sumHigh = (lanes[lane + 1]! + addedHigh + carry) | 0;
  const turned = (sum << 31) | (sumHigh >>> 1);
  const turnedHigh = (sumHigh << 31) | (sum >>> 1);
  lanes[lane] = Math.imul(turned, ONE_LOW);
  lanes[lane + 1] =
    multiplyHigh(turned, ONE_LOW) + Math.imul(turned, ONE_HIGH) + Math.imul(turnedHigh, ONE_LOW);
}

function round(lane: bigint, word: bigint): bigint {
  return multiply64(rotateLeft64(add64(lane, multiply64(word, two)), 31n), one);
}

function mixRest(bytes: Uint8Array, start: number, end: number, begun: bigint): bigint {
  let hash = begun;
  let position = start;
  for (; position + 8 <= end; position += 8) {
    hash ^= round(0n, loadWord64(bytes, position));
    hash = add64(multiply64(rotateLeft64(hash, 27n), one), four);
  }
  if (position + 4 <= end) {
    hash ^= multiply64(BigInt(loadUint32(bytes, position)), one);
    hash = add64(multiply64(rotateLeft64(hash, 23n), two), three);
    position += 4;
  }
  for (; position < end; position++) {
    hash ^= multiply64(BigInt(bytes[position]!), five);
    hash = multiply64(rotateLeft64(hash, 11n), one);
  }
  return hash;
}

function setLane(lanes: Int32Array, lane: number, value: bigint): void {
  lanes[2 * lane] = Number(value & 0xffff_ffffn);
  lanes[2 * lane + 1] = Number(value >> 32n);
}

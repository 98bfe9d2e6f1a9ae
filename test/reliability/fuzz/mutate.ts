// Mutations of bytes: few at a time, of the kinds that find faults in parsers.

import type { Random } from '../../../src/base/random.ts';

/** Numbers at the edges of fields. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];
const SIZE_MAX = 1 << 20;

type Mutation = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

const MUTATIONS: readonly Mutation[] = [
  /* a bit turned */
  (bytes, random) => {
    const at = random.nextBelow(bytes.length);
    return bytes.with(at, bytes[at]! ^ (1 << random.nextBelow(8)));
  },
  /* a byte replaced */
  (bytes, random) => bytes.with(random.nextBelow(bytes.length), random.nextBelow(256)),
  /* a number at the edge of its field */
  (bytes, random) => {
    const changed = bytes.slice();
    const edge = EDGES[random.nextBelow(EDGES.length)]!;
    const at = random.nextBelow(bytes.length);
    const width = 1 << random.nextBelow(3);
    for (let byte = 0; byte < width && at + byte < changed.length; byte++) {
      changed[at + byte] = (edge >>> (8 * byte)) & 0xff;
    }
    return changed;
  },
  /* a varint without an end */
  (bytes, random) => {
    const at = random.nextBelow(bytes.length);
    return bytes.slice().fill(0xff, at, at + 1 + random.nextBelow(12));
  },
  /* cut */
  (bytes, random) => bytes.slice(0, random.nextBelow(bytes.length + 1)),
  /* a piece taken out */
  (bytes, random) => {
    const from = random.nextBelow(bytes.length);
    const to = from + 1 + random.nextBelow(16);
    return Uint8Array.of(...bytes.subarray(0, from), ...bytes.subarray(to));
  },
  /* a piece of another seed put in */
  (bytes, random, other) => {
    const at = random.nextBelow(bytes.length + 1);
    const from = random.nextBelow(other.length + 1);
    const piece = other.subarray(from, from + 1 + random.nextBelow(64));
    return Uint8Array.of(...bytes.subarray(0, at), ...piece, ...bytes.subarray(at));
  },
];

/** One to four mutations of a seed. */
export function mutate(seed: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let bytes = seed;
  for (let left = 1 + random.nextBelow(4); left > 0; left--) {
    if (bytes.length === 0 || bytes.length > SIZE_MAX) break;
    bytes = MUTATIONS[random.nextBelow(MUTATIONS.length)]!(bytes, random, other);
  }
  return bytes;
}

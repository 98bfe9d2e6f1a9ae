// The filter hash: the published function, and evenly spread over the keys people use.

import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { hash64 } from '../../src/base/hash.ts';

const out = new Uint32Array(2);

function hashOf(key: Uint8Array, seed = 0): string {
  hash64(key, 0, key.length, seed, out);
  return [...out].map((word) => word.toString(16).padStart(8, '0')).join('');
}

test('known answers of MurmurHash3_x86_128', () => {
  const fox = encodeUtf8('The quick brown fox jumps over the lazy dog');
  expect(hashOf(fox)).toBe('2f1583c3ecee2c67');
  expect(hashOf(encodeUtf8('I will not buy this record, it is scratched.'))).toBe(
    'a0a9683b25ac5e40',
  );
  expect(hashOf(new Uint8Array(0))).toBe('0000000000000000');
});

test('only the range given counts, wherever it lies', () => {
  const key = encodeUtf8('a key of some length');
  const plain = hashOf(key);
  for (let before = 0; before < 5; before++) {
    const framed = new Uint8Array(key.length + before + 3).fill(0xab);
    framed.set(key, before);
    hash64(framed, before, before + key.length, 0, out);
    expect([...out].map((word) => word.toString(16).padStart(8, '0')).join('')).toBe(plain);
  }
  expect(hashOf(key, 1)).not.toBe(plain);
});

test('every length and every single byte changes the hash', () => {
  const seen = new Set<string>();
  for (let length = 0; length <= 64; length++) seen.add(hashOf(new Uint8Array(length), 9));
  for (let index = 0; index < 40; index++) {
    for (let bit = 0; bit < 8; bit++) {
      const key = new Uint8Array(40);
      key[index] = 1 << bit;
      seen.add(hashOf(key, 9));
    }
  }
  expect(seen.size).toBe(65 + 320);
});

test('decimal keys spread evenly over both words, without more collisions than chance', () => {
  const keys = 100_000;
  const buckets = 256;
  const high = new Uint32Array(buckets);
  const low = new Uint32Array(buckets);
  const firstWords = new Set<number>();
  for (let index = 0; index < keys; index++) {
    const key = encodeUtf8(String(index).padStart(16, '0'));
    hash64(key, 0, key.length, 0, out);
    high[out[0]! >>> 24]!++;
    low[out[1]! & 0xff]!++;
    firstWords.add(out[0]!);
  }
  // Chi-squared with 255 degrees of freedom: above 360 once in 100 000 times.
  const expected = keys / buckets;
  for (const counts of [high, low]) {
    let chiSquared = 0;
    for (const count of counts) chiSquared += (count - expected) ** 2 / expected;
    expect(chiSquared).toBeLessThan(360);
    expect(chiSquared).toBeGreaterThan(165);
  }
  // keys^2 / 2^33 = 1.2 collisions of 32 bits are to be expected.
  expect(keys - firstWords.size).toBeLessThan(10);
});

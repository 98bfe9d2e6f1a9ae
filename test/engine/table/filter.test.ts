// The filter: never a false "absent", false "maybe" as often as predicted, sized by real numbers.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { hash64 } from '../../../src/base/hash.ts';
import {
  Filter,
  FILTER_LINE_BYTES,
  FILTER_SEED,
  FILTER_TAIL_BYTES,
} from '../../../src/engine/table/filter.ts';
import { FilterBuilder } from '../../../src/engine/table/filterBuilder.ts';
import { predictedFalsePositiveRate, probesFor } from '../../../src/engine/table/filterRate.ts';
import type { FilterProbe } from '../../../src/protocol/events.ts';
import { keyArbitrary } from '../modelEntries.ts';

function hashOf(key: Uint8Array): Uint32Array {
  const hash = new Uint32Array(2);
  hash64(key, 0, key.length, FILTER_SEED, hash);
  return hash;
}

function filterOf(keys: readonly Uint8Array[], bitsPerKey: number): Filter {
  const builder = new FilterBuilder(bitsPerKey);
  for (const key of keys) builder.add(hashOf(key));
  return new Filter(builder.build().bytes, 'x', 0);
}

const numbered = (prefix: string, count: number): Uint8Array[] =>
  Array.from({ length: count }, (_, index) =>
    encodeUtf8(`${prefix}${String(index).padStart(12, '0')}`),
  );

describe('a filter', () => {
  test('never denies a key it was given', () => {
    const keys = fc.array(keyArbitrary, { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(keys, fc.integer({ min: 1, max: 64 }), (given, bitsPerKey) => {
        const filter = filterOf(given, bitsPerKey);
        for (const key of given) expect(filter.mayContain(hashOf(key), null)).toBe(true);
      }),
    );
  });

  test('is wrong about as often as it says', () => {
    const keys = numbered('user', 30_000);
    const absent = numbered('nobody', 100_000);
    for (const bitsPerKey of [4, 8, 10, 14]) {
      const filter = filterOf(keys, bitsPerKey);
      const wrong = absent.filter((key) => filter.mayContain(hashOf(key), null)).length;
      const measured = wrong / absent.length;
      expect(measured).toBeGreaterThan(filter.predictedRate * 0.6);
      expect(measured).toBeLessThan(filter.predictedRate * 1.6 + 0.0005);
    }
  });

  test('has as many bits a key as asked for, and no fewer than a line', () => {
    for (const count of [1, 51, 52, 1000, 20_000]) {
      const { bytes } = filterOf(numbered('k', count), 10);
      const lines = Math.max(1, Math.ceil((count * 10) / (8 * FILTER_LINE_BYTES)));
      expect(bytes.length).toBe(lines * FILTER_LINE_BYTES + FILTER_TAIL_BYTES);
    }
  });

  test('tells each probe in order, up to the first unset bit, in one line', () => {
    const keys = numbered('k', 500);
    const builder = new FilterBuilder(6);
    for (const key of keys) builder.add(hashOf(key));
    const built = builder.build();
    const filter = new Filter(built.bytes, 'x', 0);
    for (const [index, key] of [...keys, ...numbered('other', 500)].entries()) {
      const probes: FilterProbe[] = [];
      const maybe = filter.mayContain(hashOf(key), probes);
      expect(probes.every((probe, at) => probe.set || at === probes.length - 1)).toBe(true);
      expect(probes.at(-1)!.set).toBe(maybe);
      const line = filter.lineOf(hashOf(key));
      const lineBytes = filter.lineBytes(line);
      for (const { bit, set } of probes) {
        expect(Math.floor(bit / 512)).toBe(line);
        expect((lineBytes[(bit % 512) >>> 3]! & (1 << (bit % 8))) !== 0).toBe(set);
      }
      const given = index < keys.length ? builder.bitsOfKey(index, built) : [];
      expect(given.length === 0 || maybe).toBe(true);
      expect(probes.slice(0, given.length).map(({ bit }) => bit)).toEqual(given);
    }
  });

  test('takes as many probes as suit its size', () => {
    expect(probesFor(1)).toBe(1);
    expect(probesFor(10)).toBe(6);
    for (let bits = 2; bits <= 64; bits++) {
      expect(probesFor(bits)).toBeGreaterThanOrEqual(probesFor(bits - 1));
      const rate = predictedFalsePositiveRate(512 / bits, 1, probesFor(bits));
      expect(rate).toBeLessThan(
        predictedFalsePositiveRate(512 / (bits - 1), 1, probesFor(bits - 1)),
      );
    }
    expect(predictedFalsePositiveRate(0, 1, 6)).toBe(0);
    expect(predictedFalsePositiveRate(100_000, 1, 6)).toBeCloseTo(1);
  });
});

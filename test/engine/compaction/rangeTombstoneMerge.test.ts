// Merges of entries and range deletes against the plain question: what does each reader see of each
// key, before and after?

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBytes, encodeUtf8 } from '../../../src/base/bytes.ts';
import { isKept } from '../../../src/engine/compaction/dropRules.ts';
import type { RunBelow } from '../../../src/engine/compaction/dropRules.ts';
import { KIND_DELETE, KIND_PUT } from '../../../src/engine/entryKind.ts';
import { boundsWith } from '../../../src/engine/rangeDelete/rangeTombstone.ts';
import type { RangeTombstone } from '../../../src/engine/rangeDelete/rangeTombstone.ts';
import { table } from '../tableFixture.ts';
import { Sieve } from './sieve.ts';

/** A version of a key. */
interface Point {
  readonly key: number;
  readonly sequence: number;
  readonly kind: 'put' | 'delete';
}

/** Entries and range deletes, whoever holds them. */
interface Content {
  readonly points: readonly Point[];
  readonly ranges: readonly RangeTombstone[];
}

interface Output extends Content {
  /** Keys up to this one are in this output; `undefined` for the last. */
  readonly lastKey: number | undefined;
}

const KEYS = 8;
const keyOf = (key: number): Uint8Array => Uint8Array.of(0x61 + key);

/** The sequence number of the put that a reader sees of a key, or `undefined`. */
function read({ points, ranges }: Content, key: number, reader: number): number | undefined {
  const versions = points.filter((point) => point.key === key && point.sequence <= reader);
  const newest = versions.toSorted((a, b) => b.sequence - a.sequence)[0];
  if (newest === undefined || newest.kind === 'delete') return undefined;
  const bytes = keyOf(key);
  const hidden = ranges.some(
    ({ from, to, sequence }) =>
      sequence <= reader &&
      sequence > newest.sequence &&
      compareBytes(from, bytes) <= 0 &&
      compareBytes(bytes, to) < 0,
  );
  return hidden ? undefined : newest.sequence;
}

/** What a merge of `content` makes, with an output's end behind each of the keys in `ends`. */
function merge(
  content: Content,
  snapshots: readonly number[],
  below: readonly RunBelow[],
  ends: ReadonlySet<number>,
): Output[] {
  const sieve = new Sieve(snapshots, below, content.ranges);
  const { ranges } = sieve;
  const outputs: Output[] = [];
  let points: Point[] = [];
  for (let key = 0; key < KEYS; key++) {
    const bytes = keyOf(key);
    const versions = content.points
      .filter((point) => point.key === key)
      .sort((a, b) => b.sequence - a.sequence);
    const sieved = versions.map(({ sequence, kind }) => {
      return { sequence, kind: kind === 'put' ? KIND_PUT : KIND_DELETE };
    });
    const outcomes = sieve.sift(bytes, sieved);
    points.push(...versions.filter((_, index) => isKept(outcomes[index]!.verdict)));
    if (!ends.has(key) || points.length === 0) continue;
    outputs.push({ points, ranges: ranges.takeUpTo(bytes), lastKey: key });
    points = [];
  }
  return [...outputs, { points, ranges: ranges.takeUpTo(undefined), lastKey: undefined }];
}

const keyNumber = fc.nat({ max: KEYS - 1 });
const operation = fc.oneof(
  { weight: 4, arbitrary: fc.record({ key: keyNumber, kind: fc.constant('put' as const) }) },
  { weight: 1, arbitrary: fc.record({ key: keyNumber, kind: fc.constant('delete' as const) }) },
  { weight: 3, arbitrary: fc.record({ from: keyNumber, to: fc.integer({ min: 1, max: KEYS }) }) },
);

/** A history, from which sequence number on it is merged, the snapshots, and the outputs' ends. */
const cases = fc.record({
  history: fc.array(operation, { maxLength: 16 }),
  split: fc.nat({ max: 16 }),
  snapshots: fc.uniqueArray(fc.nat({ max: 17 }), { maxLength: 4 }),
  ends: fc.uniqueArray(keyNumber, { maxLength: 3 }),
});

function contentOf(
  history: readonly (typeof operation extends fc.Arbitrary<infer T> ? T : never)[],
): Content {
  const points: Point[] = [];
  const ranges: RangeTombstone[] = [];
  history.forEach((step, index) => {
    const sequence = index + 1;
    if ('kind' in step) points.push({ ...step, sequence });
    else if (step.from < step.to) {
      const span = { from: keyOf(step.from), to: keyOf(step.to) };
      ranges.push({ ...span, sequence, timestampMicros: 0 });
    }
  });
  return { points, ranges };
}

function divided(content: Content, split: number): { merged: Content; older: Content } {
  const { points, ranges } = content;
  const isNew = ({ sequence }: { readonly sequence: number }): boolean => sequence > split;
  const isOld = (entry: { readonly sequence: number }): boolean => !isNew(entry);
  return {
    merged: { points: points.filter(isNew), ranges: ranges.filter(isNew) },
    older: { points: points.filter(isOld), ranges: ranges.filter(isOld) },
  };
}

/** One run with one table over all that is older. */
function runsOf({ points, ranges }: Content): RunBelow[] {
  const keys = points.map(({ key }) => keyOf(key)).sort(compareBytes);
  const [smallestKey, largestKey] = [keys[0], keys.at(-1)];
  const own = smallestKey && largestKey ? { smallestKey, largestKey } : undefined;
  const bounds = boundsWith(own, ranges);
  if (bounds === undefined) return [];
  return [{ level: 3, run: { run: 0, tables: [table(1, 'a', 'a', bounds)] } }];
}

describe('a merge of entries and range deletes', () => {
  test('changes nothing for any reader', () => {
    fc.assert(
      fc.property(cases, ({ history, split, snapshots, ends }) => {
        const content = contentOf(history);
        const { merged, older } = divided(content, split);
        const alive = snapshots.toSorted((a, b) => a - b);
        const outputs = merge(merged, alive, runsOf(older), new Set(ends));
        const after = {
          points: [...outputs.flatMap(({ points }) => points), ...older.points],
          ranges: [...outputs.flatMap(({ ranges }) => ranges), ...older.ranges],
        };
        for (let key = 0; key < KEYS; key++) {
          for (const reader of [...alive, 40]) {
            expect(read(after, key, reader), `key ${key} at ${reader}`).toBe(
              read(content, key, reader),
            );
          }
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('makes outputs that do not overlap, and leaves nothing needless at the bottom', () => {
    fc.assert(
      fc.property(cases, ({ history, ends }) => {
        const content = contentOf(history);
        const older = { points: [], ranges: [] };
        // A snapshot before everything keeps every range delete.
        const cut = merge(content, [0], runsOf(older), new Set(ends));
        const bounds = cut.flatMap(({ points, ranges }) => {
          const keys = points.map(({ key }) => keyOf(key)).sort(compareBytes);
          const own = { smallestKey: keys[0]!, largestKey: keys.at(-1)! };
          return boundsWith(keys.length === 0 ? undefined : own, ranges) ?? [];
        });
        for (const [index, { smallestKey }] of bounds.slice(1).entries()) {
          expect(compareBytes(bounds[index]!.largestKey, smallestKey)).toBeLessThan(0);
        }
        const bottom = merge(content, [], [], new Set(ends));
        expect(bottom.flatMap(({ ranges }) => ranges)).toEqual([]);
        const seen = new Set(bottom.flatMap(({ points }) => points.map(({ key }) => key)));
        for (const key of seen) expect(read(content, key, 40)).toBeDefined();
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a range delete', () => {
  const everything = [{ level: 3, run: { run: 0, tables: [table(1, 'a', 'z')] } }];
  const justBehind = (key: string): Uint8Array => encodeUtf8(`${key}\0`);
  const deleted = (from: Uint8Array, to: Uint8Array): RangeTombstone => {
    return { from, to, sequence: 5, timestampMicros: 1 };
  };

  test('that begins where an output ends is of the next one, and of it alone', () => {
    const whole = deleted(justBehind('c'), encodeUtf8('f'));
    const { ranges } = new Sieve([], everything, [whole]);
    expect(ranges.takeUpTo(encodeUtf8('c'))).toEqual([]);
    expect(ranges.takeUpTo(undefined)).toEqual([whole]);
  });

  test('that ends where an output does is of that one alone', () => {
    const whole = deleted(encodeUtf8('a'), justBehind('c'));
    const { ranges } = new Sieve([], everything, [whole]);
    expect(ranges.takeUpTo(encodeUtf8('c'))).toEqual([whole]);
    expect(ranges.takeUpTo(undefined)).toEqual([]);
  });

  test('hides nothing of its own sequence number, as all of an ingested table has one', () => {
    const sieve = new Sieve([], [], [deleted(encodeUtf8('a'), encodeUtf8('c'))]);
    const [older, same] = ['a', 'b'].map((key, index) => {
      return sieve.sift(encodeUtf8(key), [{ sequence: 4 + index, kind: KIND_PUT }])[0]!;
    });
    expect([isKept(older!.verdict), isKept(same!.verdict)]).toEqual([false, true]);
  });
});

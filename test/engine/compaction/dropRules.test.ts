import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import {
  DROP_SHADOWED,
  DROP_TOMBSTONE,
  DropRules,
  KEEP_FOR_SNAPSHOT,
  KEEP_NEWEST,
  KEEP_TOMBSTONE,
} from '../../../src/engine/compaction/dropRules.ts';
import type { Verdict } from '../../../src/engine/compaction/dropRules.ts';
import { SnapshotStripes } from '../../../src/engine/compaction/snapshotStripes.ts';
import { table } from '../tableFixture.ts';

/** A version of a key: its sequence number, and whether it is a tombstone. */
type Version = readonly [number, 'put' | 'delete'];

function verdicts(rules: DropRules, key: string, versions: readonly Version[]): Verdict[] {
  const bytes = encodeUtf8(key);
  rules.beginKey();
  return versions.map(([sequence, kind]) =>
    rules.decide(bytes, 0, bytes.length, sequence, kind === 'delete'),
  );
}

const below = [
  { level: 3, run: { run: 0, tables: [table(1, 'c', 'e'), table(2, 'm', 'p')] } },
  { level: 4, run: { run: 0, tables: [table(3, 'a', 'd')] } },
];

describe('shadowed versions', () => {
  test('go when no snapshot lies between', () => {
    const rules = new DropRules(new SnapshotStripes([]), []);
    expect(
      verdicts(rules, 'a', [
        [9, 'put'],
        [7, 'put'],
        [3, 'put'],
      ]),
    ).toEqual([KEEP_NEWEST, DROP_SHADOWED, DROP_SHADOWED]);
    expect(rules.explain(DROP_SHADOWED)).toEqual({ verdict: 'drop', because: 'shadowed', by: 7 });
  });

  test('stay for the snapshot that sees them, at its exact sequence number', () => {
    const three: Version[] = [
      [9, 'put'],
      [7, 'put'],
      [3, 'put'],
    ];
    const of = (...snapshots: number[]): Verdict[] =>
      verdicts(new DropRules(new SnapshotStripes(snapshots), []), 'a', three);
    expect(of(9)).toEqual([KEEP_NEWEST, DROP_SHADOWED, DROP_SHADOWED]);
    expect(of(8)).toEqual([KEEP_NEWEST, KEEP_FOR_SNAPSHOT, DROP_SHADOWED]);
    expect(of(7)).toEqual([KEEP_NEWEST, KEEP_FOR_SNAPSHOT, DROP_SHADOWED]);
    expect(of(6)).toEqual([KEEP_NEWEST, DROP_SHADOWED, KEEP_FOR_SNAPSHOT]);
    expect(of(3)).toEqual([KEEP_NEWEST, DROP_SHADOWED, KEEP_FOR_SNAPSHOT]);
    expect(of(2)).toEqual([KEEP_NEWEST, DROP_SHADOWED, DROP_SHADOWED]);
    expect(of(3, 8)).toEqual([KEEP_NEWEST, KEEP_FOR_SNAPSHOT, KEEP_FOR_SNAPSHOT]);
  });

  test('are judged key by key', () => {
    const rules = new DropRules(new SnapshotStripes([]), []);
    expect(verdicts(rules, 'a', [[9, 'put']])).toEqual([KEEP_NEWEST]);
    expect(verdicts(rules, 'b', [[3, 'put']])).toEqual([KEEP_NEWEST]);
  });
});

describe('tombstones', () => {
  test('go where nothing lies below, with all that they hide', () => {
    const rules = new DropRules(new SnapshotStripes([]), below);
    expect(
      verdicts(rules, 'f', [
        [9, 'delete'],
        [7, 'put'],
      ]),
    ).toEqual([DROP_TOMBSTONE, DROP_SHADOWED]);
    expect(verdicts(rules, 'q', [[9, 'delete']])).toEqual([DROP_TOMBSTONE]);
  });

  test('stay where a table below may hold the key, both ends included', () => {
    const rules = new DropRules(new SnapshotStripes([]), below);
    const levels = ['a', 'c', 'd', 'e', 'm', 'p'].map((key) => {
      expect(verdicts(rules, key, [[9, 'delete']])).toEqual([KEEP_TOMBSTONE]);
      const decision = rules.explain(KEEP_TOMBSTONE);
      return 'level' in decision ? decision.level : undefined;
    });
    expect(levels).toEqual([4, 3, 3, 3, 3, 3]);
  });

  test('stay while an older snapshot keeps what they hide', () => {
    const of = (snapshot: number): Verdict[] =>
      verdicts(new DropRules(new SnapshotStripes([snapshot]), []), 'f', [
        [9, 'delete'],
        [7, 'put'],
      ]);
    expect(of(8)).toEqual([KEEP_FOR_SNAPSHOT, KEEP_FOR_SNAPSHOT]);
    expect(of(9)).toEqual([DROP_TOMBSTONE, DROP_SHADOWED]);
  });

  test('between newer and older versions go by the same rules', () => {
    const versions: Version[] = [
      [9, 'put'],
      [7, 'delete'],
      [3, 'put'],
    ];
    const of = (...snapshots: number[]): Verdict[] =>
      verdicts(new DropRules(new SnapshotStripes(snapshots), []), 'f', versions);
    expect(of()).toEqual([KEEP_NEWEST, DROP_SHADOWED, DROP_SHADOWED]);
    expect(of(7)).toEqual([KEEP_NEWEST, DROP_TOMBSTONE, DROP_SHADOWED]);
    expect(of(3, 7)).toEqual([KEEP_NEWEST, KEEP_FOR_SNAPSHOT, KEEP_FOR_SNAPSHOT]);
  });
});

describe('whatever the history', () => {
  /** What a reader at `sequence` gets: the sequence number of the put it sees, or absent. */
  function read(versions: readonly Version[], sequence: number): number | undefined {
    const seen = versions.find(([version]) => version <= sequence);
    return seen?.[1] === 'put' ? seen[0] : undefined;
  }

  test('no reader sees a difference, and nothing needless is kept', () => {
    const history = fc
      .uniqueArray(fc.nat({ max: 30 }), { maxLength: 12 })
      .map((numbers) => numbers.sort((left, right) => right - left))
      .chain((numbers) =>
        fc.tuple(
          ...numbers.map((sequence) =>
            fc.constantFrom('put', 'delete').map((kind) => [sequence, kind] as Version),
          ),
        ),
      );
    const snapshots = fc
      .array(fc.nat({ max: 31 }), { maxLength: 4 })
      .map((list) => list.sort((left, right) => left - right));
    fc.assert(
      fc.property(history, snapshots, fc.nat({ max: 12 }), (versions, alive, split) => {
        // The newest `split` versions are merged; the others lie in a table below.
        const merged = versions.slice(0, split);
        const older = versions.slice(split);
        const runs =
          older.length > 0 ? [{ level: 2, run: { run: 0, tables: [table(1, 'k', 'k')] } }] : [];
        const found = verdicts(new DropRules(new SnapshotStripes(alive), runs), 'k', merged);
        const kept = merged.filter((_, index) => found[index]! < DROP_SHADOWED);
        for (const sequence of [...alive, 40]) {
          expect(read([...kept, ...older], sequence)).toBe(read(versions, sequence));
        }
        expect(kept.length).toBeLessThanOrEqual(new Set(alive).size + 1);
      }),
      { numRuns: 2000 },
    );
  });
});

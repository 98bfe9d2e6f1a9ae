import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import {
  DROP_EXPIRED,
  DROP_NEEDLESS,
  DROP_SHADOWED,
  DROP_TOMBSTONE,
  isKept,
  KEEP_FOR_SNAPSHOT,
  KEEP_NEWEST,
  KEEP_OVER_KEPT,
  KEEP_TOMBSTONE,
} from '../../../src/engine/compaction/dropRules.ts';
import type { Verdict } from '../../../src/engine/compaction/dropRules.ts';
import { KIND_DELETE, KIND_PUT } from '../../../src/engine/entryKind.ts';
import { table } from '../tableFixture.ts';
import { Sieve } from './sieve.ts';
import type { Outcome } from './sieve.ts';

/** A version of a key: its sequence number, and whether it is a tombstone. */
type Version = readonly [number, 'put' | 'delete'];

function outcomes(sieve: Sieve, key: string, versions: readonly Version[]): Outcome[] {
  const sieved = versions.map(([sequence, kind]) => {
    return { sequence, kind: kind === 'put' ? KIND_PUT : KIND_DELETE };
  });
  return sieve.sift(encodeUtf8(key), sieved);
}

function verdicts(sieve: Sieve, key: string, versions: readonly Version[]): Verdict[] {
  return outcomes(sieve, key, versions).map(({ verdict }) => verdict);
}

const below = [
  { level: 3, run: { run: 0, tables: [table(1, 'c', 'e'), table(2, 'm', 'p')] } },
  { level: 4, run: { run: 0, tables: [table(3, 'a', 'd')] } },
];

describe('shadowed versions', () => {
  test('go when no snapshot lies between', () => {
    const sieve = new Sieve([], []);
    const all = outcomes(sieve, 'a', [
      [9, 'put'],
      [7, 'put'],
      [3, 'put'],
    ]);
    expect(all.map(({ verdict }) => verdict)).toEqual([KEEP_NEWEST, DROP_SHADOWED, DROP_SHADOWED]);
    expect(all[2]!.decision).toEqual({ verdict: 'drop', because: 'shadowed', by: 7 });
  });

  test('stay for the snapshot that sees them, at its exact sequence number', () => {
    const three: Version[] = [
      [9, 'put'],
      [7, 'put'],
      [3, 'put'],
    ];
    const of = (...snapshots: number[]): Verdict[] =>
      verdicts(new Sieve(snapshots, []), 'a', three);
    expect(of(9)).toEqual([KEEP_NEWEST, DROP_SHADOWED, DROP_SHADOWED]);
    expect(of(8)).toEqual([KEEP_NEWEST, KEEP_FOR_SNAPSHOT, DROP_SHADOWED]);
    expect(of(7)).toEqual([KEEP_NEWEST, KEEP_FOR_SNAPSHOT, DROP_SHADOWED]);
    expect(of(6)).toEqual([KEEP_NEWEST, DROP_SHADOWED, KEEP_FOR_SNAPSHOT]);
    expect(of(3)).toEqual([KEEP_NEWEST, DROP_SHADOWED, KEEP_FOR_SNAPSHOT]);
    expect(of(2)).toEqual([KEEP_NEWEST, DROP_SHADOWED, DROP_SHADOWED]);
    expect(of(3, 8)).toEqual([KEEP_NEWEST, KEEP_FOR_SNAPSHOT, KEEP_FOR_SNAPSHOT]);
  });

  test('are judged key by key', () => {
    const sieve = new Sieve([], []);
    expect(verdicts(sieve, 'a', [[9, 'put']])).toEqual([KEEP_NEWEST]);
    expect(verdicts(sieve, 'b', [[3, 'put']])).toEqual([KEEP_NEWEST]);
  });
});

describe('tombstones', () => {
  test('go where nothing lies below, with all that they hide', () => {
    const sieve = new Sieve([], below);
    expect(
      verdicts(sieve, 'f', [
        [9, 'delete'],
        [7, 'put'],
      ]),
    ).toEqual([DROP_TOMBSTONE, DROP_SHADOWED]);
    expect(verdicts(sieve, 'q', [[9, 'delete']])).toEqual([DROP_TOMBSTONE]);
  });

  test('stay where a table below may hold the key, both ends included', () => {
    const sieve = new Sieve([], below);
    const levels = ['a', 'c', 'd', 'e', 'm', 'p'].map((key) => {
      const [{ verdict, decision }] = outcomes(sieve, key, [[9, 'delete']]) as [Outcome];
      expect(verdict).toBe(KEEP_TOMBSTONE);
      return 'level' in decision ? decision.level : undefined;
    });
    expect(levels).toEqual([4, 3, 3, 3, 3, 3]);
  });

  test('stay while an older snapshot keeps what they hide', () => {
    const of = (snapshot: number): Verdict[] =>
      verdicts(new Sieve([snapshot], []), 'f', [
        [9, 'delete'],
        [7, 'put'],
      ]);
    expect(of(8)).toEqual([KEEP_OVER_KEPT, KEEP_FOR_SNAPSHOT]);
    expect(of(9)).toEqual([DROP_TOMBSTONE, DROP_SHADOWED]);
  });

  test('go where older snapshots see nothing of the key', () => {
    const sieve = new Sieve([3, 5], []);
    expect(verdicts(sieve, 'f', [[9, 'delete']])).toEqual([DROP_TOMBSTONE]);
    expect(
      verdicts(sieve, 'g', [
        [9, 'delete'],
        [7, 'put'],
      ]),
    ).toEqual([DROP_TOMBSTONE, DROP_SHADOWED]);
  });

  test('go where an older one that stays hides all that they do', () => {
    const versions: Version[] = [
      [9, 'delete'],
      [7, 'delete'],
      [3, 'put'],
    ];
    const of = (...snapshots: number[]): Verdict[] =>
      verdicts(new Sieve(snapshots, below), 'c', versions);
    expect(of(7)).toEqual([DROP_NEEDLESS, KEEP_TOMBSTONE, DROP_SHADOWED]);
    expect(of(3, 7)).toEqual([DROP_NEEDLESS, KEEP_OVER_KEPT, KEEP_FOR_SNAPSHOT]);
    expect(of(3)).toEqual([KEEP_OVER_KEPT, DROP_SHADOWED, KEEP_FOR_SNAPSHOT]);
  });

  test('between newer and older versions go by the same rules', () => {
    const versions: Version[] = [
      [9, 'put'],
      [7, 'delete'],
      [3, 'put'],
    ];
    const of = (...snapshots: number[]): Verdict[] =>
      verdicts(new Sieve(snapshots, []), 'f', versions);
    expect(of()).toEqual([KEEP_NEWEST, DROP_SHADOWED, DROP_SHADOWED]);
    expect(of(7)).toEqual([KEEP_NEWEST, DROP_TOMBSTONE, DROP_SHADOWED]);
    expect(of(3, 7)).toEqual([KEEP_NEWEST, KEEP_OVER_KEPT, KEEP_FOR_SNAPSHOT]);
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
        const found = verdicts(new Sieve(alive, runs), 'k', merged);
        const kept = merged.filter((_, index) => isKept(found[index]!));
        for (const sequence of [...alive, 40]) {
          expect(read([...kept, ...older], sequence)).toBe(read(versions, sequence));
        }
        for (const needless of kept) {
          const rest = kept.filter((version) => version !== needless);
          // What lies below is older than all, and may be anything.
          const bases = runs.length > 0 ? [[], [[-1, 'put']] as Version[]] : [[]];
          const isSeen = [...alive, 40].some((sequence) =>
            bases.some(
              (base) => read([...rest, ...base], sequence) !== read([...kept, ...base], sequence),
            ),
          );
          expect(isSeen, `without ${needless.join(' ')}`).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

test('an entry lives to the last microsecond of its time', () => {
  const at = (cutoff: number): Verdict[] =>
    verdicts(new Sieve([], [], [], cutoff), 'a', [[9, 'put']]);
  expect(at(1)).toEqual([KEEP_NEWEST]);
  expect(at(2)).toEqual([DROP_EXPIRED]);
});

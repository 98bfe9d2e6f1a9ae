// What every merge of random programs leaves in the tables, held against the definition of it
// (dropDefinition.ts). A failure prints its seed and the shortest program that shows it.
//
// LSM_LENS_DROP_PROGRAMS says how many programs each strategy gets.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CompactionStrategyName } from '../../../src/engine/compaction/compactionOptions.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import type { Snapshot } from '../../../src/engine/snapshotList.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';
import { EXHAUSTIVE, note } from '../../reliability/effort.ts';
import { bytes, newStore } from '../testStore.ts';
import { problemsOfMerge } from './dropDefinition.ts';
import { MergeRecorder } from './recordedMerges.ts';

const PROGRAMS = Number(process.env['LSM_LENS_DROP_PROGRAMS'] ?? (EXHAUSTIVE ? 600 : 60));

/** One step of a program: what is done, and to what. */
type Step =
  | readonly ['put' | 'delete' | 'merge', key: string]
  /** A put of a key that is not there, or a single delete of one that is. */
  | readonly ['toggle', key: string]
  | readonly ['delete range', from: string, to: string]
  | readonly ['snapshot']
  | readonly ['release', which: number]
  | readonly ['flush']
  | readonly ['compact', from: string, to: string];

const TINY: LsmOptions = {
  memtableSize: 1024,
  blockSize: 128,
  maxL0SSTables: 2,
  levelBaseSize: 2048,
  levelMultiplier: 2,
  maxLevels: 4,
  tierRuns: 2,
  timeWindowSeconds: 3600,
  targetTableSize: 1024,
  maxConcurrentCompactions: 3,
  mergeOperator: 'stringappend',
};

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h');
const onceKey = fc.constantFrom('o1', 'o2', 'o3');
const span = fc
  .tuple(key, fc.constantFrom('b', 'd', 'f', 'h', 'i'))
  .filter(([from, to]) => from < to);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: fc.tuple(fc.constant('put' as const), key) },
  { weight: 6, arbitrary: fc.tuple(fc.constant('delete' as const), key) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('merge' as const), key) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('toggle' as const), onceKey) },
  { weight: 3, arbitrary: span.map(([from, to]) => ['delete range', from, to] as const) },
  { weight: 4, arbitrary: fc.constant(['snapshot'] as const) },
  { weight: 2, arbitrary: fc.tuple(fc.constant('release' as const), fc.nat({ max: 3 })) },
  { weight: 5, arbitrary: fc.constant(['flush'] as const) },
  { weight: 2, arbitrary: span.map(([from, to]) => ['compact', from, to] as const) },
);

/** One program under way. */
class Run {
  private readonly store: Lsm;
  private readonly snapshots: Snapshot[] = [];
  private readonly once = new Set<string>();
  private writes = 0;

  constructor(store: Lsm) {
    this.store = store;
  }

  async do(next: Step): Promise<void> {
    const { store, snapshots, once } = this;
    switch (next[0]) {
      case 'put':
        return store.put(bytes(next[1]), this.value());
      case 'merge':
        return store.merge(bytes(next[1]), this.value());
      case 'delete':
        return store.delete(bytes(next[1]));
      case 'toggle':
        if (once.delete(next[1])) return store.singleDelete(bytes(next[1]));
        once.add(next[1]);
        return store.put(bytes(next[1]), this.value());
      case 'delete range':
        return store.deleteRange(bytes(next[1]), bytes(next[2]));
      case 'snapshot':
        snapshots.push(store.snapshot());
        return;
      case 'release':
        snapshots.splice(next[1], 1)[0]?.release();
        return;
      case 'flush':
        await store.flush();
        return store.waitForIdle();
      case 'compact':
        return store.compactRange({ from: bytes(next[1]), to: bytes(next[2]) });
    }
  }

  /** Of some length, so that tables fill, and no two alike. */
  private value(): Uint8Array {
    return bytes(`v${++this.writes}`.padEnd(60, '.'));
  }
}

test.each<CompactionStrategyName>(['leveled', 'size-tiered', 'lazy-leveled', 'time-window'])(
  'merges of a %s store leave exactly what somebody needs',
  { timeout: 3_600_000 },
  async (compaction) => {
    let merges = 0;
    const program = fc.array(step, { minLength: 10, maxLength: 120, size: 'max' });
    await fc.assert(
      fc.asyncProperty(program, async (steps) => {
        const disk = new SimulatedDisk();
        const recorder = new MergeRecorder(disk);
        const { store } = await newStore({ ...TINY, compaction, events: recorder.sink }, disk);
        recorder.watch(store);
        const run = new Run(store);
        for (const next of steps) await run.do(next);
        await store.compactRange();
        await store.close();
        for (const merge of recorder.merges) expect(problemsOfMerge(merge)).toEqual([]);
        merges += recorder.merges.length;
      }),
      { numRuns: PROGRAMS },
    );
    note(`${merges} merges of ${PROGRAMS} ${compaction} programs left exactly what is needed`);
    expect(merges).toBeGreaterThan(PROGRAMS);
  },
);

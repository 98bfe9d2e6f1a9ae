// Every strategy, from any tables and with any other compactions under way: its plans may begin,
// none turns versions around whatever order they end in, each brings the tables nearer to rest, and
// there is a rest.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { COMPACTION_STRATEGIES } from '../../../src/engine/compaction/compactionOptions.ts';
import { problemOfPlan } from '../../../src/engine/compaction/planCheck.ts';
import type { BottommostLevel, CompactionPlan } from '../../../src/engine/compaction/strategy.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import { KEYS, PaperStore } from './paperStore.ts';

const RUNS = 150;

type Step =
  | { readonly kind: 'flush'; readonly keys: readonly string[]; readonly removes: number }
  | { readonly kind: 'begin' }
  | { readonly kind: 'end'; readonly index: number }
  | { readonly kind: 'pass'; readonly seconds: number }
  | {
      readonly kind: 'compact';
      readonly range: readonly string[];
      readonly targetLevel: number | undefined;
      readonly bottommostLevel: BottommostLevel;
      readonly keys: readonly string[];
    }
  | { readonly kind: 'switch'; readonly options: LsmOptions };

const options: fc.Arbitrary<LsmOptions> = fc.record({
  compaction: fc.constantFrom(...COMPACTION_STRATEGIES),
  memtableSize: fc.constantFrom(1024, 4096),
  maxL0SSTables: fc.integer({ min: 1, max: 4 }),
  levelBaseSize: fc.constantFrom(1024, 3000),
  levelMultiplier: fc.integer({ min: 2, max: 4 }),
  maxLevels: fc.constant(5),
  dynamicLevelBytes: fc.boolean(),
  compactionPicking: fc.constantFrom('round-robin', 'least-overlap'),
  tierRuns: fc.integer({ min: 2, max: 4 }),
  minMergeWidth: fc.integer({ min: 2, max: 3 }),
  maxMergeWidth: fc.integer({ min: 3, max: 5 }),
  sizeRatioPercent: fc.constantFrom(0, 1, 100),
  maxSizeAmplificationPercent: fc.constantFrom(25, 200, 1000),
  scalingParameters: fc.constantFrom('T4', 'L4', 'N', 'T2,L3', 'L3,T3', 'T3,N,L10'),
  fifoMaxSize: fc.constantFrom(2048, 8192),
  fifoTtlSeconds: fc.constantFrom(0, 100),
  timeWindowSeconds: fc.constantFrom(10, 60),
  timeWindowTtlSeconds: fc.constantFrom(0, 100),
  targetTableSize: fc.constantFrom(1024, 2048),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('flush' as const),
      keys: fc.array(fc.constantFrom(...KEYS), { minLength: 1, maxLength: 30 }),
      removes: fc.nat({ max: 6 }),
    }),
  },
  { weight: 6, arbitrary: fc.constant({ kind: 'begin' as const }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('end' as const), index: fc.nat(3) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pass' as const), seconds: fc.nat({ max: 70 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('compact' as const),
      range: fc.array(fc.constantFrom(...KEYS), { minLength: 2, maxLength: 2 }),
      targetLevel: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      bottommostLevel: fc.constantFrom('skip', 'if-needed', 'force'),
      keys: fc.array(fc.constantFrom(...KEYS), { maxLength: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('switch' as const), options }) },
);

/** Begins what the strategy wants now, if anything. */
function begin(store: PaperStore): boolean {
  const plan = store.decide();
  if (plan === undefined) return false;
  expectSound(store, plan);
  store.begin(plan);
  return true;
}

function expectSound(store: PaperStore, plan: CompactionPlan): void {
  const { version, running } = store.context;
  expect(problemOfPlan(plan, version, running)).toBeUndefined();
}

function take(store: PaperStore, { ...step }: Step): void {
  switch (step.kind) {
    case 'flush':
      return store.flush(step.keys, (key) => key.charCodeAt(2) % 7 < step.removes);
    case 'begin':
      return void begin(store);
    case 'end':
      if (step.index < store.running.length) store.end(step.index);
      return;
    case 'pass':
      store.now += step.seconds * 1e6;
      return;
    case 'compact': {
      endAll(store);
      const [from, to] = step.range.toSorted().map(encodeUtf8);
      const { targetLevel, bottommostLevel } = step;
      const how = { from, to, targetLevel, bottommostLevel };
      return store.compact(how, step.keys, (plan) => expectSound(store, plan));
    }
    case 'switch':
      // Only a store that is opened again has other options.
      endAll(store);
      return store.use(step.options);
  }
}

function endAll(store: PaperStore): void {
  while (store.running.length > 0) store.end(0);
}

/** Compactions one after the other until nothing is due: each must bring the tables nearer. */
function settle(store: PaperStore): number {
  endAll(store);
  const most = 20 * (store.tableCount + 1) * store.family.levels.length;
  let count = 0;
  for (; count <= most; count++) {
    const { height, runCount } = store;
    if (!begin(store)) return count;
    store.end(0);
    // Either something lies deeper or is gone, or in one level there are fewer runs.
    const nearer = store.height < height || (store.height === height && store.runCount < runCount);
    expect(nearer, `height ${height}, runs ${runCount}`).toBe(true);
  }
  throw new Error(`no rest after ${most} compactions`);
}

describe.each(COMPACTION_STRATEGIES)('a %s store', (compaction) => {
  test('plans only what may begin, and comes to rest', () => {
    let compactions = 0;
    fc.assert(
      fc.property(options, fc.array(step, { maxLength: 60, size: 'max' }), (chosen, steps) => {
        const store = new PaperStore({ ...chosen, compaction });
        for (const each of steps) take(store, each);
        compactions += settle(store);
      }),
      { numRuns: RUNS },
    );
    expect(compactions).toBeGreaterThan(RUNS / 4);
  });
});

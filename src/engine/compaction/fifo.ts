// First in, first out: tables stay as they were flushed, and the oldest are dropped when all
// together exceed fifoMaxSize, or when their newest entry is older than fifoTtlSeconds. For caches
// and logs of events: nothing is ever rewritten, and old data goes without being asked.
//
// What is dropped is gone, whoever reads at an older snapshot included; only an open iterator
// keeps its tables. RocksDB's FIFO style is of this kind.

import type { LevelTarget } from '../../protocol/events.ts';
import { sizeOf } from '../manifest/version.ts';
import type { FamilyVersion } from '../manifest/version.ts';
import type { ResolvedOptions } from '../options.ts';
import { ageCase, expiredTables, planDrop, tablesAbove, tablesByAge } from './ageDrops.ts';
import { runsByAge } from './runsByAge.ts';
import { conflicts } from './strategy.ts';
import type {
  CompactionPlan,
  CompactionStrategy,
  ManualProgress,
  ManualStep,
  StrategyContext,
  StrategyDecision,
} from './strategy.ts';

export const fifo: CompactionStrategy = {
  name: 'fifo',
  targets,
  decide,
  manualStep,
  // Many tables are what it is for, and nothing is ever merged: writers never wait.
  backlog: () => ({ level0Runs: 0, pendingBytes: 0 }),
  manualLevel: () => 0,
  hasLevels: false,
};

/** Each level's share of the one limit that all tables have together. */
function targets(version: FamilyVersion, { fifoMaxSize }: ResolvedOptions): LevelTarget[] {
  return version.levels.map(({ level, sizeBytes }) => ({
    level,
    score: sizeBytes / fifoMaxSize,
    measure: 'bytes',
    limit: fifoMaxSize,
  }));
}

function decide({ version, options, running, nowMicros }: StrategyContext): StrategyDecision {
  const { fifoMaxSize, fifoTtlSeconds } = options;
  const tables = tablesByAge(runsByAge(version));
  const age = ageCase(tables[0], fifoTtlSeconds, nowMicros);
  const value = sizeOf(tables.map(({ table }) => table));
  const score = value / fifoMaxSize;
  const measured = { measure: 'bytes', value, limit: fifoMaxSize } as const;
  const size = { level: 0, subject: 'all tables', score, ...measured };
  const before = fifoTtlSeconds === 0 ? -Infinity : nowMicros - fifoTtlSeconds * 1e6;
  const expired = expiredTables(tables, before);
  const surplus = tablesAbove(tables, fifoMaxSize);
  let plan: CompactionPlan | undefined;
  if (expired.length > 0) plan = planDrop(version, expired, 'expired');
  else if (surplus.length > 0) plan = planDrop(version, surplus, 'size-limit');
  const busy = plan !== undefined && conflicts(plan, running);
  const chosen = plan === undefined || busy ? undefined : plan.reason;
  const idle = busy ? 'inputs-busy' : 'score-below-1';
  return {
    plan: busy ? undefined : plan,
    candidates: [
      { ...age, chosen: chosen === 'expired', why: chosen === 'expired' ? 'expired' : idle },
      {
        ...size,
        chosen: chosen === 'size-limit',
        why: chosen === 'size-limit' ? 'over-the-limit' : sizeWhy(chosen, surplus.length > 0, idle),
      },
    ],
  };
}

function sizeWhy(chosen: string | undefined, isDue: boolean, idle: string): string {
  return chosen === 'expired' && isDue ? 'another-rule-first' : idle;
}

/** By hand: what is due is dropped, nothing is merged. */
function manualStep(context: StrategyContext, progress: ManualProgress): ManualStep | undefined {
  const { plan } = decide(context);
  return plan === undefined ? undefined : { plan, next: progress };
}

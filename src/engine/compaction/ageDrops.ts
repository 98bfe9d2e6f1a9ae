// Dropping whole tables by age: nothing is read or written, one manifest edit takes them away.
//
// For every key the older versions must go before the newer ones: were a tombstone dropped before
// what it hides, that would come back. So the tables stand in one order, the oldest run first, and
// only a beginning of that order is ever dropped.

import type { CompactionCandidate, TableInfo } from '../../protocol/events.ts';
import { sizeOf } from '../manifest/version.ts';
import type { FamilyVersion } from '../manifest/version.ts';
import { byLevel } from './runsByAge.ts';
import type { AgedRun } from './runsByAge.ts';
import type { CompactionPlan } from './strategy.ts';

/** A table at its place. */
interface PlacedTable {
  readonly run: AgedRun;
  readonly table: TableInfo;
}

/** Every table, oldest run first, within a run by the age of its newest entry. */
export function tablesByAge(newestFirst: readonly AgedRun[]): PlacedTable[] {
  return newestFirst
    .toReversed()
    .flatMap((run) =>
      run.tables
        .toSorted((left, right) => left.largestTimestampMicros - right.largestTimestampMicros)
        .map((table) => ({ run, table })),
    );
}

/** The beginning of the order in which no table has an entry from `beforeMicros` on. */
export function expiredTables(
  oldestFirst: readonly PlacedTable[],
  beforeMicros: number,
): PlacedTable[] {
  const end = oldestFirst.findIndex(({ table }) => table.largestTimestampMicros >= beforeMicros);
  return end === -1 ? [...oldestFirst] : oldestFirst.slice(0, end);
}

/** The tables at the beginning of the order that must go for the others to fit. */
export function tablesAbove(
  oldestFirst: readonly PlacedTable[],
  limitBytes: number,
): PlacedTable[] {
  let bytes = sizeOf(oldestFirst.map(({ table }) => table));
  let count = 0;
  // The newest table stays: a limit below one table's size must not swallow what is written.
  while (bytes > limitBytes && count < oldestFirst.length - 1) {
    bytes -= oldestFirst[count]!.table.sizeBytes;
    count++;
  }
  return oldestFirst.slice(0, count);
}

/** The case of a time to live: the age of the oldest table's newest entry against it. */
export function ageCase(
  oldest: PlacedTable | undefined,
  ttlSeconds: number,
  nowMicros: number,
): Omit<CompactionCandidate, 'chosen' | 'why'> {
  const ageMicros = oldest === undefined ? 0 : nowMicros - oldest.table.largestTimestampMicros;
  const value = Math.max(0, Math.floor(ageMicros / 1e6));
  const score = ttlSeconds === 0 ? 0 : value / ttlSeconds;
  const level = oldest?.run.level ?? 0;
  return { level, subject: 'oldest table', score, measure: 'seconds', value, limit: ttlSeconds };
}

/** Takes tables away. */
export function planDrop(
  version: FamilyVersion,
  dropped: readonly PlacedTable[],
  reason: CompactionPlan['reason'],
): CompactionPlan {
  const runs = dropped.map(({ run, table }) => ({ ...run, tables: [table] }));
  const inputs = byLevel(runs.toSorted((left, right) => left.level - right.level));
  return {
    family: version.family,
    reason,
    inputs,
    outputLevel: inputs.at(-1)!.level,
    outputRun: 0,
    manner: 'drop',
    cursor: undefined,
  };
}

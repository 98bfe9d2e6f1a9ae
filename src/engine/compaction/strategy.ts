// What every compaction strategy answers: given which tables there are and which are being merged
// already, what should be merged next, and why. A strategy is pure: no disk, no clock, no memory of
// its own. Whatever it must remember (how far a level's round has come) it hands back with the plan
// and is given again.

import { compareBytes } from '../../base/bytes.ts';
import type {
  CompactionCandidate,
  CompactionInput,
  CompactionReason,
  FileNumber,
  LevelTarget,
  TableInfo,
} from '../../protocol/events.ts';
import { coverOf, overlappingInLevel } from '../manifest/version.ts';
import type { FamilyVersion, KeyRange } from '../manifest/version.ts';
import { compressionOfLevel } from '../options.ts';
import type { ResolvedOptions } from '../options.ts';

/** Tables that one level gives to a compaction, in reading order. */
export interface LevelTables {
  readonly level: number;
  readonly tables: readonly TableInfo[];
}

/** One compaction, decided but not begun. */
export interface CompactionPlan {
  readonly family: number;
  readonly reason: CompactionReason;
  /** Shallowest level first; every level has at least one table. */
  readonly inputs: readonly LevelTables[];
  readonly outputLevel: number;
  /** The run that the output tables belong to. */
  readonly outputRun: number;
  /**
   * `move`: the input changes its level by a manifest edit alone; `drop`: the inputs leave the
   * store, and nothing takes their place.
   */
  readonly manner: 'merge' | 'move' | 'drop';
  /** Where the input level's next round begins, after this plan. */
  readonly cursor: LevelCursor | undefined;
}

/** How far the round through a level's key space has come: the largest key compacted last. */
export interface LevelCursor {
  readonly level: number;
  readonly key: Uint8Array;
}

/** A compaction under way: its inputs are taken, and so is its output's key range. */
export interface RunningCompaction {
  readonly family: number;
  readonly files: ReadonlySet<FileNumber>;
  readonly outputLevel: number;
  readonly range: { readonly from: Uint8Array; readonly to: Uint8Array };
}

/** Everything a strategy may look at. */
export interface StrategyContext {
  readonly version: FamilyVersion;
  readonly options: ResolvedOptions;
  /** Those of the same family. */
  readonly running: readonly RunningCompaction[];
  /** By level. */
  readonly cursors: ReadonlyMap<number, Uint8Array>;
  /** Wall clock: only what is dropped by its age asks for it. */
  readonly nowMicros: number;
}

/** What speaks for compacting a level, before it is decided. */
export interface LevelCase<M extends CompactionCandidate['measure']> extends Omit<
  CompactionCandidate,
  'chosen' | 'why' | 'measure'
> {
  readonly measure: M;
}

/** How far a family is behind its strategy. */
export interface CompactionBacklog {
  /** Runs of level 0 that wait to be merged. */
  readonly level0Runs: number;
  /** Bytes that must be rewritten until nothing is due, estimated; 0 when nothing is. */
  readonly pendingBytes: number;
}

/** Every level's case, and the compaction to run now, if any is due and possible. */
export interface StrategyDecision {
  readonly candidates: readonly CompactionCandidate[];
  readonly plan: CompactionPlan | undefined;
}

/**
 * What a manual compaction does about tables that lie at its deepest level already: leaves them,
 * rewrites those that have something to lose by it (deletes, or a compression that the options no
 * longer say), or all. (RocksDB's bottommost_level_compaction.)
 */
export type BottommostLevel = 'skip' | 'if-needed' | 'force';

/** A manual compaction as far as it has come. */
export interface ManualProgress {
  readonly range: KeyRange;
  /** The level whose tables go down next. */
  readonly level: number;
  /** The level at which it ends. */
  readonly deepestLevel: number;
  readonly bottommostLevel: BottommostLevel;
  /** Keys up to here were done on this level. */
  readonly doneTo: Uint8Array | undefined;
  /** Tables numbered below this were there before it began. */
  readonly firstOwnFile: FileNumber;
}

/** One step of a manual compaction, and where it stands after that step. */
export interface ManualStep {
  readonly plan: CompactionPlan;
  readonly next: ManualProgress;
}

/** A way of arranging tables. */
export interface CompactionStrategy {
  readonly name: ResolvedOptions['compaction'];
  /** How full each level is, index = level. */
  targets(version: FamilyVersion, options: ResolvedOptions): LevelTarget[];
  decide(context: StrategyContext): StrategyDecision;
  /** The next step of a manual compaction; `undefined` when it is done. */
  manualStep(context: StrategyContext, progress: ManualProgress): ManualStep | undefined;
  /** What writers are held back by. Costs a look at every table: once for each version. */
  backlog(version: FamilyVersion, options: ResolvedOptions): CompactionBacklog;
  /** The shallowest level in which a manual compaction may end. */
  manualLevel(version: FamilyVersion, options: ResolvedOptions): number;
  /** Whether a manual compaction may be told where to end. */
  readonly hasLevels: boolean;
}

/** Every table a plan takes in. */
export function inputTables(plan: CompactionPlan): TableInfo[] {
  return plan.inputs.flatMap((input) => input.tables);
}

/** A plan's inputs by number, as events name them. */
export function inputFiles(plan: CompactionPlan): CompactionInput[] {
  return plan.inputs.map(({ level, tables }) => ({
    level,
    files: tables.map((table) => table.file),
  }));
}

/** The range of keys that a plan reads and therefore writes. */
export function rangeOf(plan: CompactionPlan): { from: Uint8Array; to: Uint8Array } {
  return coverOf(inputTables(plan));
}

/** Whether a plan must wait: an input is taken, or a running one writes into its output range. */
export function conflicts(plan: CompactionPlan, running: readonly RunningCompaction[]): boolean {
  if (running.length === 0) return false;
  const tables = inputTables(plan);
  const { from, to } = coverOf(tables);
  return running.some(
    (other) =>
      tables.some((table) => other.files.has(table.file)) ||
      (plan.manner !== 'drop' &&
        other.outputLevel === plan.outputLevel &&
        compareBytes(other.range.from, to) <= 0 &&
        compareBytes(from, other.range.to) <= 0),
  );
}

/**
 * Whether tables that would only change their level hold tombstones and have nothing left to hide
 * below it: they are rewritten without them instead.
 */
export function hidesNothing(
  tables: readonly TableInfo[],
  outputLevel: number,
  version: FamilyVersion,
): boolean {
  return tables.some(
    (table) =>
      table.tombstones + table.rangeDeletes > 0 &&
      version.levels
        .slice(outputLevel + 1)
        .every((level) => overlappingInLevel(level, coverOf([table])).length === 0),
  );
}

/** Whether a table at the end of a manual compaction is to be rewritten where it lies. */
export function isToBeRewritten(
  table: TableInfo,
  level: number,
  { bottommostLevel }: ManualProgress,
  options: ResolvedOptions,
): boolean {
  if (bottommostLevel !== 'if-needed') return bottommostLevel === 'force';
  const deletes = table.tombstones + table.rangeDeletes;
  return deletes > 0 || table.compression !== compressionOfLevel(options, level);
}

/** The candidates with one of them marked as chosen (or none), and each told why. */
export function withVerdicts(
  scored: readonly Omit<CompactionCandidate, 'chosen' | 'why'>[],
  chosenLevel: number | undefined,
  busyLevels: ReadonlySet<number>,
): CompactionCandidate[] {
  return scored.map((candidate) => {
    const chosen = candidate.level === chosenLevel;
    let why = 'lower-score';
    if (chosen) why = 'highest-score';
    else if (busyLevels.has(candidate.level)) why = 'inputs-busy';
    else if (candidate.score < 1) why = 'score-below-1';
    return { ...candidate, chosen, why };
  });
}

// A store on paper: tables whose entries are lists of versions in memory, so that thousands of
// compactions can be planned, begun side by side, ended in any order and looked into, without a
// file. Its merge is as simple as can be, and is not the engine's.

import { expect } from 'vitest';
import { strategyNamed } from '../../../src/engine/compaction/strategies.ts';
import { inputTables, rangeOf } from '../../../src/engine/compaction/strategy.ts';
import type {
  CompactionPlan,
  ManualProgress,
  RunningCompaction,
  StrategyContext,
} from '../../../src/engine/compaction/strategy.ts';
import {
  applyEdit,
  emptyVersion,
  familyOf,
  overlappingInLevel,
  tablesOfLevel,
  withLevels,
} from '../../../src/engine/manifest/version.ts';
import type { FamilyVersion, KeyRange, Version } from '../../../src/engine/manifest/version.ts';
import { EMPTY_EDIT } from '../../../src/engine/manifest/versionEdit.ts';
import { resolveOptions } from '../../../src/engine/options.ts';
import type { LsmOptions, ResolvedOptions } from '../../../src/engine/options.ts';
import type { TableInfo } from '../../../src/protocol/events.ts';
import { table } from '../tableFixture.ts';

/** One version of a key. */
export interface PaperEntry {
  readonly key: string;
  readonly sequence: number;
  readonly isTombstone: boolean;
}

interface Running {
  readonly plan: CompactionPlan;
  readonly seen: RunningCompaction;
}

const ENTRY_BYTES = 100;

/** Tables, a strategy, and the compactions under way. */
export class PaperStore {
  /** Microseconds. */
  now = 1_700_000_000_000_000;
  readonly running: Running[] = [];
  private options!: ResolvedOptions;
  private version: Version = emptyVersion();
  private readonly cursors = new Map<number, Uint8Array>();
  private readonly entries = new Map<number, readonly PaperEntry[]>();
  private lastFile = 0;
  private lastSequence = 0;

  constructor(options: LsmOptions) {
    this.use(options);
  }

  /** From now on another strategy, or other figures. */
  use(options: LsmOptions): void {
    this.options = resolveOptions(options);
    const levels = this.options.maxLevels;
    this.version = {
      families: this.version.families.map((family) => withLevels(family, levels)),
    };
  }

  get family(): FamilyVersion {
    return familyOf(this.version, 0);
  }

  get context(): StrategyContext {
    return {
      version: this.family,
      options: this.options,
      running: this.running.map(({ seen }) => seen),
      cursors: this.cursors,
      nowMicros: this.now,
    };
  }

  /** A table of level 0 with a new version of each key. */
  flush(keys: readonly string[], isTombstone: (key: string) => boolean): void {
    const entries = [...new Set(keys)].sort().map((key): PaperEntry => ({
      key,
      sequence: ++this.lastSequence,
      isTombstone: isTombstone(key),
    }));
    const file = ++this.lastFile;
    this.apply([{ level: 0, table: this.tableOf(file, file, entries) }], []);
  }

  /** What the strategy wants next. */
  decide(): CompactionPlan | undefined {
    return strategyNamed(this.options.compaction).decide(this.context).plan;
  }

  begin(plan: CompactionPlan): void {
    const files = new Set(inputTables(plan).map(({ file }) => file));
    const { family, outputLevel } = plan;
    this.running.push({ plan, seen: { family, files, outputLevel, range: rangeOf(plan) } });
  }

  /** The whole way of a compaction by hand, with a flush before each step. */
  compact(
    {
      targetLevel,
      bottommostLevel,
      ...range
    }: KeyRange &
      Pick<ManualProgress, 'bottommostLevel'> & { readonly targetLevel: number | undefined },
    keys: readonly string[],
    check: (plan: CompactionPlan) => void,
  ): void {
    const strategy = strategyNamed(this.options.compaction);
    const holding = this.family.levels.filter(
      (level) => overlappingInLevel(level, range).length > 0,
    );
    const least = strategy.manualLevel(this.family, this.options);
    const deepestLevel = targetLevel ?? Math.max(least, holding.at(-1)?.level ?? 0);
    const firstOwnFile = ++this.lastFile;
    const doneTo = undefined;
    const end = { deepestLevel, bottommostLevel };
    let progress: ManualProgress = { range, level: 0, ...end, doneTo, firstOwnFile };
    const most = 4 * (this.tableCount + 2) * this.family.levels.length;
    for (let steps = 0; steps <= most; steps++) {
      const key = keys[steps];
      if (key !== undefined) this.flush([key], () => false);
      const step = strategy.manualStep(this.context, progress);
      if (step === undefined) return;
      check(step.plan);
      this.begin(step.plan);
      this.end(0);
      progress = step.next;
    }
    throw new Error(`a compaction by hand took more than ${most} steps`);
  }

  /** Ends one of those under way. */
  end(index: number): void {
    const [{ plan }] = this.running.splice(index, 1) as [Running];
    const { outputLevel: level, outputRun: run, cursor } = plan;
    const inputs = inputTables(plan);
    let outputs: TableInfo[] = [];
    if (plan.manner === 'move') outputs = inputs.map((input) => ({ ...input, run }));
    if (plan.manner === 'merge') outputs = this.merge(plan);
    const removed = plan.inputs.flatMap((input) =>
      input.tables.map(({ file }) => ({ level: input.level, file })),
    );
    this.apply(
      outputs.map((output) => ({ level, table: output })),
      removed,
    );
    if (cursor !== undefined) this.cursors.set(cursor.level, cursor.key);
    expect(this.problemsOfOrder()).toEqual([]);
  }

  /** Bytes, each counted once for every level above the last that it is not in. */
  get height(): number {
    const { levels } = this.family;
    return levels.reduce(
      (sum, { level, sizeBytes }) => sum + (levels.length - level) * sizeBytes,
      0,
    );
  }

  get runCount(): number {
    return this.family.levels.reduce((sum, { runs }) => sum + runs.length, 0);
  }

  get tableCount(): number {
    return this.family.levels.reduce((sum, { tableCount }) => sum + tableCount, 0);
  }

  /** Each key's versions must become older on a reader's way. */
  private problemsOfOrder(): string[] {
    const problems: string[] = [];
    const last = new Map<string, number>();
    for (const { level, runs } of this.family.levels) {
      for (const { tables } of runs) {
        for (const { key, sequence } of tables.flatMap(({ file }) => this.entries.get(file)!)) {
          const newer = last.get(key) ?? Infinity;
          if (sequence >= newer) problems.push(`${key} #${sequence} in level ${level}`);
          last.set(key, sequence);
        }
      }
    }
    return problems;
  }

  /** The newest version of each key; a tombstone only when something may lie below it. */
  private merge(plan: CompactionPlan): TableInfo[] {
    const newest = new Map<string, PaperEntry>();
    const inputs = inputTables(plan);
    const files = new Set(inputs.map(({ file }) => file));
    for (const entry of inputs.flatMap(({ file }) => this.entries.get(file)!)) {
      const known = newest.get(entry.key);
      if (known === undefined || known.sequence < entry.sequence) newest.set(entry.key, entry);
    }
    const kept = [...newest.values()]
      .filter((entry) => !entry.isTombstone || this.mayHide(entry, files))
      .sort((left, right) => (left.key < right.key ? -1 : 1));
    const outputs: TableInfo[] = [];
    const most = Math.ceil(this.options.targetTableSize / ENTRY_BYTES);
    for (let first = 0; first < kept.length; first += most) {
      const entries = kept.slice(first, first + most);
      outputs.push(this.tableOf(++this.lastFile, plan.outputRun, entries));
    }
    return outputs;
  }

  private mayHide({ key, sequence }: PaperEntry, inputs: ReadonlySet<number>): boolean {
    return [...this.entries].some(
      ([file, entries]) =>
        !inputs.has(file) && entries.some((each) => each.key === key && each.sequence < sequence),
    );
  }

  private tableOf(file: number, run: number, entries: readonly PaperEntry[]): TableInfo {
    this.entries.set(file, entries);
    const largestTimestampMicros = this.now;
    return table(file, entries[0]!.key, entries.at(-1)!.key, {
      run,
      sizeBytes: entries.length * ENTRY_BYTES,
      entries: entries.length,
      tombstones: entries.filter(({ isTombstone }) => isTombstone).length,
      largestTimestampMicros,
    });
  }

  private apply(
    added: readonly { level: number; table: TableInfo }[],
    removed: readonly { level: number; file: number }[],
  ): void {
    const { maxLevels } = this.options;
    const { families } = applyEdit(this.version, {
      ...EMPTY_EDIT,
      added: added.map((place) => ({ family: 0, ...place })),
      removed: removed.map((place) => ({ family: 0, ...place })),
    });
    this.version = { families: families.map((family) => withLevels(family, maxLevels)) };
    const tables = this.family.levels.flatMap(tablesOfLevel);
    const files = new Set(tables.map(({ file }) => file));
    for (const file of this.entries.keys()) if (!files.has(file)) this.entries.delete(file);
  }
}

export const KEYS: readonly string[] = Array.from({ length: 40 }, (_, index) => `k${10 + index}`);

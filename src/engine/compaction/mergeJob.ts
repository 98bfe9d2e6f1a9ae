// A merge: the entries of all inputs in one order, each kept or dropped by the drop rules, written
// to new tables of one run, or made one with others where they are merge operands.
//
// One lane for each input run. An output is cut when it has reached the target size, but never
// between two versions of one key: tables of one run must not share a key, or a newer version could
// sink below an older one. Range deletes are cut where an output ends.

import { LsmError } from '../../base/errors.ts';
import type { FileNumber, MergeTotals, TableInfo } from '../../protocol/events.ts';
import type { TableCache } from '../cache/tableCache.ts';
import type { Entry } from '../iterator/entry.ts';
import { MergingIterator } from '../iterator/mergingIterator.ts';
import { RunIterator } from '../iterator/runIterator.ts';
import { beginTable, finishTable, paceOf, prepareCodecs } from '../jobs/jobContext.ts';
import type { JobContext, JobWorld } from '../jobs/jobContext.ts';
import { JobSink } from '../jobs/jobSink.ts';
import { CancelFlag } from '../jobs/cancelFlag.ts';
import { eitherOf } from '../jobs/jobPace.ts';
import type { JobPace } from '../jobs/jobPace.ts';
import type { MergeProgress, MergeResult, MergeWork } from '../jobs/jobWork.ts';
import { JOB_READS } from '../table/readContext.ts';
import type { TableWriter } from '../table/tableWriter.ts';
import { DropRules, isKept } from './dropRules.ts';
import { expiryCutoffAt } from '../expiry.ts';
import type { Verdict } from './dropRules.ts';
import { keptEntry } from './heldEntry.ts';
import type { HeldEntry } from './heldEntry.ts';
import { headsOf, tellEntry } from './mergeEvents.ts';
import { MergeTally } from './mergeTally.ts';
import { RangeTombstoneMerge } from './rangeTombstoneMerge.ts';
import { SnapshotStripes } from './snapshotStripes.ts';
import { VersionSifter } from './versionSifter.ts';
import { OperandMerger } from '../merge/operandMerger.ts';
import type { RangeTombstone } from '../rangeDelete/rangeTombstone.ts';

type OnProgress = (progress: MergeProgress) => void;

/**
 * Merges and makes the outputs durable, their names included.
 * @throws LsmError `CANCELLED`, `CORRUPTION` for a damaged input, or what the disk threw; the
 * outputs are then taken away.
 */
export async function runMerge(
  work: MergeWork,
  world: JobWorld,
  onProgress: OnProgress,
): Promise<MergeResult> {
  const merge = new Merge(work, world, onProgress);
  try {
    return await merge.run();
  } catch (thrown) {
    merge.abandon();
    throw thrown;
  }
}

class Merge {
  private readonly work: MergeWork;
  private readonly onProgress: OnProgress;
  private readonly context: JobContext;
  private readonly pace: JobPace;
  private readonly rules: DropRules;
  private readonly runs: readonly RunIterator[];
  private readonly merged: MergingIterator;
  private readonly sifter: VersionSifter;
  private readonly outputs: TableInfo[] = [];
  private readonly tally = new MergeTally();
  /** `undefined` when the inputs have none, as in most stores. */
  private readonly ranges: RangeTombstoneMerge | undefined;
  /** The totals that viewers know. */
  private told: MergeTotals;
  /** The outputs that viewers know: finished, or with a block. */
  private readonly shown: FileNumber[] = [];
  /** Bytes written that are on the store's account. */
  private paidBytes = 0;
  private writer: TableWriter | undefined;
  private writerFile: FileNumber = 0;

  constructor(work: MergeWork, world: JobWorld, onProgress: OnProgress) {
    this.work = work;
    this.onProgress = onProgress;
    const events = new JobSink(world.events, (block) => this.showOutput(block.file));
    const { job, options, filterBitsPerKey, createdMicros, ingested } = work;
    const own = work.cancel === undefined ? undefined : new CancelFlag(work.cancel);
    const cancel = own === undefined ? world.cancel : eitherOf(world.cancel, own);
    const told = { job, options, filterBitsPerKey, createdMicros, ingested };
    const context = { ...world, ...told, events, cancel };
    this.context = context;
    this.pace = paceOf(context);
    const stripes = new SnapshotStripes(work.snapshots);
    this.rules = new DropRules(stripes, work.below);
    const tombstones = rangeTombstonesOf(work, world.tables);
    this.tally.rangeDeletesIn = tombstones.length;
    const none = tombstones.length === 0;
    this.ranges = none ? undefined : new RangeTombstoneMerge(tombstones, stripes, work.below);
    this.runs = work.lanes.map((lane) => new RunIterator(lane.tables, world.tables, JOB_READS));
    this.merged = new MergingIterator(this.runs);
    const { mergeOperator } = options;
    this.sifter = new VersionSifter({
      stripes,
      rules: this.rules,
      ranges: this.ranges,
      merger: new OperandMerger('', mergeOperator, world.mergeOperators.find(mergeOperator)),
      cutoff: expiryCutoffAt(options, createdMicros),
      hold: (entry) => this.hold(entry),
      settle: (entry, verdict, written, held) => this.settle(entry, verdict, written, held),
    });
    // Before the first entry the runs stand nowhere, as they do when they are read.
    this.told = this.tally.totals({ bytesRead: 0, bytesWritten: 0 });
  }

  async run(): Promise<MergeResult> {
    const { merged, pace, context, sifter } = this;
    const { events, options } = context;
    const { lanes, outputLevel } = this.work;
    await prepareCodecs(
      context,
      outputLevel,
      lanes.flatMap((lane) => lane.tables),
    );
    for (merged.first(); merged.valid; merged.next()) {
      const { entry } = merged;
      if (!sifter.isSameKey(entry)) {
        sifter.endKey();
        const full = this.writer !== undefined && this.writer.sizeBytes >= options.targetTableSize;
        if (full) await this.finishOutput(this.ranges?.takeUpTo(sifter.key.toBytes()));
        sifter.beginKey(entry);
      }
      sifter.take(entry);
      if (events.entry && events.gate !== null) await pace.gate();
      if (pace.count(entry.keyLength + entry.valueLength)) await this.endSlice();
    }
    sifter.endKey();
    await this.finishLast();
    await context.environment.vfs.syncDirectory(context.directory);
    pace.check();
    const { problems } = sifter;
    return { outputs: this.outputs, totals: this.totals(), problems };
  }

  /** Takes all outputs away. A file that cannot go is an orphan for the next open. */
  abandon(): void {
    const { vfs } = this.context.environment;
    this.writer?.abandon();
    for (const { name } of this.outputs) {
      try {
        vfs.remove(vfs.join(this.context.directory, name));
      } catch (thrown) {
        if (!(thrown instanceof LsmError)) throw thrown;
      }
    }
  }

  private hold(entry: Entry): HeldEntry {
    const heads = this.context.events.entry ? headsOf(this.runs, this.work.lanes) : [];
    return { entry: keptEntry(entry, this.sifter.key), lane: this.merged.source, heads };
  }

  private settle(
    entry: Entry,
    verdict: Verdict,
    written: Entry,
    held: HeldEntry | undefined,
  ): void {
    this.tally.count(verdict);
    const kept = isKept(verdict);
    if (kept) this.writer ??= this.beginOutput();
    if (this.context.events.entry) {
      this.tell(entry, verdict, kept ? written.valueLength : 0, held);
    }
    if (kept) this.writer!.add(written);
  }

  private tell(
    entry: Entry,
    verdict: Verdict,
    writtenBytes: number,
    held: HeldEntry | undefined,
  ): void {
    const { lanes } = this.work;
    const totals = this.totals();
    this.told = totals;
    this.tellProgress();
    tellEntry(this.context.events, lanes, {
      job: this.context.job,
      lane: held?.lane ?? this.merged.source,
      entry,
      decision: this.rules.explain(verdict, writtenBytes),
      heads: held?.heads ?? headsOf(this.runs, lanes),
      output: isKept(verdict) ? this.writerFile : 0,
      totals,
    });
  }

  private async endSlice(): Promise<void> {
    const { events, job } = this.context;
    const totals = this.totals();
    this.told = totals;
    const outputs = this.tellProgress();
    if (events.structural) events.emit({ kind: 'compaction.progress', job, totals, outputs });
    await this.pace.turn();
    await this.payFor(totals.bytesWritten);
  }

  /** Sleeps when the store's compactions have written more than they may. */
  private async payFor(bytesWritten: number): Promise<void> {
    const { rate, environment } = this.context;
    const sizeBytes = bytesWritten - this.paidBytes;
    if (!rate.isLimited || sizeBytes <= 0) return;
    this.paidBytes = bytesWritten;
    const micros = rate.takeForCompaction(sizeBytes, environment.clock.wallMicros());
    this.tally.waitedMicros += micros;
    await this.pace.sleep(micros);
  }

  private beginOutput(): TableWriter {
    const { family, outputLevel, outputRun, lanes } = this.work;
    this.writerFile = this.context.newFileNumber();
    return beginTable(this.context, {
      file: this.writerFile,
      run: outputRun,
      level: outputLevel,
      family,
      madeBy: 'compaction',
      inputs: lanes.flatMap((lane) => lane.tables.map((table) => table.file)),
    });
  }

  /** What is left: an output that is open, and range deletes, for which one may have to begin. */
  private async finishLast(): Promise<void> {
    const tombstones = this.ranges?.takeUpTo(undefined) ?? [];
    if (tombstones.length > 0) this.writer ??= this.beginOutput();
    if (this.writer !== undefined) await this.finishOutput(tombstones);
  }

  private async finishOutput(tombstones: readonly RangeTombstone[] = []): Promise<void> {
    this.writer!.setRangeTombstones(tombstones);
    this.tally.rangeDeletesOut += tombstones.length;
    const table = await finishTable(this.context, this.writer!);
    this.writer = undefined;
    this.outputs.push(table);
    this.showOutput(table.file);
    await this.pace.gate();
    await this.payFor(this.totals().bytesWritten);
  }

  private showOutput(file: FileNumber): void {
    if (this.shown.includes(file)) return;
    this.shown.push(file);
    this.tellProgress();
  }

  private tellProgress(): readonly FileNumber[] {
    const outputs = this.shown.slice();
    this.onProgress({ totals: this.told, outputs });
    return outputs;
  }

  private totals(): MergeTotals {
    const finished = this.outputs.reduce((sum, table) => sum + table.sizeBytes, 0);
    const bytesWritten = finished + (this.writer?.sizeBytes ?? 0);
    return this.tally.totals({ bytesRead: this.bytesRead(), bytesWritten });
  }

  /** Sizes of the input tables that were read to their end. */
  private bytesRead(): number {
    let bytes = 0;
    this.work.lanes.forEach(({ tables }, lane) => {
      const run = this.runs[lane]!;
      const current = run.valid ? run.file : 0;
      for (const table of tables) {
        if (table.file === current) break;
        bytes += table.sizeBytes;
      }
    });
    return bytes;
  }
}

/** The range deletes of all inputs. */
function rangeTombstonesOf({ lanes }: MergeWork, tables: TableCache): RangeTombstone[] {
  return lanes.flatMap((lane) =>
    lane.tables
      .filter((table) => table.rangeDeletes > 0)
      .flatMap((table) => tables.reader(table).rangeTombstones),
  );
}

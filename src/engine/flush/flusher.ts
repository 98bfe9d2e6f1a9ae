// Flushes sealed memtables in the background, oldest first and one at a time: table file durable →
// manifest edit durable (adds the table, retires the log segments) → memtable forgotten → segments
// deleted.

import { LsmError, toLsmError } from '../../base/errors.ts';
import type { FileNumber, JobId, TableInfo } from '../../protocol/events.ts';
import { ingestedTablesOf } from '../ingest/ingestedTable.ts';
import type { EngineState } from '../engineState.ts';
import { filterBitsFor } from '../family/filterBits.ts';
import type { FamilyState } from '../family/familyState.ts';
import type { SealedMemtable } from '../write/memtableQueue.ts';
import type { FlushProgress, FlushWork } from '../jobs/jobWork.ts';
import { deleteUnneededLogs } from '../jobs/obsoleteFiles.ts';

/** The background flush of one store. */
export class Flusher {
  private readonly state: EngineState;
  private readonly onFlushed: () => void;
  private working: Promise<void> | undefined;

  /** @param onFlushed called when level 0 has a new table. */
  constructor(state: EngineState, onFlushed: () => void) {
    this.state = state;
    this.onFlushed = onFlushed;
  }

  /** Whether a flush is running or due. */
  get busy(): boolean {
    return this.working !== undefined;
  }

  /** Begins to work if there is work. */
  kick(): void {
    if (this.working !== undefined || !this.hasWork) return;
    this.working = this.work().finally(() => {
      this.working = undefined;
      this.state.changed.wake();
    });
  }

  /** Resolves when no flush is running. */
  async settle(): Promise<void> {
    await this.working;
  }

  private get hasWork(): boolean {
    return this.state.mayWork && this.state.families.nextToFlush() !== undefined;
  }

  private async work(): Promise<void> {
    while (this.hasWork) {
      const family = this.state.families.nextToFlush()!;
      const sealed = family.memtables.sealed[0]!;
      try {
        if (sealed.memtable.isEmpty) await this.retire(family, sealed, undefined, 0);
        else await this.flush(family, sealed);
      } catch (thrown) {
        if (!isCancelled(thrown)) this.state.fail(toLsmError(thrown));
        return;
      }
      this.state.changed.wake();
      this.onFlushed();
    }
  }

  private async flush(family: FamilyState, sealed: SealedMemtable): Promise<void> {
    const { state } = this;
    const { clock } = state.environment;
    const job = state.nextJob();
    const file = state.versions.newFileNumber();
    const began = clock.monotonicMicros();
    this.begin(sealed, job, file);
    let table: TableInfo | undefined;
    let outcome: 'done' | 'failed' | 'cancelled' = 'done';
    try {
      await state.events.gate?.();
      table = await this.runJob(family, sealed, job, file);
      await this.retire(family, sealed, table, job);
      state.counters.flushes++;
      state.counters.flushBytesWritten += table.sizeBytes;
      state.metrics.noteFlush(table, clock.monotonicMicros() - began);
    } catch (thrown) {
      outcome = isCancelled(thrown) ? 'cancelled' : 'failed';
      throw thrown;
    } finally {
      state.jobs.delete(job);
      if (state.events.structural) {
        const bytesWritten = table?.sizeBytes ?? 0;
        const durationMicros = clock.monotonicMicros() - began;
        state.events.emit({ kind: 'flush.end', job, outcome, file, bytesWritten, durationMicros });
      }
    }
    await state.events.gate?.();
  }

  private runJob(
    familyState: FamilyState,
    sealed: SealedMemtable,
    job: JobId,
    file: FileNumber,
  ): Promise<TableInfo> {
    const { id: family, options } = familyState;
    const { entries } = sealed.memtable;
    const output = { level: 0, run: file, entries, inputs: [] };
    const { environment, runner } = this.state;
    const work: FlushWork = {
      kind: 'flush',
      job,
      family,
      options,
      filterBitsPerKey: filterBitsFor(familyState, output),
      createdMicros: environment.clock.wallMicros(),
      ingested: ingestedTablesOf(familyState.version),
      file,
      memtable: sealed.memtable.buffer,
      rangeTombstones: sealed.memtable.rangeDeletes.all,
    };
    return runner.flush(work, (progress) => this.noteProgress(job, progress));
  }

  /** Makes the flush count: an edit, then the memtable and its log segments go. */
  private async retire(
    { id: family, memtables }: FamilyState,
    sealed: SealedMemtable,
    table: TableInfo | undefined,
    job: JobId,
  ): Promise<void> {
    const { state } = this;
    const { versions, families } = state;
    const { memtable } = sealed;
    const { largestSequence } = memtable;
    const added = table === undefined ? [] : [{ family, level: 0, table }];
    const flushed = table === undefined ? [] : [{ family, sequence: largestSequence }];
    // The other memtables' entries are in these segments or in newer ones.
    const oldestLog = families.oldestWalBesides([memtable]) ?? state.wal.active.number;
    await versions.apply(
      { added, flushed, oldestLog },
      {
        job,
        family,
        flushedMemtable: memtable.id,
        lastSequence: state.lastSequence,
        onPublish: () => void memtables.sealed.shift(),
      },
    );
    await state.events.gate?.();
    deleteUnneededLogs(state);
  }

  private begin(sealed: SealedMemtable, job: JobId, file: FileNumber): void {
    const { events, jobs } = this.state;
    const { id, family, entries, sizeBytes } = sealed.memtable;
    let beganAt = 0;
    if (events.structural) {
      beganAt = events.emit({
        kind: 'flush.begin',
        job,
        family,
        memtable: id,
        file,
        entries,
        sizeBytes,
        reason: sealed.reason,
      });
    }
    const progress = { entriesDone: 0, bytesWritten: 0 };
    jobs.set(job, {
      kind: 'flush',
      job,
      family,
      memtable: id,
      file,
      entries,
      ...progress,
      beganAt,
    });
  }

  private noteProgress(job: JobId, progress: FlushProgress): void {
    const { jobs } = this.state;
    const known = jobs.get(job);
    if (known?.kind === 'flush') jobs.set(job, { ...known, ...progress });
  }
}

function isCancelled(thrown: unknown): boolean {
  return thrown instanceof LsmError && thrown.code === 'CANCELLED';
}

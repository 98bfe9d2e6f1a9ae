// How a LevelDB tree came to be: its manifest, told edit by edit. What an edit was for can be seen
// from it: a flush adds a table and lets logs go, a compaction takes tables and gives others, a
// trivial move takes and gives the same. LOG says when, where it still does.
//
// A manifest is begun anew at each start of LevelDB, with one edit that holds all tables there
// were: the history reaches back to the last start.

import type {
  FileNumber,
  JobId,
  LsmEventBody,
  PlacedTable,
  TableInfo,
} from '../../protocol/events.ts';
import { inputsOf, NOTHING_MERGED } from '../pastCompactions.ts';
import { passEdits } from '../passEdits.ts';
import type { OnProgress } from '../readingProgress.ts';
import type { PastEvent } from '../storeReader.ts';
import { leveldbTargets, LEVEL_COUNT } from './levelTargets.ts';
import type { ManifestRecord, ManifestReplay } from './manifest.ts';
import type { LeveldbEdit, LeveldbTable } from './versionEdit.ts';

/** What the history needs to know beyond the manifest. */
export interface HistoryWorld {
  /** A table's figures, counted where its file is still there. */
  readonly infoOf: (level: number, table: LeveldbTable) => TableInfo;
}

/** The events of the manifest's edits, oldest first. */
export class LeveldbHistory {
  private replay: ManifestReplay;
  private readonly world: HistoryWorld;
  private lastJob: JobId = 0;
  /** Of every table ever told, to say what a compaction reads. */
  private readonly sizes = new Map<FileNumber, number>();

  /** @param replay stands at the manifest's beginning; the history alone reads it from here on. */
  constructor(replay: ManifestReplay, world: HistoryWorld) {
    this.replay = replay;
    this.world = world;
  }

  /** The events of edits not told yet; may be asked again when the manifest has grown. */
  *next(): Generator<PastEvent> {
    for (let record = this.replay.next(); record !== undefined; record = this.replay.next()) {
      yield* this.tell(record);
    }
  }

  /** Tells the next edits as one: the tables that they came to. */
  sumUp(edits: number, onProgress?: OnProgress): PastEvent {
    const { replay } = this;
    const { comparator } = replay;
    passEdits(replay, edits, onProgress);
    const edit = { comparator, added: placedIn(replay), removed: [] };
    return {
      body: this.editEvent({ edit, sizeBytes: replay.sizeBytes }, this.place(edit), 0),
      timeMicros: 0,
    };
  }

  /**
   * Goes on with the manifest that a later start of LevelDB has begun. What its first edit, which
   * holds all tables, has more or less than the one before is told as a last edit of that.
   */
  *goOnWith(replay: ManifestReplay): Generator<PastEvent> {
    const before = this.replay;
    replay.next();
    const added = placedIn(replay).filter(({ level, table }) => !isIn(before, level, table.number));
    const removed = placedIn(before)
      .filter(({ level, table }) => !isIn(replay, level, table.number))
      .map(({ level, table }) => ({ level, number: table.number }));
    if (added.length > 0 || removed.length > 0) {
      const edit = { added, removed };
      const { sizeBytes } = before;
      yield { body: this.editEvent({ edit, sizeBytes }, this.place(edit), 0), timeMicros: 0 };
    }
    this.replay = replay;
    const [from, to] = [before.name, replay.name];
    const { sizeBytes } = replay;
    yield { body: { kind: 'manifest.rotate', from, to, sizeBytes }, timeMicros: 0 };
  }

  private *tell(record: ManifestRecord): Generator<PastEvent> {
    const placed = this.place(record.edit);
    const timeMicros = Math.max(0, ...placed.map(({ table }) => table.createdMicros));
    for (const body of this.eventsOf(record, placed)) yield { body, timeMicros };
  }

  private place({ added }: LeveldbEdit): PlacedTable[] {
    return added.map(({ level, table }) => {
      this.sizes.set(table.number, table.sizeBytes);
      return { level, table: this.world.infoOf(level, table) };
    });
  }

  /** What the edit was for; the first one holds everything and was for nothing. */
  private eventsOf(record: ManifestRecord, placed: readonly PlacedTable[]): LsmEventBody[] {
    const { comparator, removed } = record.edit;
    const isCompaction = comparator === undefined && removed.length > 0;
    const isFlush = comparator === undefined && !isCompaction && placed.length === 1;
    if (!isCompaction && !isFlush) return [this.editEvent(record, placed, 0)];
    const job = ++this.lastJob;
    const edit = this.editEvent(record, placed, job);
    return isFlush
      ? this.flush(job, placed[0]!.table, edit)
      : this.compaction(job, record, placed, edit);
  }

  private flush(job: JobId, table: TableInfo, edit: LsmEventBody): LsmEventBody[] {
    const { file, entries, sizeBytes } = table;
    const figures = { job, family: 0, memtable: 0, file, entries, sizeBytes } as const;
    return [
      { kind: 'flush.begin', ...figures, reason: 'full' },
      { kind: 'table.create', job, table, syncMicros: 0 },
      edit,
      { kind: 'flush.end', job, outcome: 'done', file, bytesWritten: sizeBytes, durationMicros: 0 },
    ];
  }

  private compaction(
    job: JobId,
    { edit: { added, removed } }: ManifestRecord,
    placed: readonly PlacedTable[],
    edit: LsmEventBody,
  ): LsmEventBody[] {
    const moved = new Set(added.map(({ table }) => table.number));
    const isMove = removed.every(({ number }) => moved.has(number));
    const outputs = isMove ? [] : placed.map(({ table }) => table.file);
    const outputLevel = placed[0]?.level ?? Math.max(...removed.map(({ level }) => level));
    const begin: LsmEventBody = {
      kind: 'compaction.begin',
      job,
      family: 0,
      inputs: inputsOf(removed),
      outputLevel,
      entries: 0,
      sizeBytes: this.sizeOf(removed),
      manner: isMove ? 'move' : 'merge',
      snapshots: [],
    };
    const bytesWritten = isMove ? 0 : placed.reduce((sum, { table }) => sum + table.sizeBytes, 0);
    const bytesRead = isMove ? 0 : this.sizeOf(removed);
    const totals = { ...NOTHING_MERGED, bytesRead, bytesWritten };
    const gone = removed
      .filter(({ number }) => !moved.has(number))
      .map(({ number }): LsmEventBody => ({ kind: 'table.delete', file: number }));
    return [
      begin,
      edit,
      { kind: 'compaction.end', job, outcome: 'done', totals, outputs, durationMicros: 0 },
      ...gone,
    ];
  }

  private sizeOf(tables: readonly { readonly number: FileNumber }[]): number {
    return tables.reduce((sum, { number }) => sum + (this.sizes.get(number) ?? 0), 0);
  }

  private editEvent(
    record: ManifestRecord,
    added: readonly PlacedTable[],
    job: JobId,
  ): LsmEventBody {
    const { replay } = this;
    const levels = Array.from({ length: LEVEL_COUNT }, (_, level) => replay.figuresOf(level));
    return {
      kind: 'manifest.edit',
      family: 0,
      job,
      manifest: replay.name,
      sizeBytes: record.sizeBytes,
      added,
      removed: record.edit.removed.map(({ level, number }) => ({ level, file: number })),
      flushedMemtable: 0,
      oldestWal: replay.logNumber,
      nextFile: replay.nextFile,
      lastSequence: replay.lastSequence,
      syncMicros: 0,
      levels: leveldbTargets(levels),
    };
  }
}

function placedIn({ levels }: ManifestReplay): LeveldbEdit['added'] {
  return levels.flatMap((tables, level) => [...tables.values()].map((table) => ({ level, table })));
}

function isIn({ levels }: ManifestReplay, level: number, table: FileNumber): boolean {
  return levels[level]?.has(table) ?? false;
}

// The logs of a store that are needed: those from the manifest's log number on. Another process may
// be writing to the newest, begin new ones and delete old ones at any moment.

import { LsmError } from '../../base/errors.ts';
import type { FileNumber, LsmEventBody, SequenceNumber } from '../../protocol/events.ts';
import type { ForeignDirectory } from '../foreignDirectory.ts';
import { entryKindOf } from '../internalKey.ts';
import type { CompareKeys } from '../keyOrder.ts';
import type { ProblemList } from '../problems.ts';
import { ReadingProgress } from '../readingProgress.ts';
import type { OnProgress } from '../readingProgress.ts';
import type { PastEvent } from '../storeReader.ts';
import { numberedNames } from './fileNames.ts';
import { LogSegment, WRITE_BUFFER_BYTES } from './liveLog.ts';
import type { LoggedBatch } from './liveLog.ts';
import type { ManifestReplay } from './manifest.ts';
import type { LoggedEntry } from './writeBatch.ts';

const PREVIEW_BYTES = 64;

type ManifestEdit = Extract<LsmEventBody, { readonly kind: 'manifest.edit' }>;

/** All logs that are needed, oldest first. */
export class LiveLogs {
  segments: LogSegment[] = [];
  private readonly directory: ForeignDirectory;
  private readonly compare: CompareKeys | undefined;
  private readonly problems: ProblemList;

  constructor(
    directory: ForeignDirectory,
    compare: CompareKeys | undefined,
    problems: ProblemList,
  ) {
    this.directory = directory;
    this.compare = compare;
    this.problems = problems;
  }

  get lastSequence(): SequenceNumber {
    return this.segments.reduce((last, log) => Math.max(last, log.lastSequence), 0);
  }

  /** Opens and reads the logs that the manifest needs. */
  openFrom({ logNumber, previousLog }: ManifestReplay, onProgress?: OnProgress): void {
    const logs = numberedNames(this.directory.names(), 'log').filter(
      ({ number }) => number >= logNumber || (previousLog > 0 && number === previousLog),
    );
    for (const { name, number } of logs) this.add(name, number);
    const names = logs.map(({ name }) => name);
    const progress = new ReadingProgress(this.directory, names, onProgress);
    for (const log of this.segments) {
      log.readOn(progress);
      log.reportTorn();
    }
  }

  /** Takes in what was written since, new logs included. */
  *readOn(): Generator<PastEvent> {
    for (const log of this.segments) {
      for (const batch of log.readOn()) yield* this.tell(log, batch);
    }
    const newest = this.segments.at(-1)?.number ?? 0;
    for (const { name, number } of numberedNames(this.directory.names(), 'log')) {
      if (number <= newest || !this.add(name, number)) continue;
      yield* this.tellRotation();
      const log = this.segments.at(-1)!;
      for (const batch of log.readOn()) yield* this.tell(log, batch);
    }
  }

  /** An edit, with the memtable that it has made needless, and the logs that go with it. */
  *tellEdit(edit: ManifestEdit, timeMicros: number): Generator<PastEvent> {
    const gone = this.segments.filter(({ number }) => number < edit.oldestWal);
    this.segments = this.segments.filter(({ number }) => number >= edit.oldestWal);
    yield { body: { ...edit, flushedMemtable: gone.at(-1)?.number ?? 0 }, timeMicros };
    for (const log of gone) {
      log.close();
      yield now({ kind: 'wal.delete', wal: log.number, recycled: false });
    }
  }

  /** Idempotent. */
  close(): void {
    for (const log of this.segments) log.close();
  }

  /** False when the log has vanished meanwhile: its entries are in a table then. */
  private add(name: string, number: FileNumber): boolean {
    try {
      const file = this.directory.open(name);
      this.segments.push(new LogSegment(number, name, file, this.compare, this.problems));
      return true;
    } catch (thrown) {
      if (thrown instanceof LsmError && !this.directory.has(name)) return false;
      throw thrown;
    }
  }

  private *tell(
    log: LogSegment,
    { offset, endOffset, entries }: LoggedBatch,
  ): Generator<PastEvent> {
    const first = entries[0];
    yield now({
      kind: 'wal.append',
      wal: log.number,
      group: 0,
      offset,
      sizeBytes: endOffset - offset,
      checksum: 0,
      syncedOffset: null,
      firstSequence: first?.sequence ?? 0,
      entries: entries.length,
      walSizeBytes: endOffset,
      walRecords: log.records,
      walRecordsUnsynced: null,
    });
    for (const entry of entries) yield now(insertion(log, entry));
  }

  /** The log before the newest is full: so is its memtable. */
  private *tellRotation(): Generator<PastEvent> {
    const [from, to] = this.segments.slice(-2);
    if (from === undefined || to === undefined) return;
    yield now({
      kind: 'memtable.seal',
      family: 0,
      memtable: from.number,
      entries: from.entries.length,
      tombstones: from.tombstones,
      rangeDeletes: 0,
      sizeBytes: from.contentBytes,
      reason: 'full',
      next: { memtable: to.number, capacityBytes: WRITE_BUFFER_BYTES },
      walSegments: [from.number],
    });
    const fromSizeBytes = from.describe().sizeBytes;
    yield now({
      kind: 'wal.rotate',
      from: from.number,
      to: to.number,
      recycled: 0,
      fromSizeBytes,
      toSizeBytes: 0,
    });
  }
}

function insertion(log: LogSegment, entry: LoggedEntry): LsmEventBody {
  const { key, sequence, code, value } = entry;
  return {
    kind: 'memtable.insert',
    family: 0,
    memtable: log.number,
    operation: 0,
    entryKind: entryKindOf(code) ?? 'put',
    key,
    sequence,
    valueSizeBytes: value.length,
    valuePreview: value.slice(0, PREVIEW_BYTES),
    height: 1,
    path: [],
    entries: log.entries.length,
    tombstones: log.tombstones,
    sizeBytes: log.contentBytes,
  };
}

/** What is seen while following has no time written down: it has just happened. */
function now(body: LsmEventBody): PastEvent {
  return { body, timeMicros: 0 };
}

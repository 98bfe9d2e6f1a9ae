// A toy LSM tree that tells what it does in the words of src/protocol/events.ts, and can describe
// itself at any moment. The fold over its events must come to the same state. It has nothing in
// common with the engine but the vocabulary.

import type {
  Counters,
  Gauges,
  LsmEvent,
  LsmEventBody,
  TableInfo,
} from '../../src/protocol/events.ts';
import { emptyState, NO_COUNTS } from '../../src/protocol/emptyState.ts';
import { NOTHING_MERGED } from '../../src/protocol/fold/compaction.ts';
import type {
  FamilyState,
  LevelState,
  MemtableNode,
  MemtableState,
  TreeState,
} from '../../src/protocol/treeState.ts';
import { compareBytes, encodeUtf8 } from '../../src/base/bytes.ts';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Bytes that an entry of the model takes, in the log and in the memtable. */
const ENTRY_BYTES = 32;

export class ModelStore {
  readonly events: LsmEvent[] = [];
  private readonly counters: Mutable<Counters> = { ...NO_COUNTS };
  private number = 0;
  private sequence = 0;
  private nextFile = 1;
  private nextJob = 1;
  private nextMemtable = 1;
  private memtable: Mutable<MemtableState> = this.newMemtable();
  private immutables: MemtableState[] = [];
  private segments = [
    { file: this.nextFile++, sizeBytes: 0, syncedBytes: 0, records: 0, recordsUnsynced: 0 },
  ];
  private readonly levels: TableInfo[][] = [[], [], []];
  private ghosts: TableInfo[] = [];
  private snapshots: number[] = [];
  private manifest = { name: 'MANIFEST-000001', sizeBytes: 0, edits: 0 };

  put(text: string, tombstone = false): void {
    const segment = this.segments.at(-1)!;
    const sequence = ++this.sequence;
    const key = encodeUtf8(text);
    const operation = sequence;
    segment.records++;
    segment.recordsUnsynced++;
    segment.sizeBytes += ENTRY_BYTES;
    this.emit({
      kind: 'wal.append',
      wal: segment.file,
      group: sequence,
      offset: segment.sizeBytes - ENTRY_BYTES,
      sizeBytes: ENTRY_BYTES,
      checksum: 1,
      syncedOffset: segment.syncedBytes,
      firstSequence: sequence,
      entries: 1,
      walSizeBytes: segment.sizeBytes,
      walRecords: segment.records,
      walRecordsUnsynced: segment.recordsUnsynced,
    });
    const node: MemtableNode = {
      key,
      sequence,
      entryKind: tombstone ? 'delete' : 'put',
      valueSizeBytes: 5,
      height: 1 + (sequence % 3),
    };
    const { memtable } = this;
    memtable.entries++;
    if (tombstone) memtable.tombstones++;
    memtable.sizeBytes += ENTRY_BYTES;
    memtable.nodes = [...memtable.nodes, node].toSorted(
      (left, right) => compareBytes(left.key, right.key) || right.sequence - left.sequence,
    );
    this.emit({
      kind: 'memtable.insert',
      family: 0,
      memtable: memtable.memtable,
      operation,
      entryKind: node.entryKind,
      key,
      sequence,
      valueSizeBytes: 5,
      valuePreview: encodeUtf8('value'),
      height: node.height,
      path: [],
      entries: memtable.entries,
      tombstones: memtable.tombstones,
      sizeBytes: memtable.sizeBytes,
    });
    this.counters.puts += tombstone ? 0 : 1;
    this.counters.deletes += tombstone ? 1 : 0;
    this.emit({
      kind: 'write.end',
      operation,
      group: sequence,
      firstSequence: sequence,
      lastSequence: sequence,
      durable: false,
      durationMicros: 1,
    });
  }

  sync(): void {
    const segment = this.segments.at(-1)!;
    segment.syncedBytes = segment.sizeBytes;
    segment.recordsUnsynced = 0;
    this.counters.walSyncs++;
    this.emit({
      kind: 'wal.sync',
      wal: segment.file,
      group: 0,
      syncedBytes: segment.syncedBytes,
      walRecordsUnsynced: 0,
      durationMicros: 3,
    });
  }

  snapshot(): void {
    this.snapshots = [...this.snapshots, this.sequence].toSorted((left, right) => left - right);
    this.emit({ kind: 'snapshot.create', sequence: this.sequence });
  }

  releaseSnapshot(): void {
    const sequence = this.snapshots.shift();
    if (sequence !== undefined) this.emit({ kind: 'snapshot.release', sequence });
  }

  flush(): void {
    if (this.memtable.entries === 0) return;
    const old = this.segments.at(-1)!;
    this.sync();
    const file = this.nextFile++;
    this.segments.push({ file, sizeBytes: 0, syncedBytes: 0, records: 0, recordsUnsynced: 0 });
    const sizes = { fromSizeBytes: old.sizeBytes, toSizeBytes: 0 };
    this.emit({ kind: 'wal.rotate', from: old.file, to: file, recycled: 0, ...sizes });
    const sealed = this.memtable;
    this.memtable = this.newMemtable();
    this.immutables = [...this.immutables, sealed];
    const { memtable, capacityBytes } = this.memtable;
    this.emit({
      kind: 'memtable.seal',
      family: 0,
      memtable: sealed.memtable,
      entries: sealed.entries,
      tombstones: sealed.tombstones,
      rangeDeletes: 0,
      sizeBytes: sealed.sizeBytes,
      reason: 'manual',
      next: { memtable, capacityBytes },
      walSegments: [old.file],
    });
    this.writeOut(sealed, old.file);
  }

  compact(): void {
    const level = this.levels.findIndex((tables) => tables.length > 1);
    if (level === -1 || level === this.levels.length - 1) return;
    const inputs = [level, level + 1].map((from) => ({
      level: from,
      files: this.levels[from]!.map((table) => table.file),
    }));
    const merged = [...this.levels[level]!, ...this.levels[level + 1]!];
    const job = this.nextJob++;
    const entries = merged.reduce((sum, table) => sum + table.entries, 0);
    this.emit({
      kind: 'compaction.begin',
      job,
      family: 0,
      inputs,
      outputLevel: level + 1,
      entries,
      sizeBytes: entries * ENTRY_BYTES,
      manner: 'merge',
      snapshots: this.snapshots,
    });
    const output = this.newTable(
      merged.map((table) => table.largestSequence),
      merged,
      entries,
      0,
    );
    const counted = { entriesIn: entries, entriesOut: entries, bytesRead: 1, bytesWritten: 1 };
    const totals = { ...NOTHING_MERGED, ...counted };
    this.emit({ kind: 'compaction.progress', job, totals, outputs: [output.file] });
    this.emit({ kind: 'table.create', job, table: output, syncMicros: 1 });
    this.levels[level] = [];
    this.levels[level + 1] = [output];
    this.ghosts = [...this.ghosts, ...merged];
    const removed = inputs.flatMap(({ level: from, files }) =>
      files.map((file) => ({ level: from, file })),
    );
    this.edit(job, [{ level: level + 1, table: output }], removed, 0);
    this.counters.compactions++;
    this.emit({
      kind: 'compaction.end',
      job,
      outcome: 'done',
      totals,
      outputs: [output.file],
      durationMicros: 9,
    });
    for (const table of merged) {
      this.ghosts = this.ghosts.filter((ghost) => ghost.file !== table.file);
      this.emit({ kind: 'table.delete', file: table.file });
    }
  }

  /** The model's own account of itself. */
  describe(): TreeState {
    const family: FamilyState = {
      family: 0,
      name: 'default',
      memtable: { ...this.memtable },
      immutables: this.immutables,
      levels: this.levels.map((tables, level) => this.levelState(level, tables)),
      ghosts: this.ghosts,
      stall: null,
    };
    return {
      ...emptyState(),
      eventNumber: this.number,
      timeMicros: this.number,
      lastSequence: this.sequence,
      wal: {
        segments: this.segments.map((segment) => ({ ...segment })),
        active: this.segments.at(-1)!.file,
      },
      families: [family],
      snapshots: this.snapshots,
      manifest: this.manifest,
      counters: { ...this.counters },
    };
  }

  summarize(): void {
    this.emit({ kind: 'summary', gauges: this.gauges(), leftOut: 0 });
  }

  private gauges(): Gauges {
    const { memtable, entries, tombstones, sizeBytes } = this.memtable;
    const { wal, counters, lastSequence } = this.describe();
    return {
      lastSequence,
      wal,
      counters,
      memtables: [{ family: 0, memtable, entries, tombstones, rangeDeletes: 0, sizeBytes }],
      cache: { sizeBytes: 0, blocks: 0 },
      transactions: [],
    };
  }

  private writeOut(sealed: MemtableState, wal: number): void {
    const job = this.nextJob++;
    const sequences = sealed.nodes.map((node) => node.sequence);
    const keys = sealed.nodes.map(({ key }) => ({ smallestKey: key, largestKey: key }));
    const table = this.newTable(sequences, keys, sealed.entries, sealed.tombstones);
    this.emit({
      kind: 'flush.begin',
      job,
      family: 0,
      memtable: sealed.memtable,
      file: table.file,
      entries: sealed.entries,
      sizeBytes: sealed.sizeBytes,
      reason: 'manual',
    });
    this.emit({ kind: 'flush.progress', job, entriesDone: sealed.entries, bytesWritten: 10 });
    this.emit({ kind: 'table.create', job, table, syncMicros: 1 });
    this.levels[0] = [table, ...this.levels[0]!];
    this.immutables = this.immutables.filter((memtable) => memtable !== sealed);
    this.edit(job, [{ level: 0, table }], [], sealed.memtable);
    this.segments = this.segments.filter((segment) => segment.file !== wal);
    this.emit({ kind: 'wal.delete', wal, recycled: false });
    this.counters.flushes++;
    this.emit({
      kind: 'flush.end',
      job,
      outcome: 'done',
      file: table.file,
      bytesWritten: 10,
      durationMicros: 5,
    });
  }

  private edit(
    job: number,
    added: { level: number; table: TableInfo }[],
    removed: { level: number; file: number }[],
    flushedMemtable: number,
  ): void {
    this.manifest = {
      ...this.manifest,
      sizeBytes: this.manifest.sizeBytes + 50,
      edits: this.manifest.edits + 1,
    };
    this.emit({
      kind: 'manifest.edit',
      family: 0,
      job,
      manifest: this.manifest.name,
      sizeBytes: this.manifest.sizeBytes,
      added,
      removed,
      flushedMemtable,
      oldestWal: 0,
      nextFile: this.nextFile,
      lastSequence: this.sequence,
      syncMicros: 2,
      levels: this.levels.map((tables, level) => this.levelState(level, tables).target),
    });
  }

  private newTable(
    sequences: number[],
    ranges: { smallestKey: Uint8Array; largestKey: Uint8Array }[],
    entries: number,
    tombstones: number,
  ): TableInfo {
    const file = this.nextFile++;
    const smallest = ranges.map((range) => range.smallestKey).toSorted(compareBytes);
    const largest = ranges.map((range) => range.largestKey).toSorted(compareBytes);
    return {
      file,
      name: `${file}.sst`,
      sizeBytes: entries * ENTRY_BYTES,
      run: file,
      entries,
      tombstones,
      rangeDeletes: 0,
      smallestKey: smallest[0]!,
      largestKey: largest.at(-1)!,
      smallestSequence: Math.min(...sequences),
      largestSequence: Math.max(...sequences),
      createdMicros: this.number,
      largestTimestampMicros: this.number,
      rawKeyBytes: entries,
      rawValueBytes: entries,
      dataBlocks: 1,
      filterSizeBytes: 64,
      indexSizeBytes: 20,
      compression: 'none',
      madeBy: 'flush',
    };
  }

  private levelState(level: number, tables: TableInfo[]): LevelState {
    const sizeBytes = tables.reduce((sum, table) => sum + table.sizeBytes, 0);
    return {
      level,
      tables,
      sizeBytes,
      target: { level, score: tables.length / 4, measure: 'files', limit: 4 },
    };
  }

  private newMemtable(): Mutable<MemtableState> {
    return {
      memtable: this.nextMemtable++,
      entries: 0,
      tombstones: 0,
      rangeDeletes: 0,
      sizeBytes: 0,
      capacityBytes: 4096,
      nodes: [],
    };
  }

  private emit(body: LsmEventBody): void {
    const number = ++this.number;
    this.events.push({ ...body, number, timeMicros: number });
  }
}

/** A run of the model from a list of numbers: 0 … 99 choose what to do. */
export function runModel(
  choices: readonly number[],
  onStep: (store: ModelStore) => void,
): ModelStore {
  const store = new ModelStore();
  for (const choice of choices) {
    if (choice < 60) store.put(`key${choice % 20}`, choice % 7 === 0);
    else if (choice < 70) store.sync();
    else if (choice < 80) store.flush();
    else if (choice < 88) store.compact();
    else if (choice < 94) store.snapshot();
    else store.releaseSnapshot();
    onStep(store);
  }
  return store;
}

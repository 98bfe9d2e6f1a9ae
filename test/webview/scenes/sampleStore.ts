// A tiny store in memory that emits what a real one would: enough to draw every close-up, with
// sizes and keys that a seed chooses. Its skip list, filter and merge are real, so paths, bits and
// verdicts are consistent with each other; its bytes and times are made up.

import { compareBytes } from '../../../src/base/bytes.ts';
import { Random } from '../../../src/base/random.ts';
import { emptyState } from '../../../src/protocol/emptyState.ts';
import type { EntryKind, LsmEvent, LsmEventBody, TableInfo } from '../../../src/protocol/events.ts';
import { reduce } from '../../../src/protocol/reduce.ts';
import type { TreeState } from '../../../src/protocol/treeState.ts';
import type { SampleEntry, SampleTable } from './sampleEntry.ts';
import { bytesOf, compareEntries, searchPath } from './sampleEntry.ts';
import { SampleMerge } from './sampleMerge.ts';
import { SampleReader } from './sampleReader.ts';
import { SampleTableWriter } from './sampleTableWriter.ts';

export class SampleStore {
  readonly events: LsmEvent[] = [];
  readonly random: Random;
  state: TreeState;
  tables: SampleTable[] = [];
  snapshots: number[] = [];
  #sequence: number;
  #operation = 0;
  #group = 11;
  #file = 21;
  #job = 30;
  #memtable: SampleEntry[] = [];
  #memtableNumber = 8;
  #walOffset = 12_290;
  #walSynced = 12_290;
  #walRecords = 148;
  #walUnsynced = 0;

  constructor(seed: number, firstSequence = 48_200) {
    this.random = new Random(seed);
    this.#sequence = firstSequence;
    const empty = emptyState();
    const family = empty.families[0]!;
    this.state = {
      ...empty,
      lastSequence: firstSequence,
      wal: {
        active: 21,
        segments: [
          { file: 21, sizeBytes: 12_290, syncedBytes: 12_290, records: 148, recordsUnsynced: 0 },
        ],
      },
      families: [
        {
          ...family,
          memtable: { ...family.memtable, memtable: 8, capacityBytes: 16 * 1024 },
          levels: [0, 1, 2].map((level) => ({
            ...{ level, tables: [], sizeBytes: 0 },
            target: { level, score: 0, measure: level === 0 ? 'files' : 'bytes', limit: 4 },
          })),
        },
      ],
    };
  }

  below(bound: number): number {
    return this.random.nextBelow(bound);
  }

  emit(body: LsmEventBody): void {
    const number = this.events.length + 1;
    const event: LsmEvent = { ...body, number, timeMicros: 1_795_000_000_000_000 + number * 750 };
    this.events.push(event);
    this.state = reduce(this.state, event);
  }

  /** One group commit of several writers' batches. */
  write(
    batches: readonly (readonly (readonly [EntryKind, string, number])[])[],
    sync: boolean,
  ): void {
    const operations = batches.map(() => ++this.#operation);
    const group = ++this.#group;
    const firstSequence = this.#sequence + 1;
    for (const [index, batch] of batches.entries()) {
      this.emit({
        kind: 'write.begin',
        operation: operations[index]!,
        entryCount: batch.length,
        entries: batch.slice(0, 16).map(([kind, key, size]) => ({
          ...{ kind, key: bytesOf(key), valueSizeBytes: size },
          valuePreview: bytesOf('v'.repeat(Math.min(size, 64))),
        })),
        sizeBytes: batchBytes(batch),
        sync,
      });
    }
    const all = batches.flat();
    const sizeBytes = batchBytes(all);
    this.emit({
      ...{ kind: 'write.group', group, operations, entries: all.length, sizeBytes },
      ...{ firstSequence, sync },
    });
    this.#append(group, sizeBytes + 33, firstSequence, all.length);
    if (sync) this.#sync(group);
    for (const [index, batch] of batches.entries()) {
      for (const [kind, key, size] of batch) this.#insert(operations[index]!, kind, key, size);
    }
    let first = firstSequence;
    for (const [index, operation] of operations.entries()) {
      const lastSequence = first + batches[index]!.length - 1;
      this.emit({
        ...{ kind: 'write.end', operation, group, firstSequence: first, lastSequence },
        ...{ durable: sync, durationMicros: 12.4 + this.below(60) },
      });
      first = lastSequence + 1;
    }
  }

  #append(group: number, sizeBytes: number, firstSequence: number, entries: number): void {
    const offset = this.#walOffset;
    this.#walOffset += sizeBytes;
    this.#walRecords += 1;
    this.#walUnsynced += 1;
    this.emit({
      ...{ kind: 'wal.append', wal: this.state.wal.active, group, offset, sizeBytes },
      ...{ checksum: this.random.nextUint32(), syncedOffset: this.#walSynced, firstSequence },
      ...{ entries, walSizeBytes: this.#walOffset, walRecords: this.#walRecords },
      walRecordsUnsynced: this.#walUnsynced,
    });
  }

  #sync(group: number): void {
    this.#walSynced = this.#walOffset;
    this.#walUnsynced = 0;
    this.emit({
      ...{ kind: 'wal.sync', wal: this.state.wal.active, group, syncedBytes: this.#walSynced },
      ...{ walRecordsUnsynced: 0, durationMicros: 1180 },
    });
  }

  #insert(operation: number, entryKind: EntryKind, key: string, valueSizeBytes: number): void {
    const sequence = ++this.#sequence;
    const bytes = bytesOf(key);
    let height = 1;
    while (height < 8 && this.below(3) === 0) height += 1;
    const path = searchPath(this.#memtable, bytes, sequence);
    const valuePreview = bytesOf('v'.repeat(Math.min(valueSizeBytes, 64)));
    const node = { key: bytes, sequence, entryKind, valueSizeBytes, height, valuePreview };
    this.#memtable.push(node);
    this.#memtable.sort(compareEntries);
    this.emit({
      ...{ kind: 'memtable.insert', family: 0, memtable: this.#memtableNumber, operation },
      ...{ entryKind, key: bytes, sequence, valueSizeBytes, valuePreview, height, path },
      entries: this.#memtable.length,
      tombstones: this.#memtable.filter((each) => each.entryKind === 'delete').length,
      sizeBytes: this.#memtable.reduce((sum, each) => sum + each.valueSizeBytes + 60, 0),
    });
  }

  /** Seals the memtable and writes it as a table of level 0. */
  flush(reason: 'full' | 'manual' = 'full'): void {
    const entries = this.#memtable;
    const memtable = this.#memtableNumber;
    const sizeBytes = entries.reduce((sum, each) => sum + each.valueSizeBytes + 60, 0);
    const job = ++this.#job;
    const tombstones = entries.filter((each) => each.entryKind === 'delete').length;
    this.#memtableNumber += 1;
    this.#memtable = [];
    const oldWal = this.state.wal.active;
    const newWal = ++this.#file;
    this.emit({
      kind: 'wal.rotate',
      from: oldWal,
      to: newWal,
      fromSizeBytes: this.#walOffset,
      toSizeBytes: 32,
    });
    this.#walOffset = 0;
    this.#walSynced = 0;
    this.#walRecords = 0;
    this.#walUnsynced = 0;
    this.emit({
      ...{ kind: 'memtable.seal', family: 0, memtable, entries: entries.length, tombstones },
      ...{ sizeBytes, reason, next: { memtable: this.#memtableNumber, capacityBytes: 16 * 1024 } },
      walSegments: [oldWal],
    });
    const file = ++this.#file;
    this.emit({
      ...{ kind: 'flush.begin', job, family: 0, memtable, file, entries: entries.length },
      ...{ sizeBytes, reason },
    });
    const table = this.writeTable(job, file, 0, entries);
    this.#edit(job, [table], [], memtable, newWal);
    this.emit({ kind: 'wal.delete', wal: oldWal });
    this.emit({
      ...{ kind: 'flush.end', job, outcome: 'done', file, bytesWritten: table.info.sizeBytes },
      durationMicros: 41_300,
    });
  }

  #edit(
    job: number,
    added: readonly SampleTable[],
    removed: readonly SampleTable[],
    flushedMemtable: number,
    oldestWal: number,
  ): void {
    this.tables = [...added, ...this.tables.filter((table) => !removed.includes(table))];
    const files = this.tables.filter(({ level }) => level === 0).length;
    this.emit({
      ...{ kind: 'manifest.edit', family: 0, job, manifest: 'MANIFEST-000004', sizeBytes: 1410 },
      added: added.map(({ level, info }) => ({ level, table: info })),
      removed: removed.map(({ level, info }) => ({ level, file: info.file })),
      ...{ flushedMemtable, oldestWal, nextFile: this.#file + 1, lastSequence: this.#sequence },
      syncMicros: 960,
      levels: [
        { level: 0, score: files / 4, measure: 'files', limit: 4 },
        { level: 1, score: 0.4, measure: 'bytes', limit: 65_536 },
        { level: 2, score: 0, measure: 'bytes', limit: 655_360 },
      ],
    });
  }

  /** The events of a table being written, from its first entry to its sync. */
  writeTable(
    job: number,
    file: number,
    level: number,
    entries: readonly SampleEntry[],
    blockEntries = 9,
  ): SampleTable {
    const writer = new SampleTableWriter(this, job, file, entries, blockEntries);
    const sizeBytes = writer.write();
    const keys = entries.map(({ key }) => key);
    const info: TableInfo = {
      ...{
        file,
        name: `${String(file).padStart(6, '0')}.sst`,
        sizeBytes,
        run: level === 0 ? file : 0,
      },
      entries: entries.length,
      tombstones: entries.filter(({ entryKind }) => entryKind === 'delete').length,
      ...{ smallestKey: keys[0]!, largestKey: keys.at(-1)! },
      smallestSequence: Math.min(...entries.map(({ sequence }) => sequence)),
      largestSequence: Math.max(...entries.map(({ sequence }) => sequence)),
      createdMicros: 1_795_000_000_000_000,
      rawKeyBytes: keys.reduce((sum, key) => sum + key.length, 0),
      rawValueBytes: entries.reduce((sum, each) => sum + each.valueSizeBytes, 0),
      dataBlocks: writer.blocks,
      filterSizeBytes: writer.filter.length,
      ...{ indexSizeBytes: 18 * writer.blocks, madeBy: level === 0 ? 'flush' : 'compaction' },
    };
    this.emit({ kind: 'table.create', job, table: info, syncMicros: 2_140 });
    return { info, level, entries, filter: writer.filter, blockEntries };
  }

  /** Merges the given tables into the level below them. */
  compact(inputs: readonly SampleTable[], outputLevel: number, bottom: boolean): void {
    const job = ++this.#job;
    const given = [...new Set(inputs.map(({ level }) => level))].map((level) => ({
      level,
      files: inputs.filter((table) => table.level === level).map(({ info }) => info.file),
    }));
    const keys = inputs
      .flatMap(({ info }) => [info.smallestKey, info.largestKey])
      .sort(compareBytes);
    this.emit({
      ...{ kind: 'compaction.pick', job, family: 0, strategy: 'leveled', reason: 'level-score' },
      candidates: [
        {
          level: 0,
          score: 1.25,
          measure: 'files',
          value: 5,
          limit: 4,
          chosen: true,
          why: 'highest-score',
        },
        {
          level: 1,
          score: 1.07,
          measure: 'bytes',
          value: 70_124,
          limit: 65_536,
          chosen: false,
          why: 'lower-score',
        },
        {
          level: 2,
          score: 0.31,
          measure: 'bytes',
          value: 203_161,
          limit: 655_360,
          chosen: false,
          why: 'score-below-1',
        },
      ],
      ...{ inputs: given, outputLevel, smallestKey: keys[0]!, largestKey: keys.at(-1)! },
    });
    const entries = inputs.reduce((sum, { info }) => sum + info.entries, 0);
    const sizeBytes = inputs.reduce((sum, { info }) => sum + info.sizeBytes, 0);
    this.emit({
      ...{
        kind: 'compaction.begin',
        job,
        family: 0,
        inputs: given,
        outputLevel,
        entries,
        sizeBytes,
      },
      ...{ manner: 'merge', snapshots: this.snapshots },
    });
    const outputs = new SampleMerge(this, job, inputs, outputLevel, bottom).run(++this.#file);
    this.#edit(job, outputs.tables, inputs, 0, this.state.wal.active);
    for (const { info } of inputs) this.emit({ kind: 'table.delete', file: info.file });
    this.emit({
      ...{ kind: 'compaction.end', job, outcome: 'done', totals: outputs.totals },
      ...{ outputs: outputs.tables.map(({ info }) => info.file), durationMicros: 18_400 },
    });
  }

  nextFile(): number {
    return ++this.#file;
  }

  /** A read through memtable and tables. */
  get(key: string, sequence: number = this.#sequence): void {
    const operation = ++this.#operation;
    const sought = bytesOf(key);
    this.emit({
      ...{ kind: 'get.begin', operation, family: 0, key: sought, sequence },
      snapshot: sequence !== this.#sequence,
    });
    const reader = new SampleReader(this, operation, sought, sequence);
    reader.memtable(this.#memtable, this.#memtableNumber);
    const order = [...this.tables].sort(
      (left, right) => left.level - right.level || right.info.file - left.info.file,
    );
    for (const table of order) reader.table(table);
    reader.end();
  }
}

function batchBytes(batch: readonly (readonly [EntryKind, string, number])[]): number {
  return batch.reduce((sum, [, key, size]) => sum + key.length + size + 4, 0);
}

// A tiny store in memory that emits what a real one would: enough to draw every close-up, with sizes
// and keys that a seed chooses. Its skip list, filter and merge are real, so paths, bits and verdicts
// are consistent with each other; its bytes and times are made up.

import { Random } from '../../../src/base/random.ts';
import { emptyState } from '../../../src/protocol/emptyState.ts';
import type {
  EntryKind,
  LsmEvent,
  LsmEventBody,
  MergeDecision,
  MergeHead,
  TableInfo,
} from '../../../src/protocol/events.ts';
import type { SearchStep, HalvingStep } from '../../../src/protocol/events.ts';
import { reduce } from '../../../src/protocol/reduce.ts';
import type { MemtableNode, TreeState } from '../../../src/protocol/treeState.ts';
import { compareKeys } from '../../../webview/scenes/drawing/figures.ts';

export interface SampleEntry extends MemtableNode {
  readonly valuePreview: Uint8Array;
}

export interface SampleTable {
  readonly info: TableInfo;
  readonly level: number;
  readonly entries: readonly SampleEntry[];
  readonly filter: Uint8Array;
  readonly blockSize: number;
}

const utf8 = new TextEncoder();
const probes = 7;
const lineBits = 512;
const restartInterval = 4;

export function bytesOf(text: string): Uint8Array {
  return utf8.encode(text);
}

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
  write(batches: readonly (readonly (readonly [EntryKind, string, number])[])[], sync: boolean): void {
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
    this.#memtable.sort(listOrder);
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
    this.emit({ kind: 'wal.rotate', from: oldWal, to: newWal, fromSizeBytes: this.#walOffset, toSizeBytes: 32 });
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
    const writer = new TableWriter(this, job, file, entries, blockEntries);
    const sizeBytes = writer.write();
    const keys = entries.map(({ key }) => key);
    const info: TableInfo = {
      ...{ file, name: `${String(file).padStart(6, '0')}.sst`, sizeBytes, run: level === 0 ? file : 0 },
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
    return { info, level, entries, filter: writer.filter, blockSize: blockEntries };
  }

  /** Merges the given tables into the level below them. */
  compact(inputs: readonly SampleTable[], outputLevel: number, bottom: boolean): void {
    const job = ++this.#job;
    const given = [...new Set(inputs.map(({ level }) => level))].map((level) => ({
      level,
      files: inputs.filter((table) => table.level === level).map(({ info }) => info.file),
    }));
    const keys = inputs.flatMap(({ info }) => [info.smallestKey, info.largestKey]).sort(compareKeys);
    this.emit({
      ...{ kind: 'compaction.pick', job, family: 0, strategy: 'leveled', reason: 'level-score' },
      candidates: [
        { level: 0, score: 1.25, measure: 'files', value: 5, limit: 4, chosen: true, why: 'highest-score' },
        { level: 1, score: 1.07, measure: 'bytes', value: 70_124, limit: 65_536, chosen: false, why: 'lower-score' },
        { level: 2, score: 0.31, measure: 'bytes', value: 203_161, limit: 655_360, chosen: false, why: 'score-below-1' },
      ],
      ...{ inputs: given, outputLevel, smallestKey: keys[0]!, largestKey: keys.at(-1)! },
    });
    const entries = inputs.reduce((sum, { info }) => sum + info.entries, 0);
    const sizeBytes = inputs.reduce((sum, { info }) => sum + info.sizeBytes, 0);
    this.emit({
      ...{ kind: 'compaction.begin', job, family: 0, inputs: given, outputLevel, entries, sizeBytes },
      ...{ manner: 'merge', snapshots: this.snapshots },
    });
    const outputs = new Merge(this, job, inputs, outputLevel, bottom).run(++this.#file);
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
    const reader = new Reader(this, operation, sought, sequence);
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

export function listOrder(left: SampleEntry, right: SampleEntry): number {
  return compareKeys(left.key, right.key) || right.sequence - left.sequence;
}

/** The search of a skip list whose nodes are given in order. */
export function searchPath(
  nodes: readonly SampleEntry[],
  key: Uint8Array,
  sequence: number,
): readonly SearchStep[] {
  const steps: SearchStep[] = [];
  let at = -1;
  for (let level = Math.max(0, ...nodes.map(({ height }) => height - 1)); level >= 0; ) {
    const next = nodes.findIndex((node, index) => index > at && node.height > level);
    const node = nodes[next];
    const smaller =
      node !== undefined &&
      (compareKeys(node.key, key) || sequence - node.sequence) < 0;
    steps.push({
      ...{ level, key: node?.key ?? null, sequence: node?.sequence ?? 0 },
      went: smaller ? 'right' : 'down',
    });
    if (smaller) at = next;
    else level -= 1;
  }
  return steps;
}

function hashOf(key: Uint8Array): readonly [number, number] {
  let first = 0x811c9dc5;
  let second = 0x9e3779b1;
  for (const byte of key) {
    first = Math.imul(first ^ byte, 0x01000193);
    second = Math.imul(second + byte, 0x85ebca6b) ^ (second >>> 13);
  }
  return [(first ^ (first >>> 15)) >>> 0, (second ^ (second >>> 16)) >>> 0];
}

function bitsOf(key: Uint8Array, lines: number): readonly number[] {
  const [first, second] = hashOf(key);
  const line = first % lines;
  const step = second | 1;
  return Array.from(
    { length: probes },
    (_, index) => line * lineBits + ((Math.imul(index, step) + second) >>> 23),
  );
}

function isSet(filter: Uint8Array, bit: number): boolean {
  return (filter[bit >> 3]! & (1 << (bit & 7))) !== 0;
}

class TableWriter {
  readonly filter: Uint8Array;
  blocks = 0;
  readonly #store: SampleStore;
  readonly #job: number;
  readonly #file: number;
  readonly #entries: readonly SampleEntry[];
  readonly #blockEntries: number;
  #offset = 0;

  constructor(
    store: SampleStore,
    job: number,
    file: number,
    entries: readonly SampleEntry[],
    blockEntries: number,
  ) {
    this.#store = store;
    this.#job = job;
    this.#file = file;
    this.#entries = entries;
    this.#blockEntries = blockEntries;
    this.filter = new Uint8Array(Math.max(1, Math.ceil((entries.length * 10) / lineBits)) * 64);
  }

  write(): number {
    for (let from = 0; from < this.#entries.length; from += this.#blockEntries) {
      this.#dataBlock(from, Math.min(from + this.#blockEntries, this.#entries.length));
    }
    this.#filterBits();
    this.#block('filter', 0, this.filter.length, 0);
    this.#block('index', 0, 18 * this.blocks, this.blocks);
    this.#block('properties', 0, 212, 0);
    this.#block('footer', 0, 64, 0);
    return this.#offset;
  }

  #dataBlock(from: number, to: number): void {
    let sizeBytes = 12;
    for (let index = from; index < to; index++) {
      const entry = this.#entries[index]!;
      const restart = (index - from) % restartInterval === 0;
      const before = this.#entries[index - 1]?.key;
      const sharedBytes = restart || before === undefined ? 0 : sharedLength(before, entry.key);
      sizeBytes += entry.key.length - sharedBytes + entry.valueSizeBytes + 9;
      this.#store.emit({
        ...{ kind: 'table.entry', job: this.#job, file: this.#file, block: this.blocks },
        ...{ entryKind: entry.entryKind, key: entry.key, sequence: entry.sequence },
        ...{ valueSizeBytes: entry.valueSizeBytes, sharedBytes, restart },
        filterHash: hashOf(entry.key),
      });
    }
    this.#block('data', this.blocks, sizeBytes, to - from);
    this.blocks += 1;
  }

  #block(
    blockKind: 'data' | 'filter' | 'index' | 'properties' | 'footer',
    block: number,
    sizeBytes: number,
    entries: number,
  ): void {
    const offset = this.#offset;
    this.#offset += sizeBytes;
    this.#store.emit({
      ...{ kind: 'table.block', job: this.#job, file: this.#file, blockKind, block, offset },
      ...{ sizeBytes, rawSizeBytes: sizeBytes, entries, restarts: Math.ceil(entries / restartInterval) },
      ...{ checksum: this.#store.random.nextUint32(), fileSizeBytes: this.#offset },
      fileEntries: Math.min(this.#entries.length, (block + 1) * this.#blockEntries),
    });
  }

  #filterBits(): void {
    const lines = this.filter.length / 64;
    const distinct = this.#entries.filter(
      ({ key }, index) => index === 0 || compareKeys(key, this.#entries[index - 1]!.key) !== 0,
    );
    const insertions = distinct.map(({ key }) => ({ key, bits: bitsOf(key, lines) }));
    for (const { bits } of insertions) {
      for (const bit of bits) this.filter[bit >> 3]! |= 1 << (bit & 7);
    }
    const bitCount = this.filter.length * 8;
    let bitsSet = 0;
    for (let bit = 0; bit < bitCount; bit++) if (isSet(this.filter, bit)) bitsSet += 1;
    this.#store.emit({
      ...{ kind: 'table.filter', job: this.#job, file: this.#file, keys: distinct.length },
      ...{ bitCount, probes, bitsSet, predictedFalsePositiveRate: (bitsSet / bitCount) ** probes },
      bits: this.filter.slice(0, 4096),
      insertions: insertions.slice(0, 64),
    });
  }
}

function sharedLength(left: Uint8Array, right: Uint8Array): number {
  let length = 0;
  while (length < left.length && left[length] === right[length]) length += 1;
  return length;
}

class Merge {
  readonly #store: SampleStore;
  readonly #job: number;
  readonly #lanes: { readonly table: SampleTable; at: number }[];
  readonly #outputLevel: number;
  readonly #bottom: boolean;
  #totals = {
    ...{ entriesIn: 0, entriesOut: 0, shadowed: 0, tombstonesDropped: 0 },
    ...{ bytesRead: 0, bytesWritten: 0 },
  };

  constructor(
    store: SampleStore,
    job: number,
    inputs: readonly SampleTable[],
    outputLevel: number,
    bottom: boolean,
  ) {
    this.#store = store;
    this.#job = job;
    this.#lanes = inputs.map((table) => ({ table, at: 0 }));
    this.#outputLevel = outputLevel;
    this.#bottom = bottom;
  }

  run(file: number): { readonly tables: readonly SampleTable[]; readonly totals: Merge['totals'] } {
    const kept: SampleEntry[] = [];
    let newest: SampleEntry | undefined;
    for (let heads = this.#heads(); heads.some((head) => head !== null); heads = this.#heads()) {
      const lane = smallest(heads);
      const { table, at } = this.#lanes[lane]!;
      const entry = table.entries[at]!;
      const decision = this.#decide(entry, newest);
      newest = entry;
      this.#lanes[lane]!.at += 1;
      this.#count(entry, decision);
      if (decision.verdict === 'keep') kept.push(entry);
      this.#store.emit({
        ...{ kind: 'compaction.entry', job: this.#job, lane, file: table.info.file },
        ...{ level: table.level, entryKind: entry.entryKind, key: entry.key },
        ...{ sequence: entry.sequence, valueSizeBytes: entry.valueSizeBytes, decision, heads },
        ...{ output: decision.verdict === 'keep' ? file : 0, totals: { ...this.#totals } },
      });
    }
    const tables =
      kept.length === 0
        ? []
        : [this.#store.writeTable(this.#job, file, this.#outputLevel, kept)];
    return { tables, totals: this.totals };
  }

  get totals() {
    return { ...this.#totals };
  }

  #heads(): (MergeHead | null)[] {
    return this.#lanes.map(({ table, at }) => {
      const entry = table.entries[at];
      if (entry === undefined) return null;
      return { key: entry.key, sequence: entry.sequence, file: table.info.file, level: table.level };
    });
  }

  #decide(entry: SampleEntry, newest: SampleEntry | undefined): MergeDecision {
    if (newest !== undefined && compareKeys(newest.key, entry.key) === 0) {
      const snapshot = this.#store.snapshots.find(
        (each) => each >= entry.sequence && each < newest.sequence,
      );
      if (snapshot !== undefined) return { verdict: 'keep', because: 'snapshot-needs-it', snapshot };
      return { verdict: 'drop', because: 'shadowed', by: newest.sequence };
    }
    if (entry.entryKind !== 'delete') return { verdict: 'keep', because: 'newest-version' };
    return this.#bottom
      ? { verdict: 'drop', because: 'tombstone-nothing-older-below' }
      : { verdict: 'keep', because: 'tombstone-may-hide-older', level: this.#outputLevel + 1 };
  }

  #count(entry: SampleEntry, decision: MergeDecision): void {
    const size = entry.key.length + entry.valueSizeBytes;
    const kept = decision.verdict === 'keep';
    const shadowed = decision.because === 'shadowed';
    this.#totals = {
      entriesIn: this.#totals.entriesIn + 1,
      entriesOut: this.#totals.entriesOut + (kept ? 1 : 0),
      shadowed: this.#totals.shadowed + (shadowed ? 1 : 0),
      tombstonesDropped: this.#totals.tombstonesDropped + (kept || shadowed ? 0 : 1),
      bytesRead: this.#totals.bytesRead + size,
      bytesWritten: this.#totals.bytesWritten + (kept ? size : 0),
    };
  }
}

function smallest(heads: readonly (MergeHead | null)[]): number {
  let best = -1;
  for (const [index, head] of heads.entries()) {
    const leader = heads[best] ?? undefined;
    if (head === null) continue;
    if (leader === undefined || leader === null) best = index;
    else if ((compareKeys(head.key, leader.key) || leader.sequence - head.sequence) < 0) best = index;
  }
  return best;
}

class Reader {
  readonly #store: SampleStore;
  readonly #operation: number;
  readonly #key: Uint8Array;
  readonly #sequence: number;
  #found: { entry: SampleEntry; table: SampleTable | undefined } | undefined;
  #tables = 0;
  #negatives = 0;
  #blocks = 0;
  #cached = 0;

  constructor(store: SampleStore, operation: number, key: Uint8Array, sequence: number) {
    this.#store = store;
    this.#operation = operation;
    this.#key = key;
    this.#sequence = sequence;
  }

  memtable(nodes: readonly SampleEntry[], memtable: number): void {
    const same = nodes.filter(({ key }) => compareKeys(key, this.#key) === 0);
    const entry = same.find(({ sequence }) => sequence <= this.#sequence);
    if (entry !== undefined) this.#found = { entry, table: undefined };
    this.#store.emit({
      ...{ kind: 'memtable.lookup', operation: this.#operation, memtable, immutable: false },
      path: searchPath(nodes, this.#key, this.#sequence),
      ...{ result: resultOf(entry), sequence: entry?.sequence ?? 0 },
      passedOver: same.filter(({ sequence }) => sequence > this.#sequence).length,
    });
  }

  table(table: SampleTable): void {
    if (this.#found !== undefined) return;
    const { info, level } = table;
    const tie = { operation: this.#operation, level, file: info.file };
    this.#tables += 1;
    if (compareKeys(this.#key, info.smallestKey) < 0 || compareKeys(this.#key, info.largestKey) > 0) {
      this.#store.emit({ kind: 'table.skip', ...tie, reason: 'key-range' });
      return;
    }
    if (!this.#filter(table)) return;
    const blocks = info.dataBlocks;
    const index = this.#index(table, tie);
    this.#blocks += 1;
    const cacheHit = this.#store.below(2) === 0;
    if (cacheHit) this.#cached += 1;
    this.#store.emit({
      ...{ kind: 'block.read', operation: this.#operation, file: info.file, block: index },
      ...{ offset: index * 410, sizeBytes: 410, rawSizeBytes: 410, cacheHit },
      ...{ durationMicros: cacheHit ? 0.6 : 38, cacheSizeBytes: 4100, cacheBlocks: blocks },
    });
    this.#search(table, tie, index);
  }

  #filter({ info, level, filter }: SampleTable): boolean {
    const lines = filter.length / 64;
    const bits = bitsOf(this.#key, lines);
    const line = Math.floor(bits[0]! / lineBits);
    const seen: { bit: number; set: boolean }[] = [];
    for (const bit of bits) {
      seen.push({ bit, set: isSet(filter, bit) });
      if (!seen.at(-1)!.set) break;
    }
    const maybe = seen.every(({ set }) => set);
    if (!maybe) this.#negatives += 1;
    this.#store.emit({
      ...{ kind: 'filter.check', operation: this.#operation, level, file: info.file },
      ...{ hash: hashOf(this.#key), bitCount: filter.length * 8, line },
      lineBytes: filter.slice(line * 64, line * 64 + 64),
      ...{ probes: seen, probesMax: probes, verdict: maybe ? 'maybe' : 'absent' },
      predictedFalsePositiveRate: 0.0082,
    });
    return maybe;
  }

  #index(table: SampleTable, tie: { operation: number; level: number; file: number }): number {
    const { blockSize, entries, info } = table;
    const lasts = Array.from(
      { length: info.dataBlocks },
      (_, block) => entries[Math.min(entries.length, (block + 1) * blockSize) - 1]!.key,
    );
    const steps = halving(lasts, this.#key);
    const block = lasts.findIndex((last) => compareKeys(this.#key, last) <= 0);
    this.#store.emit({ kind: 'index.seek', ...tie, blocks: info.dataBlocks, steps, block });
    return Math.max(0, block);
  }

  #search(
    table: SampleTable,
    tie: { operation: number; level: number; file: number },
    block: number,
  ): void {
    const inside = table.entries.slice(block * table.blockSize, (block + 1) * table.blockSize);
    const restarts = inside.filter((_, index) => index % restartInterval === 0);
    const same = inside.filter(({ key }) => compareKeys(key, this.#key) === 0);
    const entry = same.find(({ sequence }) => sequence <= this.#sequence);
    if (entry !== undefined) this.#found = { entry, table };
    this.#store.emit({
      ...{ kind: 'block.search', ...tie, block },
      steps: halving(restarts.map(({ key }) => key), this.#key),
      ...{ entriesDecoded: 3, result: resultOf(entry), sequence: entry?.sequence ?? 0 },
      passedOver: same.filter(({ sequence }) => sequence > this.#sequence).length,
      falsePositive: same.length === 0,
    });
  }

  end(): void {
    const found = this.#found;
    this.#store.emit({
      ...{ kind: 'get.end', operation: this.#operation, result: resultOf(found?.entry) },
      source: found === undefined ? 'none' : found.table === undefined ? 'memtable' : 'table',
      ...{ level: found?.table?.level ?? -1, file: found?.table?.info.file ?? 0 },
      sequence: found?.entry.sequence ?? 0,
      valueSizeBytes: found?.entry.valueSizeBytes ?? 0,
      valuePreview: found?.entry.valuePreview ?? new Uint8Array(0),
      ...{ tablesConsidered: this.#tables, filterNegatives: this.#negatives },
      ...{ blocksRead: this.#blocks, blocksFromCache: this.#cached, durationMicros: 41.2 },
    });
  }
}

function resultOf(entry: SampleEntry | undefined): 'found' | 'tombstone' | 'absent' {
  if (entry === undefined) return 'absent';
  return entry.entryKind === 'delete' ? 'tombstone' : 'found';
}

/** The halvings that find the first of `keys` not smaller than `key`. */
function halving(keys: readonly Uint8Array[], key: Uint8Array): readonly HalvingStep[] {
  const steps: HalvingStep[] = [];
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const comparison = Math.sign(compareKeys(key, keys[middle]!));
    steps.push({ low, middle, high, key: keys[middle]!, comparison });
    if (comparison > 0) low = middle + 1;
    else high = middle;
  }
  return steps;
}

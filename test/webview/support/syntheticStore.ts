// A small model of a store that does nothing but tell: it makes the stream of events that an engine
// would make for the same calls, for tests of the page that need no engine and no disk.

import { compareBytes } from '../../../src/base/bytes.ts';
import { Random } from '../../../src/base/random.ts';
import { emptyState, NO_COUNTS } from '../../../src/protocol/emptyState.ts';
import type {
  Counters,
  EntryKind,
  LevelTarget,
  LsmEvent,
  LsmEventBody,
  MergeHead,
  MergeTotals,
  PlacedTable,
  SearchStep,
  TableInfo,
} from '../../../src/protocol/events.ts';
import type { TreeState } from '../../../src/protocol/treeState.ts';

interface Entry {
  readonly key: Uint8Array;
  readonly kind: EntryKind;
  readonly sequence: number;
  readonly size: number;
  readonly height: number;
}

interface Table {
  readonly info: TableInfo;
  readonly entries: readonly Entry[];
}

export interface SyntheticOptions {
  readonly seed: number;
  readonly memtableEntries: number;
  readonly l0Tables: number;
  readonly tableEntries: number;
  readonly levelBytes: number;
}

const OPTIONS: SyntheticOptions = {
  seed: 7,
  memtableEntries: 48,
  l0Tables: 4,
  tableEntries: 120,
  levelBytes: 24_000,
};
const START_MICROS = 1_700_000_000_000_000;

/** Tells what a store would. Every call appends to `events`. */
export class SyntheticStore {
  readonly events: LsmEvent[] = [];
  readonly initial: TreeState;
  private readonly options: SyntheticOptions;
  private readonly random: Random;
  private readonly levels: Table[][] = [[], [], [], [], [], [], []];
  private entries: Entry[] = [];
  private counters: Counters = NO_COUNTS;
  private memtable = 1;
  private memtableBytes = 0;
  private wal = 3;
  private walBytes = 40;
  private walSynced = 40;
  private walRecords = 0;
  private walUnsynced = 0;
  private sequence = 0;
  private nextFile = 4;
  private job = 0;
  private operation = 0;
  private group = 0;
  private micros = START_MICROS;
  private cacheBytes = 0;
  private cacheBlocks = 0;
  private edits = 1;

  constructor(options: Partial<SyntheticOptions> = {}) {
    this.options = { ...OPTIONS, ...options };
    this.random = new Random(this.options.seed);
    const blank = emptyState();
    const family = blank.families[0]!;
    this.initial = {
      ...blank,
      timeMicros: START_MICROS,
      store: {
        ...blank.store,
        directory: '/stores/orders-db',
        engineVersion: '0.1.0',
        strategy: 'leveled',
      },
      wal: {
        active: 3,
        segments: [{ file: 3, sizeBytes: 40, syncedBytes: 40, records: 0, recordsUnsynced: 0 }],
      },
      families: [
        {
          ...family,
          memtable: {
            ...family.memtable,
            memtable: 1,
            capacityBytes: this.options.memtableEntries * 96,
          },
          levels: this.targets().map((target) => ({
            level: target.level,
            tables: [],
            sizeBytes: 0,
            target,
          })),
        },
      ],
      cache: { sizeBytes: 0, capacityBytes: 256 * 1024, blocks: 0 },
      manifest: { name: 'MANIFEST-000001', sizeBytes: 120, edits: 1 },
    };
  }

  put(key: string, size = 40, sync = false): void {
    this.write('put', encode(key), size, sync);
  }

  delete(key: string, sync = false): void {
    this.write('delete', encode(key), 0, sync);
  }

  get(name: string): void {
    const key = encode(name);
    const operation = ++this.operation;
    const about = { operation } as const;
    this.emit({
      kind: 'get.begin',
      ...about,
      family: 0,
      key,
      sequence: this.sequence,
      snapshot: false,
    });
    const found = this.entries.filter((one) => compareBytes(one.key, key) === 0).at(-1);
    this.emit({
      kind: 'memtable.lookup',
      ...about,
      memtable: this.memtable,
      immutable: false,
      path: this.searchPath(key),
      result: found === undefined ? 'absent' : found.kind === 'put' ? 'found' : 'tombstone',
      sequence: found?.sequence ?? 0,
      passedOver: 0,
    });
    if (found !== undefined) return this.endGet(operation, found, 'memtable', -1, 0);
    let considered = 0;
    for (const [level, tables] of this.levels.entries()) {
      for (const table of tables) {
        if (!covers(table, key)) continue;
        considered += 1;
        const answer = this.askTable(operation, level, table, key);
        if (answer !== undefined)
          return this.endGet(operation, answer, 'table', level, considered, table.info.file);
      }
    }
    this.endGet(operation, undefined, 'none', -1, considered);
  }

  summary(leftOut = 0): void {
    this.emit({
      kind: 'summary',
      leftOut,
      gauges: {
        lastSequence: this.sequence,
        wal: { active: this.wal, segments: [this.segment()] },
        memtable: {
          memtable: this.memtable,
          entries: this.entries.length,
          tombstones: this.tombstones(this.entries),
          sizeBytes: this.memtableBytes,
        },
        cache: { sizeBytes: this.cacheBytes, blocks: this.cacheBlocks },
        counters: this.counters,
      },
    });
  }

  flush(): void {
    if (this.entries.length === 0) return;
    const sealed = sorted(this.entries);
    const memtable = this.memtable;
    const oldWal = this.wal;
    const file = this.nextFile++;
    const job = ++this.job;
    this.wal = this.nextFile++;
    this.emit({
      kind: 'wal.rotate',
      from: oldWal,
      to: this.wal,
      fromSizeBytes: this.walBytes,
      toSizeBytes: 40,
    });
    this.emit({
      kind: 'memtable.seal',
      family: 0,
      memtable,
      entries: sealed.length,
      tombstones: this.tombstones(sealed),
      sizeBytes: this.memtableBytes,
      reason: 'full',
      next: { memtable: ++this.memtable, capacityBytes: this.options.memtableEntries * 96 },
      walSegments: [oldWal],
    });
    const sizeBytes = this.memtableBytes;
    this.entries = [];
    this.memtableBytes = 0;
    [this.walBytes, this.walSynced, this.walRecords, this.walUnsynced] = [40, 40, 0, 0];
    const table = this.table(file, sealed, 0, 'flush');
    const begun = { family: 0, memtable, file, entries: sealed.length, sizeBytes } as const;
    this.emit({ kind: 'flush.begin', job, ...begun, reason: 'full' });
    for (let done = 12; done < sealed.length; done += 12) {
      this.emit({ kind: 'flush.progress', job, entriesDone: done, bytesWritten: done * 60 });
    }
    this.emit({ kind: 'table.create', job, table: table.info, syncMicros: 900 });
    this.levels[0]!.unshift(table);
    this.edit(job, [{ level: 0, table: table.info }], [], memtable);
    this.emit({ kind: 'wal.delete', wal: oldWal });
    const bytes = table.info.sizeBytes;
    this.count({ flushes: 1, flushBytesWritten: bytes });
    this.emit({
      kind: 'flush.end',
      job,
      outcome: 'done',
      file,
      bytesWritten: bytes,
      durationMicros: 2400,
    });
    this.summary();
    this.compactWhileDue();
  }

  /** Puts, deletes and gets over a space of keys, as an application might. */
  run(operations: number, keys = 400): void {
    for (let at = 0; at < operations; at++) {
      const key = `user:${String(this.random.nextBelow(keys)).padStart(4, '0')}`;
      const dice = this.random.nextFraction();
      if (dice < 0.78) this.put(key, 20 + this.random.nextBelow(60), dice < 0.1);
      else if (dice < 0.86) this.delete(key);
      else this.get(key);
    }
    this.summary();
  }

  private write(kind: 'put' | 'delete', key: Uint8Array, size: number, sync: boolean): void {
    const operation = ++this.operation;
    const group = ++this.group;
    const preview = new Uint8Array(Math.min(size, 64)).fill(0x61);
    const written = { kind, key, valueSizeBytes: size, valuePreview: preview };
    const sizeBytes = key.length + size;
    const sequence = ++this.sequence;
    this.emit({
      kind: 'write.begin',
      operation,
      entryCount: 1,
      entries: [written],
      sizeBytes,
      sync,
    });
    const grouped = {
      group,
      operations: [operation],
      entries: 1,
      sizeBytes,
      firstSequence: sequence,
    };
    this.emit({ kind: 'write.group', ...grouped, sync });
    const recordBytes = sizeBytes + 36;
    const offset = this.walBytes;
    this.walBytes += recordBytes;
    this.walRecords += 1;
    this.walUnsynced += 1;
    this.emit({
      kind: 'wal.append',
      wal: this.wal,
      group,
      offset,
      sizeBytes: recordBytes,
      checksum: this.random.nextUint32(),
      syncedOffset: this.walSynced,
      firstSequence: sequence,
      entries: 1,
      walSizeBytes: this.walBytes,
      walRecords: this.walRecords,
      walRecordsUnsynced: this.walUnsynced,
    });
    if (sync) this.syncWal(group);
    this.insert(operation, { key, kind, sequence, size, height: this.towerHeight() });
    this.count({
      puts: kind === 'put' ? 1 : 0,
      deletes: kind === 'delete' ? 1 : 0,
      userBytesWritten: sizeBytes,
      walBytesWritten: recordBytes,
    });
    const span = { firstSequence: sequence, lastSequence: sequence };
    this.emit({
      kind: 'write.end',
      operation,
      group,
      ...span,
      durable: sync,
      durationMicros: sync ? 640 : 7,
    });
    if (sequence % 8 === 0) this.summary();
    if (this.entries.length >= this.options.memtableEntries) this.flush();
  }

  private syncWal(group: number): void {
    this.walSynced = this.walBytes;
    this.walUnsynced = 0;
    this.count({ walSyncs: 1 });
    this.emit({
      kind: 'wal.sync',
      wal: this.wal,
      group,
      syncedBytes: this.walSynced,
      walRecordsUnsynced: 0,
      durationMicros: 610,
    });
  }

  private insert(operation: number, entry: Entry): void {
    const path = this.searchPath(entry.key);
    this.entries.push(entry);
    this.memtableBytes += entry.key.length + entry.size + 32;
    this.emit({
      kind: 'memtable.insert',
      family: 0,
      memtable: this.memtable,
      operation,
      entryKind: entry.kind,
      key: entry.key,
      sequence: entry.sequence,
      valueSizeBytes: entry.size,
      valuePreview: new Uint8Array(Math.min(entry.size, 64)).fill(0x61),
      height: entry.height,
      path,
      entries: this.entries.length,
      tombstones: this.tombstones(this.entries),
      sizeBytes: this.memtableBytes,
    });
  }

  private searchPath(key: Uint8Array): readonly SearchStep[] {
    const nodes = sorted(this.entries);
    const steps: SearchStep[] = [];
    let at = -1;
    const top = nodes.reduce((height, node) => Math.max(height, node.height), 1);
    for (let level = top - 1; level >= 0; level--) {
      for (;;) {
        const next = nodes.findIndex((node, index) => index > at && node.height > level);
        const node = next < 0 ? undefined : nodes[next];
        const right = node !== undefined && compareBytes(node.key, key) < 0;
        const seen = { level, key: node?.key ?? null, sequence: node?.sequence ?? 0 };
        steps.push({ ...seen, went: right ? 'right' : 'down' });
        if (!right) break;
        at = next;
      }
    }
    return steps;
  }

  private askTable(
    operation: number,
    level: number,
    table: Table,
    key: Uint8Array,
  ): Entry | undefined {
    const about = { operation, level, file: table.info.file };
    const entry = table.entries.find((one) => compareBytes(one.key, key) === 0);
    const lied = entry === undefined && this.random.nextFraction() < 0.1;
    const maybe = entry !== undefined || lied;
    const probesMax = 7;
    const bits = maybe ? probesMax : 1 + this.random.nextBelow(probesMax);
    this.count({
      filterChecks: 1,
      filterNegatives: maybe ? 0 : 1,
      filterFalsePositives: lied ? 1 : 0,
    });
    this.emit({
      kind: 'filter.check',
      ...about,
      hash: [this.random.nextUint32(), this.random.nextUint32()],
      bitCount: 2048,
      line: 1,
      lineBytes: new Uint8Array(64).map(() => this.random.nextBelow(256)),
      probes: Array.from({ length: bits }, (_, at) => ({
        bit: 512 + this.random.nextBelow(512),
        set: maybe || at < bits - 1,
      })),
      probesMax,
      verdict: maybe ? 'maybe' : 'absent',
      predictedFalsePositiveRate: 0.0082,
    });
    if (!maybe) return undefined;
    const blocks = table.info.dataBlocks;
    const block = this.random.nextBelow(blocks);
    this.emit({ kind: 'index.seek', ...about, blocks, steps: [], block });
    this.readBlock(operation, table.info.file, block);
    this.emit({
      kind: 'block.search',
      ...about,
      block,
      steps: [],
      entriesDecoded: 5,
      result: entry === undefined ? 'absent' : entry.kind === 'put' ? 'found' : 'tombstone',
      sequence: entry?.sequence ?? 0,
      passedOver: 0,
      falsePositive: lied,
    });
    return entry;
  }

  private readBlock(operation: number, file: number, block: number): void {
    const cacheHit = this.random.nextFraction() < 0.6;
    if (!cacheHit && this.cacheBytes < 250 * 1024) {
      this.cacheBytes += 4096;
      this.cacheBlocks += 1;
    }
    this.count({
      blockReads: cacheHit ? 0 : 1,
      cacheHits: cacheHit ? 1 : 0,
      cacheMisses: cacheHit ? 0 : 1,
    });
    this.emit({
      kind: 'block.read',
      operation,
      file,
      block,
      offset: block * 4096,
      sizeBytes: 4096,
      rawSizeBytes: 4096,
      cacheHit,
      durationMicros: cacheHit ? 1 : 38,
      cacheSizeBytes: this.cacheBytes,
      cacheBlocks: this.cacheBlocks,
    });
  }

  private endGet(
    operation: number,
    entry: Entry | undefined,
    source: 'memtable' | 'table' | 'none',
    level: number,
    tablesConsidered: number,
    file = 0,
  ): void {
    const result = entry === undefined ? 'absent' : entry.kind === 'put' ? 'found' : 'tombstone';
    this.count({ gets: 1, getsFound: result === 'found' ? 1 : 0 });
    this.emit({
      kind: 'get.end',
      operation,
      result,
      source,
      level,
      file,
      sequence: entry?.sequence ?? 0,
      valueSizeBytes: entry?.size ?? 0,
      valuePreview: new Uint8Array(Math.min(entry?.size ?? 0, 64)).fill(0x61),
      tablesConsidered,
      filterNegatives: Math.max(0, tablesConsidered - 1),
      blocksRead: 1,
      blocksFromCache: 0,
      durationMicros: 41,
    });
  }

  private compactWhileDue(): void {
    for (;;) {
      const due = this.targets().find((target) => target.score >= 1);
      if (due === undefined) return;
      this.compact(due.level);
    }
  }

  /** Merges all of level 0, or the oldest table of a deeper level, with what overlaps below. */
  private compact(level: number): void {
    const job = ++this.job;
    const outputLevel = level + 1;
    const upper = level === 0 ? [...this.levels[0]!] : [oldest(this.levels[level]!)];
    const keys = upper
      .flatMap((table) => [table.info.smallestKey, table.info.largestKey])
      .sort(compareBytes);
    const [smallestKey, largestKey] = [keys[0]!, keys.at(-1)!];
    const lower = this.levels[outputLevel]!.filter(
      (table) =>
        compareBytes(table.info.smallestKey, largestKey) <= 0 &&
        compareBytes(table.info.largestKey, smallestKey) >= 0,
    );
    const inputs = [
      { level, files: upper.map((table) => table.info.file) },
      { level: outputLevel, files: lower.map((table) => table.info.file) },
    ];
    const all = [...upper, ...lower];
    const entries = all.reduce((sum, table) => sum + table.entries.length, 0);
    const sizeBytes = all.reduce((sum, table) => sum + table.info.sizeBytes, 0);
    const targets = this.targets();
    this.emit({
      kind: 'compaction.pick',
      job,
      family: 0,
      strategy: 'leveled',
      reason: 'level-score',
      candidates: targets.map((target) => ({
        level: target.level,
        score: target.score,
        measure: target.measure,
        value: target.score * target.limit,
        limit: target.limit,
        chosen: target.level === level,
        why: target.level === level ? 'highest-score' : 'score-below-1',
      })),
      inputs,
      outputLevel,
      smallestKey,
      largestKey,
    });
    this.emit({
      kind: 'compaction.begin',
      job,
      family: 0,
      inputs,
      outputLevel,
      entries,
      sizeBytes,
      manner: 'merge',
      snapshots: [],
    });
    this.merge(job, level, outputLevel, upper, lower, entries, sizeBytes);
  }

  private merge(
    job: number,
    level: number,
    outputLevel: number,
    upper: readonly Table[],
    lower: readonly Table[],
    entries: number,
    sizeBytes: number,
  ): void {
    const lanes = [
      ...upper.map((table) => ({ table, level })),
      ...lower.map((table) => ({ table, level: outputLevel })),
    ];
    const places = lanes.map(() => 0);
    let totals: MergeTotals = {
      entriesIn: 0,
      entriesOut: 0,
      shadowed: 0,
      tombstonesDropped: 0,
      bytesRead: 0,
      bytesWritten: 0,
    };
    const bottom = this.levels.slice(outputLevel + 1).every((tables) => tables.length === 0);
    const kept: Entry[] = [];
    const outputs: number[] = [];
    let last: Entry | undefined;
    for (let step = 0; step < entries; step++) {
      const heads = lanes.map(({ table, level: at }, lane): MergeHead | null => {
        const entry = table.entries[places[lane]!];
        return entry === undefined
          ? null
          : { key: entry.key, sequence: entry.sequence, file: table.info.file, level: at };
      });
      let lane = -1;
      for (const [at, head] of heads.entries()) {
        const best = lane < 0 ? null : heads[lane]!;
        if (head !== null && (best === null || compareHeads(head, best) < 0)) lane = at;
      }
      const entry = lanes[lane]!.table.entries[places[lane]!]!;
      places[lane]! += 1;
      const shadowed = last !== undefined && compareBytes(last.key, entry.key) === 0;
      const dropped = !shadowed && entry.kind === 'delete' && bottom;
      if (!shadowed && !dropped && kept.length % this.options.tableEntries === 0)
        outputs.push(this.nextFile++);
      totals = {
        entriesIn: totals.entriesIn + 1,
        entriesOut: totals.entriesOut + (shadowed || dropped ? 0 : 1),
        shadowed: totals.shadowed + (shadowed ? 1 : 0),
        tombstonesDropped: totals.tombstonesDropped + (dropped ? 1 : 0),
        bytesRead: Math.round((sizeBytes * (step + 1)) / entries),
        bytesWritten: kept.length * 60,
      };
      if (!shadowed && !dropped) kept.push(entry);
      if (step < 40) {
        this.emit({
          kind: 'compaction.entry',
          job,
          lane,
          file: lanes[lane]!.table.info.file,
          level: lanes[lane]!.level,
          entryKind: entry.kind,
          key: entry.key,
          sequence: entry.sequence,
          valueSizeBytes: entry.size,
          decision: shadowed
            ? { verdict: 'drop', because: 'shadowed', by: last!.sequence }
            : dropped
              ? { verdict: 'drop', because: 'tombstone-nothing-older-below' }
              : { verdict: 'keep', because: 'newest-version' },
          heads,
          output: shadowed || dropped ? 0 : outputs.at(-1)!,
          totals,
        });
      } else if (step % 32 === 0) {
        this.emit({ kind: 'compaction.progress', job, totals, outputs: [...outputs] });
      }
      if (!shadowed) last = entry;
    }
    this.emit({ kind: 'compaction.progress', job, totals, outputs: [...outputs] });
    this.install(job, level, outputLevel, upper, lower, kept, outputs, totals);
  }

  private install(
    job: number,
    level: number,
    outputLevel: number,
    upper: readonly Table[],
    lower: readonly Table[],
    kept: readonly Entry[],
    outputs: readonly number[],
    totals: MergeTotals,
  ): void {
    const made = outputs.map((file, at) =>
      this.table(
        file,
        kept.slice(at * this.options.tableEntries, (at + 1) * this.options.tableEntries),
        0,
        'compaction',
      ),
    );
    for (const table of made)
      this.emit({ kind: 'table.create', job, table: table.info, syncMicros: 1100 });
    const gone = new Set([...upper, ...lower]);
    const removed = [
      ...upper.map((table) => ({ level, file: table.info.file })),
      ...lower.map((table) => ({ level: outputLevel, file: table.info.file })),
    ];
    this.levels[level] = this.levels[level]!.filter((table) => !gone.has(table));
    this.levels[outputLevel] = [
      ...this.levels[outputLevel]!.filter((table) => !gone.has(table)),
      ...made,
    ].sort((a, b) => compareBytes(a.info.smallestKey, b.info.smallestKey));
    this.edit(
      job,
      made.map(({ info }) => ({ level: outputLevel, table: info })),
      removed,
      0,
    );
    for (const { file } of removed) this.emit({ kind: 'table.delete', file });
    const bytes = made.reduce((sum, table) => sum + table.info.sizeBytes, 0);
    this.count({
      compactions: 1,
      compactionBytesRead: totals.bytesRead,
      compactionBytesWritten: bytes,
    });
    this.emit({
      kind: 'compaction.end',
      job,
      outcome: 'done',
      totals,
      outputs: [...outputs],
      durationMicros: 9000,
    });
    this.summary();
  }

  private edit(
    job: number,
    added: readonly PlacedTable[],
    removed: readonly { readonly level: number; readonly file: number }[],
    flushedMemtable: number,
  ): void {
    this.edits += 1;
    this.emit({
      kind: 'manifest.edit',
      family: 0,
      job,
      manifest: 'MANIFEST-000001',
      sizeBytes: 120 + this.edits * 90,
      added,
      removed,
      flushedMemtable,
      oldestWal: this.wal,
      nextFile: this.nextFile,
      lastSequence: this.sequence,
      syncMicros: 800,
      levels: this.targets(),
    });
  }

  private targets(): readonly LevelTarget[] {
    return this.levels.map((tables, level) => {
      if (level === 0) {
        const limit = this.options.l0Tables;
        return { level, score: tables.length / limit, measure: 'files', limit };
      }
      const limit = this.options.levelBytes * 10 ** (level - 1);
      const bytes = tables.reduce((sum, table) => sum + table.info.sizeBytes, 0);
      return {
        level,
        score: level === this.levels.length - 1 ? 0 : bytes / limit,
        measure: 'bytes',
        limit,
      };
    });
  }

  private table(
    file: number,
    entries: readonly Entry[],
    run: number,
    madeBy: 'flush' | 'compaction',
  ): Table {
    const raw = entries.reduce((sum, entry) => sum + entry.key.length + entry.size, 0);
    const sequences = entries.map((entry) => entry.sequence);
    const info: TableInfo = {
      file,
      name: `${String(file).padStart(6, '0')}.sst`,
      sizeBytes: raw + 300,
      run: madeBy === 'flush' ? file : run,
      entries: entries.length,
      tombstones: this.tombstones(entries),
      smallestKey: entries[0]!.key,
      largestKey: entries.at(-1)!.key,
      smallestSequence: Math.min(...sequences),
      largestSequence: Math.max(...sequences),
      createdMicros: this.micros,
      rawKeyBytes: entries.reduce((sum, entry) => sum + entry.key.length, 0),
      rawValueBytes: entries.reduce((sum, entry) => sum + entry.size, 0),
      dataBlocks: Math.max(1, Math.ceil(raw / 1024)),
      filterSizeBytes: 128,
      indexSizeBytes: 96,
      madeBy,
    };
    return { info, entries };
  }

  private segment(): TreeState['wal']['segments'][number] {
    return {
      file: this.wal,
      sizeBytes: this.walBytes,
      syncedBytes: this.walSynced,
      records: this.walRecords,
      recordsUnsynced: this.walUnsynced,
    };
  }

  private tombstones(entries: readonly Entry[]): number {
    return entries.filter((entry) => entry.kind === 'delete').length;
  }

  private towerHeight(): number {
    let height = 1;
    while (height < 8 && this.random.nextFraction() < 0.3) height += 1;
    return height;
  }

  private count(more: Partial<Counters>): void {
    const counters: Record<string, number> = { ...this.counters };
    for (const [name, number] of Object.entries(more))
      counters[name] = (counters[name] ?? 0) + number;
    this.counters = counters as unknown as Counters;
  }

  private emit(body: LsmEventBody): void {
    this.micros += 4 + this.random.nextBelow(60);
    this.events.push({ ...body, number: this.events.length + 1, timeMicros: this.micros });
  }
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function sorted(entries: readonly Entry[]): Entry[] {
  return [...entries].sort((a, b) => compareBytes(a.key, b.key) || b.sequence - a.sequence);
}

function covers(table: Table, key: Uint8Array): boolean {
  return (
    compareBytes(table.info.smallestKey, key) <= 0 && compareBytes(table.info.largestKey, key) >= 0
  );
}

function compareHeads(a: MergeHead, b: MergeHead): number {
  return compareBytes(a.key, b.key) || b.sequence - a.sequence;
}

function oldest(tables: readonly Table[]): Table {
  return tables.reduce((first, table) =>
    table.info.createdMicros < first.info.createdMicros ? table : first,
  );
}

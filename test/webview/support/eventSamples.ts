// At least one event of every kind: what a recorded store told, and what it never came to tell.

import type { LsmEvent, LsmEventBody, LsmEventKind } from '../../../src/protocol/events.ts';
import type { RecordedStore } from './recordedStore.ts';
import { recordStore } from './recordedStore.ts';

const key = (text: string): Uint8Array => new TextEncoder().encode(text);
const job = 7;
const file = 22;
const operation = 5;
const TOTALS = {
  entriesIn: 100,
  entriesOut: 80,
  shadowed: 17,
  tombstonesDropped: 3,
  rangeDeleted: 0,
  annihilated: 0,
  expired: 0,
  rangeDeletesIn: 0,
  rangeDeletesOut: 0,
  bytesRead: 9000,
  bytesWritten: 7000,
};

/** Kinds that the recording does not hold, and rare shapes of others. */
const UNTOLD = [
  { kind: 'recovery.begin', manifest: 'MANIFEST-000003', walSegments: [9, 11] },
  {
    kind: 'recovery.wal',
    wal: 9,
    records: 120,
    entries: 118,
    sizeBytes: 20_480,
    verdict: 'whole',
    stopOffset: 20_480,
    reason: '',
  },
  {
    kind: 'recovery.wal',
    wal: 11,
    records: 7,
    entries: 7,
    sizeBytes: 800,
    verdict: 'torn',
    stopOffset: 760,
    reason: 'the record is cut short',
  },
  {
    kind: 'recovery.wal',
    wal: 13,
    records: 0,
    entries: 0,
    sizeBytes: 900,
    verdict: 'given-up',
    stopOffset: 0,
    reason: 'an earlier log is damaged',
  },
  {
    kind: 'recovery.end',
    tables: 3,
    walEntries: 125,
    lastSequence: 48_211,
    durationMicros: 12_400,
  },
  { kind: 'store.close' },
  {
    kind: 'write.group',
    group: 4,
    operations: [5, 6, 7],
    entries: 3,
    sizeBytes: 90,
    firstSequence: 48_212,
    sync: true,
  },
  {
    kind: 'table.entry',
    job,
    file,
    block: 2,
    entryKind: 'put',
    key: key('user:0412'),
    sequence: 40_002,
    valueSizeBytes: 96,
    sharedBytes: 6,
    restart: false,
    filterHash: [1, 2],
  },
  {
    kind: 'table.entry',
    job,
    file,
    block: 3,
    entryKind: 'delete',
    key: key('user:0413'),
    sequence: 40_003,
    valueSizeBytes: 0,
    sharedBytes: 0,
    restart: true,
    filterHash: [1, 2],
  },
  ...(['data', 'filter', 'index', 'range-tombstones', 'properties', 'footer'] as const).map(
    (blockKind): LsmEventBody => ({
      kind: 'table.block',
      job,
      file,
      blockKind,
      block: 3,
      offset: 12_288,
      sizeBytes: 2117,
      rawSizeBytes: 4096,
      compression: 'lz4',
      entries: 31,
      restarts: 2,
      checksum: 0x1234,
      fileSizeBytes: 14_405,
      fileEntries: 124,
    }),
  ),
  {
    kind: 'table.filter',
    job,
    file,
    keys: 120,
    bitCount: 2048,
    probes: 7,
    bitsSet: 690,
    predictedFalsePositiveRate: 0.0082,
    bits: new Uint8Array(8),
    insertions: [],
  },
  { kind: 'table.skip', operation, level: 1, file, reason: 'key-range' },
  { kind: 'table.skip', operation, level: 2, file, reason: 'prefix-filter' },
  { kind: 'table.cover', operation, level: 1, file, coveredBy: 40_002 },
  {
    kind: 'memtable.rangeDelete',
    family: 0,
    memtable: 3,
    operation,
    from: key('user:1'),
    to: key('user:2'),
    sequence: 40_002,
    rangeDeletes: 1,
    sizeBytes: 4096,
  },
  {
    kind: 'scan.begin',
    operation,
    family: 0,
    from: key('user:1'),
    to: null,
    reverse: true,
    sequence: 1303,
    sources: 4,
  },
  {
    kind: 'scan.end',
    operation,
    entries: 100,
    versionsSkipped: 3,
    tombstonesSkipped: 1,
    blocksRead: 12,
    durationMicros: 1800,
  },
  {
    kind: 'cache.evict',
    file,
    offset: 4096,
    sizeBytes: 4096,
    cacheSizeBytes: 8_388_608,
    cacheBlocks: 2048,
  },
  { kind: 'manifest.rotate', from: 'MANIFEST-000001', to: 'MANIFEST-000030', sizeBytes: 900 },
  { kind: 'stall.begin', severity: 'stop', limit: 'l0-tables', value: 36, limitValue: 36 },
  {
    kind: 'stall.begin',
    severity: 'slowdown',
    limit: 'pending-bytes',
    value: 70_000_000,
    limitValue: 67_108_864,
  },
  { kind: 'stall.end', durationMicros: 340_000 },
  { kind: 'snapshot.create', sequence: 40_001 },
  { kind: 'snapshot.release', sequence: 40_001 },
  {
    kind: 'checkpoint.create',
    directory: '/backups/monday',
    sequence: 48_211,
    tables: 12,
    copiedBytes: 40_960,
    durationMicros: 8200,
  },
  {
    kind: 'table.ingest',
    family: 0,
    path: '/imports/cities.sst',
    file,
    level: 3,
    sequence: 48_212,
    entries: 90_000,
    manner: 'link',
  },
  {
    kind: 'family.create',
    family: 1,
    name: 'orders by day',
    memtable: { memtable: 9, capacityBytes: 65_536 },
    levels: [{ level: 0, score: 0, measure: 'files', limit: 8 }],
  },
  { kind: 'family.drop', family: 1, name: 'orders by day' },
  { kind: 'transaction.begin', transaction: 3, isolation: 'serializable', sequence: 40_001 },
  {
    kind: 'transaction.commit',
    transaction: 3,
    entries: 2,
    sizeBytes: 120,
    keysRead: 4,
    rangesRead: 1,
    firstSequence: 40_010,
    durationMicros: 1800,
  },
  {
    kind: 'transaction.commit',
    transaction: 4,
    entries: 0,
    sizeBytes: 0,
    keysRead: 4,
    rangesRead: 0,
    firstSequence: 0,
    durationMicros: 90,
  },
  ...(['write', 'update', 'read', 'range'] as const).map((access): LsmEventBody => ({
    kind: 'transaction.conflict',
    transaction: 5,
    key: key('account:7'),
    access,
    newestSequence: 40_010,
    snapshotSequence: 40_001,
  })),
  { kind: 'transaction.rollback', transaction: 6, entries: 3, reason: 'asked' },
  { kind: 'transaction.rollback', transaction: 7, entries: 1, reason: 'failed' },
  {
    kind: 'error',
    code: 'CORRUPTION',
    message: 'the block at 4096 does not match its checksum',
    file: '000009.sst',
    offset: 4096,
  },
  { kind: 'flush.progress', job, entriesDone: 31, bytesWritten: 2117 },
  { kind: 'compaction.progress', job, totals: TOTALS, outputs: [23, 24] },
] satisfies readonly LsmEventBody[];

/** Up to `most` events of each kind, and the recording that most of them are from. */
export async function eventSamples(most: number): Promise<{
  readonly store: RecordedStore;
  readonly byKind: ReadonlyMap<LsmEventKind, readonly LsmEvent[]>;
}> {
  const store = await recordStore({ operations: 900 });
  const byKind = new Map<LsmEventKind, LsmEvent[]>();
  const untold = UNTOLD.map((body): LsmEvent => ({ ...body, number: 0, timeMicros: 0 }));
  for (const event of [...untold, ...store.events]) {
    const known = byKind.get(event.kind) ?? [];
    byKind.set(event.kind, known);
    if (known.length < most) known.push(event);
  }
  return { store, byKind };
}

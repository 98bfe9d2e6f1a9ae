// What each kind of event may look like: a list of all kinds, held against events.ts by the
// compiler. Events are checked when they come from a file or over a wire.

import { assert } from '../base/assert.ts';
import {
  compactionCandidate,
  compactionInput,
  compactionReason,
  compression,
  entryKind,
  files,
  filterInsertion,
  gauges,
  hashWords,
  key,
  levelTarget,
  LIST_MAX,
  mergeDecision,
  mergeHead,
  mergeTotals,
  placedTable,
  preview,
  searchStep,
  tableInfo,
  words,
  writeEntry,
} from './eventShapes.ts';
import type { LsmEvent, LsmEventBody, LsmEventKind } from './events.ts';
import { maintenanceEventSchemas } from './maintenanceEventSchema.ts';
import { readEventSchemas } from './readEventSchema.ts';
import { rangeDeleteEventSchemas } from './rangeDeleteEventSchema.ts';
import { familyEventSchemas } from './familyEventSchema.ts';
import { transactionEventSchemas } from './transactionEventSchema.ts';
import type { Schema, SchemaNode } from './schema.ts';
import {
  boolean,
  bytes,
  checkShape,
  choice,
  count,
  either,
  list,
  map,
  nullable,
  number,
  optional,
  record,
  text,
} from './schema.ts';

/** What an event of a kind has beside what all have. */
export type EventFields<Kind extends LsmEventKind> = Omit<
  Extract<LsmEventBody, { readonly kind: Kind }>,
  'kind' | 'cause'
>;

/**
 * One description for each kind; `kind`, `cause`, `number` and `timeMicros` are the same for all.
 */
export type EventSchemas<Kind extends LsmEventKind> = {
  readonly [K in Kind]: Schema<EventFields<K>>;
};

const sealReason = choice('full', 'manual', 'close', 'large-value', 'recovery', 'wal-full');
const jobOutcome = choice('done', 'failed', 'cancelled');
const stallLimit = choice('l0-tables', 'immutable-memtables', 'pending-bytes');
const searchPath = list(searchStep, 10_000);

const logSchemas = {
  'recovery.begin': record({ manifest: words, walSegments: files }),
  'recovery.wal': record({
    wal: count,
    records: count,
    entries: count,
    sizeBytes: count,
    verdict: choice('whole', 'torn', 'damaged', 'given-up'),
    stopOffset: count,
    reason: words,
  }),
  'recovery.end': record({
    tables: count,
    walEntries: count,
    lastSequence: count,
    durationMicros: number,
  }),
  'store.options': record({
    engineVersion: words,
    strategy: words,
    options: map(either(number, boolean, words), 1000),
  }),
  'store.close': record<object>({}),
  'wal.append': record({
    wal: count,
    group: count,
    offset: count,
    sizeBytes: count,
    checksum: count,
    syncedOffset: nullable(count),
    firstSequence: count,
    entries: count,
    walSizeBytes: count,
    walRecords: count,
    walRecordsUnsynced: nullable(count),
  }),
  'wal.sync': record({
    wal: count,
    group: count,
    syncedBytes: count,
    walRecordsUnsynced: count,
    durationMicros: number,
  }),
  'wal.rotate': record({
    from: count,
    to: count,
    recycled: count,
    fromSizeBytes: count,
    toSizeBytes: count,
  }),
  'wal.delete': record({ wal: count, recycled: boolean }),
} as const;

const writeSchemas = {
  'write.begin': record({
    operation: count,
    entryCount: count,
    entries: list(writeEntry, 1000),
    sizeBytes: count,
    sync: boolean,
  }),
  'write.group': record({
    group: count,
    operations: files,
    entries: count,
    sizeBytes: count,
    firstSequence: count,
    sync: boolean,
  }),
  'write.end': record({
    operation: count,
    group: count,
    firstSequence: count,
    lastSequence: count,
    durable: boolean,
    durationMicros: number,
  }),
  'memtable.insert': record({
    family: count,
    memtable: count,
    operation: count,
    entryKind,
    key,
    sequence: count,
    valueSizeBytes: count,
    valuePreview: preview,
    height: count,
    path: searchPath,
    entries: count,
    tombstones: count,
    sizeBytes: count,
  }),
  'memtable.seal': record({
    family: count,
    memtable: count,
    entries: count,
    tombstones: count,
    rangeDeletes: count,
    sizeBytes: count,
    reason: sealReason,
    next: record({ memtable: count, capacityBytes: count }),
    walSegments: files,
  }),
} as const;

const tableSchemas = {
  'table.entry': record({
    job: count,
    file: count,
    block: count,
    entryKind,
    key,
    sequence: count,
    valueSizeBytes: count,
    sharedBytes: count,
    restart: boolean,
    filterHash: hashWords,
  }),
  'table.block': record({
    job: count,
    file: count,
    blockKind: choice('data', 'filter', 'index', 'range-tombstones', 'properties', 'footer'),
    block: count,
    offset: count,
    sizeBytes: count,
    rawSizeBytes: count,
    compression,
    entries: count,
    restarts: count,
    checksum: count,
    fileSizeBytes: count,
    fileEntries: count,
  }),
  'table.filter': record({
    job: count,
    file: count,
    keys: count,
    bitCount: count,
    probes: count,
    bitsSet: count,
    predictedFalsePositiveRate: number,
    bits: bytes(4096),
    insertions: list(filterInsertion, 64),
  }),
  'table.create': record({ job: count, table: tableInfo, syncMicros: number }),
  'table.delete': record({ file: count }),
} as const;

const jobSchemas = {
  'flush.begin': record({
    job: count,
    family: count,
    memtable: count,
    file: count,
    entries: count,
    sizeBytes: count,
    reason: sealReason,
  }),
  'flush.progress': record({ job: count, entriesDone: count, bytesWritten: count }),
  'flush.end': record({
    job: count,
    outcome: jobOutcome,
    file: count,
    bytesWritten: count,
    durationMicros: number,
  }),
  'compaction.pick': record({
    job: count,
    family: count,
    strategy: words,
    reason: compactionReason,
    candidates: list(compactionCandidate, 1000),
    inputs: list(compactionInput, 1000),
    outputLevel: count,
    smallestKey: key,
    largestKey: key,
  }),
  'compaction.begin': record({
    job: count,
    family: count,
    inputs: list(compactionInput, 1000),
    outputLevel: count,
    entries: count,
    sizeBytes: count,
    manner: choice('merge', 'move', 'drop'),
    snapshots: files,
  }),
  'compaction.entry': record({
    job: count,
    lane: count,
    file: count,
    level: count,
    entryKind,
    key,
    sequence: count,
    valueSizeBytes: count,
    decision: mergeDecision,
    heads: list(nullable(mergeHead), LIST_MAX),
    output: count,
    totals: mergeTotals,
  }),
  'compaction.progress': record({ job: count, totals: mergeTotals, outputs: files }),
  'compaction.end': record({
    job: count,
    outcome: jobOutcome,
    totals: mergeTotals,
    outputs: files,
    durationMicros: number,
  }),
} as const;

const controlSchemas = {
  'manifest.edit': record({
    family: count,
    job: count,
    manifest: words,
    sizeBytes: count,
    added: list(placedTable, LIST_MAX),
    removed: list(record({ level: count, file: count }), LIST_MAX),
    flushedMemtable: count,
    oldestWal: count,
    nextFile: count,
    lastSequence: count,
    syncMicros: number,
    levels: list(levelTarget, 1000),
  }),
  'manifest.rotate': record({ from: words, to: words, sizeBytes: count }),
  'stall.begin': record({
    family: count,
    severity: choice('slowdown', 'stop'),
    limit: stallLimit,
    value: number,
    limitValue: number,
  }),
  'stall.end': record({ family: count, durationMicros: number }),
  'snapshot.create': record({ sequence: count }),
  'snapshot.release': record({ sequence: count }),
  error: record({ code: words, message: text(100_000), file: words, offset: number }),
  summary: record({ gauges, leftOut: count }),
} as const;

/** Every kind of event and what its fields may hold. */
export const eventSchemas: EventSchemas<LsmEventKind> = {
  ...logSchemas,
  ...writeSchemas,
  ...tableSchemas,
  ...jobSchemas,
  ...controlSchemas,
  ...readEventSchemas,
  ...transactionEventSchemas,
  ...maintenanceEventSchemas,
  ...rangeDeleteEventSchemas,
  ...familyEventSchemas,
};

/** Every kind of event there is. */
export const EVENT_KINDS: readonly LsmEventKind[] = Object.keys(eventSchemas) as LsmEventKind[];

/** A stamped event of any kind. */
export const stampedEventSchema: Schema<LsmEvent> = {
  is: 'union',
  tag: 'kind',
  cases: Object.fromEntries(EVENT_KINDS.map((kind) => [kind, stamped(eventSchemas[kind])])),
};

function stamped(schema: SchemaNode): SchemaNode {
  assert(schema.is === 'record', 'an event is a record');
  const stamp = { number: count, timeMicros: count, cause: optional(count) };
  return { is: 'record', fields: { ...schema.fields, ...stamp } };
}

/**
 * `value` as an event.
 * @throws LsmError `INVALID_ARGUMENT` naming the first field that does not fit.
 */
export function checkEvent(value: unknown): LsmEvent {
  return checkShape(stampedEventSchema, value, 'event');
}

// What a message may look like. A viewer is not trusted: every field is checked and every length
// bounded before the session looks at it. A session's message is checked too, because a trace that
// it serves is a file from anywhere.

import { stampedEventSchema } from './eventSchema.ts';
import type {
  FromViewer,
  Hello,
  Opening,
  Progress,
  Request,
  SessionStatus,
  ToViewer,
  TraceInfo,
  TransactionStep,
  WorkloadOptions,
} from './messages.ts';
import { WORKLOAD_NAMES } from './messages.ts';
import { replySchema } from './replySchema.ts';
import type { Schema } from './schema.ts';
import {
  boolean,
  bytes,
  checkShape,
  choice,
  count,
  countTo,
  list,
  nullable,
  number,
  optional,
  record,
  text,
  union,
} from './schema.ts';
import { treeStateSchema } from './treeStateSchema.ts';

const MIB = 1024 * 1024;
/** Longest key and value that a viewer may send; longer values come by import. */
const KEY_SIZE_MAX = 1 * MIB;
const VALUE_SIZE_MAX = 8 * MIB;
/** Characters of a path. */
const PATH_LENGTH_MAX = 4096;
/** Characters of a column family's name. */
const FAMILY_NAME_MAX = 10_000;
const IMPORT_PIECE_SIZE_MAX = 4 * MIB;
/** Most entries that one scan may ask for. */
const SCAN_LIMIT_MAX = 10_000;
const EVENTS_MAX = 1_000_000;
const MESSAGE_TEXT_MAX = 10_000;

const key = bytes(KEY_SIZE_MAX);
const family = optional(text(FAMILY_NAME_MAX));
const mode = choice('live', 'lockstep');

const workloadSchema: Schema<WorkloadOptions> = record<WorkloadOptions>({
  name: choice(...WORKLOAD_NAMES),
  operations: count,
  records: count,
  valueSizeBytes: count,
  seed: number,
  operationsPerSecond: number,
});

/** Fields of a request, and of a transaction's step, besides its kind. */
type RequestOf<K> = Omit<Extract<Request, { readonly kind: K }>, 'kind'>;
type StepOf<K> = Omit<Extract<TransactionStep, { readonly kind: K }>, 'kind'>;

const isolation = choice('snapshot', 'serializable');
const scan = record<RequestOf<'scan'>>({
  from: nullable(key),
  to: nullable(key),
  prefix: nullable(key),
  reverse: boolean,
  limit: countTo(SCAN_LIMIT_MAX),
  family,
});

const transactionStep: Schema<TransactionStep> = union<TransactionStep, 'kind'>('kind', {
  put: record<StepOf<'put'>>({ key, value: bytes(VALUE_SIZE_MAX), family }),
  merge: record<StepOf<'merge'>>({ key, operand: bytes(VALUE_SIZE_MAX), family }),
  delete: record<StepOf<'delete'>>({ key, family }),
  'single-delete': record<StepOf<'single-delete'>>({ key, family }),
  'delete-range': record<StepOf<'delete-range'>>({ from: key, to: key, family }),
  get: record<StepOf<'get'>>({ key, forUpdate: boolean, family }),
  scan,
  savepoint: record({}),
  restore: record({}),
  rollback: record({}),
  commit: record({ sync: boolean }),
});

const requestSchema: Schema<Request> = union<Request, 'kind'>('kind', {
  put: record<RequestOf<'put'>>({ key, value: bytes(VALUE_SIZE_MAX), sync: boolean, family }),
  merge: record<RequestOf<'merge'>>({ key, operand: bytes(VALUE_SIZE_MAX), sync: boolean, family }),
  delete: record<RequestOf<'delete'>>({ key, sync: boolean, family }),
  get: record<RequestOf<'get'>>({ key, family }),
  scan,
  flush: record({}),
  compact: record({ from: nullable(key), to: nullable(key) }),
  stats: record({}),
  state: record({}),
  table: record({ file: count }),
  'set-mode': record({ mode }),
  snapshot: record({}),
  'release-snapshot': record({ sequence: count }),
  begin: record({ isolation }),
  within: record({ transaction: count, step: transactionStep }),
  workload: record({ workload: workloadSchema }),
  import: record({
    upload: count,
    format: choice('csv', 'tsv', 'jsonl'),
    keyField: text(1000),
    piece: bytes(IMPORT_PIECE_SIZE_MAX),
    last: boolean,
  }),
  copy: record({ into: text(PATH_LENGTH_MAX) }),
  'open-copy': record({ copy: count }),
  stop: record({}),
  record: record({ on: boolean }),
  trace: record({}),
});

export const fromViewerSchema: Schema<FromViewer> = union<FromViewer, 'kind'>('kind', {
  request: record({ id: count, request: requestSchema }),
  cancel: record({ id: count }),
  ack: record({ batch: count, eventNumber: count }),
});

const requestIdSchema = record({ kind: choice('request'), id: count });

const statusSchema: Schema<SessionStatus> = record<SessionStatus>({
  mode,
  recording: boolean,
  running: text(MESSAGE_TEXT_MAX),
  readOnlyBecause: text(MESSAGE_TEXT_MAX),
});

const helloSchema: Schema<Hello> = record<Hello>({
  protocolVersion: count,
  state: treeStateSchema,
  status: statusSchema,
  trace: nullable(
    record<TraceInfo>({
      title: text(MESSAGE_TEXT_MAX),
      events: count,
      cutShort: text(MESSAGE_TEXT_MAX),
    }),
  ),
  pastUpTo: optional(count),
});

const progressSchema: Schema<Progress> = record<Progress>({
  done: number,
  total: number,
  unit: choice('entries', 'bytes', 'lines', 'tables', 'edits'),
  message: text(MESSAGE_TEXT_MAX),
});

const openingSchema: Schema<Opening> = record<Opening>({
  directory: text(MESSAGE_TEXT_MAX),
  progress: progressSchema,
  failed: text(MESSAGE_TEXT_MAX),
});

export const toViewerSchema: Schema<ToViewer> = union<ToViewer, 'kind'>('kind', {
  opening: record({ opening: openingSchema }),
  hello: record({ hello: helloSchema }),
  batch: record({ events: list(stampedEventSchema, EVENTS_MAX), leftOut: count, batch: count }),
  reply: record({ id: count, reply: replySchema }),
  progress: record({ id: count, progress: progressSchema }),
  status: record({ status: statusSchema }),
});

/**
 * `value` as a viewer's message.
 * @throws LsmError `INVALID_ARGUMENT` naming the first field that does not fit.
 */
export function checkFromViewer(value: unknown): FromViewer {
  return checkShape(fromViewerSchema, value, 'message');
}

/**
 * The id that a request carries, whatever else is wrong with it.
 * @throws LsmError `INVALID_ARGUMENT` when there is none.
 */
export function checkRequestId(value: unknown): number {
  return checkShape(requestIdSchema, value, 'message').id;
}

/**
 * `value` as a session's message.
 * @throws LsmError `INVALID_ARGUMENT` naming the first field that does not fit.
 */
export function checkToViewer(value: unknown): ToViewer {
  return checkShape(toViewerSchema, value, 'message');
}

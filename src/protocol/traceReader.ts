// Reads a recording. Whatever stands before a cut or a damaged byte is recovered; the reader says
// where it had to stop and why. Only a file without a readable beginning (magic, version, header,
// first state) is refused.

import { loadUint32 } from '../base/byteReader.ts';
import { decodeUtf8 } from '../base/bytes.ts';
import { LsmError } from '../base/errors.ts';
import { unpack } from './codec.ts';
import { stampedEventSchema } from './eventSchema.ts';
import type { LsmEvent } from './events.ts';
import type { Schema } from './schema.ts';
import { checkShape, count, list, record, text } from './schema.ts';
import {
  TRACE_MAGIC,
  TRACE_OPTIONAL_TYPE_MIN,
  TRACE_PAYLOAD_SIZE_MAX,
  TRACE_PREAMBLE_BYTES,
  TRACE_RECORD_HEADER_BYTES,
  TRACE_RECORD_TYPES,
  TRACE_VERSION,
  traceRecordChecksum,
} from './traceFormat.ts';
import type { TraceHeader } from './traceFormat.ts';
import type { TreeState } from './treeState.ts';
import { treeStateSchema } from './treeStateSchema.ts';

/** Events that were recorded together. */
export interface TraceBatch {
  readonly events: readonly LsmEvent[];
  /** Operations since the batch before of which no event was recorded. */
  readonly leftOut: number;
}

/** A state in the middle of a recording: where a fold may begin instead of at its start. */
export interface TraceKeyframe {
  /** Batches before it. */
  readonly batches: number;
  readonly state: TreeState;
}

/** A recording, as far as it could be read. */
export interface Trace {
  readonly header: TraceHeader;
  /** Where the fold begins. */
  readonly state: TreeState;
  readonly batches: readonly TraceBatch[];
  readonly keyframes: readonly TraceKeyframe[];
  /** Events in all batches. */
  readonly events: number;
  /** Empty, or where reading stopped and why. */
  readonly cutShort: string;
}

/** A record whose checksum fits. */
interface RawRecord {
  readonly type: number;
  readonly payload: Uint8Array;
  readonly end: number;
}

const headerSchema: Schema<TraceHeader> = record<TraceHeader>({
  title: text(10_000),
  source: text(10_000),
  createdMicros: count,
});
const stateSchema = record({ state: treeStateSchema });
const batchSchema: Schema<TraceBatch> = record<TraceBatch>({
  events: list(stampedEventSchema, 1_000_000),
  leftOut: count,
});
const endSchema = record({ events: count });

/**
 * Reads a whole recording. Byte fields of its events are views of `bytes`.
 * @param name the file, for messages.
 * @throws LsmError `NOT_A_STORE` when it is no recording, `NOT_SUPPORTED` when a newer version
 * wrote it, `CORRUPTION` when it breaks off before the first state.
 */
export function readTrace(bytes: Uint8Array, name: string): Trace {
  checkPreamble(bytes, name);
  const [header, afterHeader] = readExpected(
    bytes,
    TRACE_PREAMBLE_BYTES,
    'header',
    headerSchema,
    name,
  );
  const [first, afterState] = readExpected(bytes, afterHeader, 'state', stateSchema, name);
  return { header, state: first.state, ...readBatches(bytes, afterState) };
}

function checkPreamble(bytes: Uint8Array, name: string): void {
  const magic = decodeUtf8(bytes.subarray(0, TRACE_MAGIC.length));
  if (magic !== TRACE_MAGIC && (!TRACE_MAGIC.startsWith(magic) || bytes.length === 0)) {
    throw new LsmError(
      'NOT_A_STORE',
      `${name} is no LSM Lens recording: it does not begin with ${TRACE_MAGIC}`,
      { file: name, offset: 0 },
    );
  }
  if (bytes.length < TRACE_PREAMBLE_BYTES) {
    throw unreadable(name, bytes.length, 'it ends before its format version');
  }
  const version = loadUint32(bytes, TRACE_MAGIC.length);
  if (version === TRACE_VERSION) return;
  throw new LsmError(
    'NOT_SUPPORTED',
    `${name} has recording format ${version}; this version reads ${TRACE_VERSION}`,
    { file: name, offset: TRACE_MAGIC.length },
  );
}

/** The record that must stand at `start`, and where the next one begins. */
function readExpected<T>(
  bytes: Uint8Array,
  start: number,
  type: keyof typeof TRACE_RECORD_TYPES,
  schema: Schema<T>,
  name: string,
): readonly [T, number] {
  const found = readRecord(bytes, start);
  if (typeof found === 'string') throw unreadable(name, start, found);
  if (found.type !== TRACE_RECORD_TYPES[type]) throw unreadable(name, start, `no ${type} is there`);
  try {
    return [checkShape(schema, unpack(found.payload, TRACE_PAYLOAD_SIZE_MAX), type), found.end];
  } catch (thrown) {
    throw unreadable(name, start, reasonOf(thrown));
  }
}

function readBatches(bytes: Uint8Array, start: number): Omit<Trace, 'header' | 'state'> {
  const batches: TraceBatch[] = [];
  const keyframes: TraceKeyframe[] = [];
  let events = 0;
  let offset = start;
  const stopped = (reason: string): Omit<Trace, 'header' | 'state'> => {
    const cutShort = reason === '' ? '' : `reading stopped at byte ${offset}: ${reason}`;
    return { batches, keyframes, events, cutShort };
  };
  for (;;) {
    const found = readRecord(bytes, offset);
    if (typeof found === 'string') return stopped(found);
    try {
      const value =
        found.type < TRACE_OPTIONAL_TYPE_MIN
          ? unpack(found.payload, TRACE_PAYLOAD_SIZE_MAX)
          : undefined;
      if (found.type === TRACE_RECORD_TYPES.batch) {
        batches.push(checkShape(batchSchema, value, 'batch'));
        events += batches.at(-1)!.events.length;
      } else if (found.type === TRACE_RECORD_TYPES.state) {
        keyframes.push({ batches: batches.length, ...checkShape(stateSchema, value, 'state') });
      } else if (found.type === TRACE_RECORD_TYPES.end) {
        return stopped(
          faultAtEnd(checkShape(endSchema, value, 'end').events, events, found, bytes),
        );
      } else if (found.type < TRACE_OPTIONAL_TYPE_MIN) {
        return stopped(`a record of unknown type ${found.type}`);
      }
    } catch (thrown) {
      return stopped(reasonOf(thrown));
    }
    offset = found.end;
  }
}

function faultAtEnd(promised: number, read: number, end: RawRecord, bytes: Uint8Array): string {
  if (promised !== read) return `${promised} events were recorded, ${read} are there`;
  return end.end === bytes.length ? '' : `${bytes.length - end.end} bytes follow the end`;
}

/** The record at `start`, or why there is none that can be trusted. */
function readRecord(bytes: Uint8Array, start: number): RawRecord | string {
  const left = bytes.length - start;
  if (left === 0) return 'the file ends without an end record';
  if (left < TRACE_RECORD_HEADER_BYTES)
    return `the file ends inside a record (${left} bytes of it)`;
  const length = loadUint32(bytes, start + 1);
  if (length > TRACE_PAYLOAD_SIZE_MAX) return `a record claims ${length} bytes`;
  const end = start + TRACE_RECORD_HEADER_BYTES + length;
  if (end > bytes.length) return `a record of ${length} bytes goes beyond the end of the file`;
  const stored = loadUint32(bytes, start + 5);
  const computed = traceRecordChecksum(bytes, start, end);
  if (stored !== computed) {
    return (
      `checksum ${hex(stored)} does not fit the record's bytes, whose checksum is ` +
      `${hex(computed)}`
    );
  }
  const payload = bytes.subarray(start + TRACE_RECORD_HEADER_BYTES, end);
  return { type: bytes[start]!, payload, end };
}

function hex(checksum: number): string {
  return `0x${checksum.toString(16).padStart(8, '0')}`;
}

function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function unreadable(name: string, offset: number, reason: string): LsmError {
  return new LsmError('CORRUPTION', `${name} cannot be shown: at byte ${offset} ${reason}`, {
    file: name,
    offset,
  });
}

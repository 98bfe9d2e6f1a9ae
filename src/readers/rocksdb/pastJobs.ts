// A flush or a compaction of the past as events: what the manifest says it did, with the reason,
// the times and the counts that LOG has of it.

import type {
  CompactionInput,
  JobId,
  LsmEventBody,
  MergeTotals,
  PlacedTable,
  SealReason,
} from '../../protocol/events.ts';
import { inputsOf, NOTHING_MERGED } from '../pastCompactions.ts';
import type { PastEvent } from '../storeReader.ts';
import type { LoggedJob } from './infoLog.ts';

/** A job of the past. */
export interface PastJob {
  readonly job: JobId;
  readonly family: number;
  readonly placed: readonly PlacedTable[];
  readonly removed: readonly { readonly level: number; readonly number: number }[];
  readonly logged: LoggedJob;
  /** When its edit was made, microseconds since 1970; 0 when nobody wrote it down. */
  readonly timeMicros: number;
  /** Of compaction. */
  readonly strategy: string;
  readonly edit: LsmEventBody;
}

/** RocksDB's reasons (db/flush_scheduler, include/rocksdb/listener.h) in ours. */
const SEAL_REASONS: Readonly<Record<string, SealReason>> = {
  'Write Buffer Full': 'full',
  'Write Buffer Manager': 'full',
  'WAL Full': 'wal-full',
  'Shut Down': 'close',
  'Error Recovery': 'recovery',
  'Error Recovery Retry Flush': 'recovery',
};

/** The events of a flush; one that gave several tables is told by the first. */
export function* flushEvents(past: PastJob): Generator<PastEvent> {
  const { job, family, placed, logged, timeMicros, edit } = past;
  const { table } = placed[0]!;
  const { file, entries, sizeBytes } = table;
  const reason = SEAL_REASONS[logged.flushReason ?? 'Write Buffer Full'] ?? 'manual';
  const began = logged.beganMicros ?? timeMicros;
  const figures = { job, family, memtable: 0, file, entries, sizeBytes } as const;
  yield { body: { kind: 'flush.begin', ...figures, reason }, timeMicros: began };
  for (const each of placed) {
    const { createdMicros } = each.table;
    yield {
      body: { kind: 'table.create', job, table: each.table, syncMicros: 0 },
      timeMicros: Math.max(began, createdMicros),
    };
  }
  yield { body: edit, timeMicros };
  const bytesWritten = placed.reduce((sum, each) => sum + each.table.sizeBytes, 0);
  const durationMicros = logged.durationMicros ?? 0;
  yield {
    body: { kind: 'flush.end', job, outcome: 'done', file, bytesWritten, durationMicros },
    timeMicros,
  };
}

/** The events of a compaction, or of a trivial move. */
export function* compactionEvents(past: PastJob): Generator<PastEvent> {
  const { job, family, placed, removed, logged, timeMicros, edit } = past;
  const came = new Set(placed.map(({ table }) => table.file));
  const isMove = placed.length > 0 && removed.every(({ number }) => came.has(number));
  const outputs = isMove ? [] : placed.map(({ table }) => table.file);
  const outputLevel = placed[0]?.level ?? Math.max(...removed.map(({ level }) => level));
  const inputs = inputsOf(removed);
  const began = logged.beganMicros ?? timeMicros;
  const pick = pickOf(past, inputs, outputLevel);
  if (pick !== undefined) yield { body: pick, timeMicros: began };
  const manner = isMove ? 'move' : 'merge';
  const entries = logged.inputEntries ?? 0;
  const sizeBytes = logged.inputBytes ?? 0;
  const body = {
    job,
    family,
    inputs,
    outputLevel,
    entries,
    sizeBytes,
    manner,
    snapshots: [],
  } as const;
  yield { body: { kind: 'compaction.begin', ...body }, timeMicros: began };
  yield { body: edit, timeMicros };
  const totals = isMove ? NOTHING_MERGED : totalsOf(past);
  const durationMicros = logged.durationMicros ?? 0;
  yield {
    body: { kind: 'compaction.end', job, outcome: 'done', totals, outputs, durationMicros },
    timeMicros,
  };
  for (const { number } of removed) {
    if (!came.has(number)) yield { body: { kind: 'table.delete', file: number }, timeMicros };
  }
}

/** Why it was done; only LOG knows. */
function pickOf(
  { job, family, placed, logged, strategy }: PastJob,
  inputs: readonly CompactionInput[],
  outputLevel: number,
): LsmEventBody | undefined {
  const { compactionReason, score = 0 } = logged;
  if (compactionReason === undefined) return undefined;
  const level = inputs[0]?.level ?? 0;
  const measure = level === 0 ? 'files' : 'bytes';
  const value = inputs[0]?.files.length ?? 0;
  const candidate = { level, subject: '', score, measure, value, limit: 0, chosen: true } as const;
  return {
    kind: 'compaction.pick',
    job,
    family,
    strategy,
    reason: reasonOf(compactionReason),
    candidates: [{ ...candidate, why: compactionReason }],
    inputs,
    outputLevel,
    smallestKey: placed[0]?.table.smallestKey ?? new Uint8Array(0),
    largestKey: placed.at(-1)?.table.largestKey ?? new Uint8Array(0),
  };
}

function reasonOf(
  reason: string,
): Extract<LsmEventBody, { readonly kind: 'compaction.pick' }>['reason'] {
  if (reason.startsWith('Manual')) return 'manual';
  if (reason === 'UniversalSizeRatio') return 'size-ratio';
  if (reason === 'UniversalSortedRunNum') return 'run-count';
  return 'level-score';
}

/** Of those that went LOG does not say why: they are counted as shadowed. */
function totalsOf({ placed, logged }: PastJob): MergeTotals {
  const { inputEntries = 0, outputEntries = 0, inputBytes = 0 } = logged;
  return {
    ...NOTHING_MERGED,
    entriesIn: inputEntries,
    entriesOut: outputEntries,
    shadowed: Math.max(0, inputEntries - outputEntries),
    bytesRead: inputBytes,
    bytesWritten: placed.reduce((sum, { table }) => sum + table.sizeBytes, 0),
  };
}

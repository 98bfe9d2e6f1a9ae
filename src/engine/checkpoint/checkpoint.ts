// A checkpoint: another directory that opens as a store with exactly the state of this one at one
// sequence number.
//
//   captured with the write queue stopped, in one turn: the version, pinned; the log segments, held
//     open; how far the active one is written
//   tables linked, log segments copied as far as they were written then, the last one ended
//     → their names durable → the new manifest durable → CURRENT
//
// Writers wait for the capture alone. CURRENT comes last, as in a store that is being created, so
// what a crash leaves half made is never taken for a store.

import { LsmError } from '../../base/errors.ts';
import type { VfsFile } from '../../base/vfs.ts';
import type { SequenceNumber, TableInfo } from '../../protocol/events.ts';
import type { EngineState } from '../engineState.ts';
import {
  CURRENT_FILE_NAME,
  logFileName,
  manifestFileName,
  temporaryFileName,
} from '../fileNames.ts';
import { copyContent, linkOrCopy, removeQuietly } from '../jobs/copyFile.ts';
import { deleteUnneededTables } from '../jobs/obsoleteFiles.ts';
import { finishLog } from '../log/finishLog.ts';
import { ManifestLog } from '../manifest/manifestLog.ts';
import type { StoreRecord } from '../manifest/storeRecord.ts';
import { tablesOf } from '../manifest/version.ts';
import { recognise } from '../open/storeRecognition.ts';
import { walIdentity } from '../wal/walFormat.ts';
import type { WriteQueue } from '../write/writeQueue.ts';

/** What a checkpoint holds. */
export interface CheckpointReport {
  /** Its state is that after this write. */
  readonly sequence: SequenceNumber;
  readonly tables: number;
  /** Bytes that had to be copied: log segments, and tables where the disk cannot link. */
  readonly copiedBytes: number;
}

/** A log segment as far as it was written at the capture. */
interface CapturedLog {
  readonly number: number;
  readonly file: VfsFile;
  readonly sizeBytes: number;
  /** It still took writes. */
  readonly active: boolean;
}

interface Capture {
  readonly record: StoreRecord;
  readonly sequence: SequenceNumber;
  readonly pinned: number;
  /** Lets log files be used again. */
  readonly releaseLogs: () => void;
  readonly logs: readonly CapturedLog[];
}

/**
 * Makes a checkpoint in `directory`, which must be missing or empty.
 * @throws LsmError `INVALID_ARGUMENT`, `NOT_OPEN`, `IO`; what was made is taken away again.
 */
export async function createCheckpoint(
  state: EngineState,
  queue: WriteQueue,
  directory: string,
): Promise<CheckpointReport> {
  state.requireOpen();
  const { clock, vfs } = state.environment;
  const began = clock.monotonicMicros();
  requireFree(state, directory);
  vfs.makeDirectory(directory);
  let captured: Capture | undefined;
  await queue.exclusively(async () => {
    state.requireOpen();
    captured = capture(state);
  });
  const report = await build(state, captured!, directory);
  const { events } = state;
  if (events.structural) {
    const durationMicros = clock.monotonicMicros() - began;
    events.emit({ kind: 'checkpoint.create', directory, ...report, durationMicros });
  }
  return report;
}

function requireFree({ environment: { vfs } }: EngineState, directory: string): void {
  const found = recognise(vfs, directory);
  if (found.kind === 'missing') return;
  if (found.kind === 'empty' && found.leftovers.length === 0) return;
  throw new LsmError(
    'INVALID_ARGUMENT',
    `${directory} is not empty; a checkpoint needs a directory of its own`,
    { file: directory },
  );
}

/** Everything is read in one turn: no flush or compaction can change it in between. */
function capture(state: EngineState): Capture {
  const { versions, wal, spareLogs, lastSequence } = state;
  const record = versions.storeRecord;
  const sizes = new Map(wal.describe().segments.map(({ file, sizeBytes }) => [file, sizeBytes]));
  const logs: CapturedLog[] = [];
  try {
    for (const number of record.logs) logs.push(captureLog(state, number, sizes.get(number)));
  } catch (thrown) {
    for (const { file } of logs) file.close();
    throw thrown;
  }
  return {
    record,
    sequence: lastSequence,
    pinned: versions.retain(),
    releaseLogs: spareLogs.hold(),
    logs,
  };
}

function captureLog(
  { environment: { vfs }, directory, wal }: EngineState,
  number: number,
  knownBytes: number | undefined,
): CapturedLog {
  const file = vfs.open(vfs.join(directory, logFileName(number)), 'read');
  const active = wal.hasActive && wal.active.number === number;
  return { number, file, sizeBytes: knownBytes ?? file.sizeBytes(), active };
}

async function build(
  state: EngineState,
  captured: Capture,
  directory: string,
): Promise<CheckpointReport> {
  const { vfs } = state.environment;
  const { record, sequence, logs } = captured;
  const tables = [...tablesOf(record.version)];
  const made: string[] = [];
  try {
    let copiedBytes = 0;
    for (const table of tables) copiedBytes += await placeTable(state, table, directory, made);
    for (const log of logs) copiedBytes += await placeLog(state, log, directory, made);
    // Before anything points at them.
    await vfs.syncDirectory(directory);
    await writeManifest(state, captured, directory, made);
    return { sequence, tables: tables.length, copiedBytes };
  } catch (thrown) {
    for (const name of made.toReversed()) removeQuietly(vfs, vfs.join(directory, name));
    throw thrown;
  } finally {
    for (const { file } of logs) file.close();
    captured.releaseLogs();
    state.versions.release(captured.pinned);
    if (state.mayWork) deleteUnneededTables(state);
  }
}

async function placeTable(
  state: EngineState,
  { name }: TableInfo,
  directory: string,
  made: string[],
): Promise<number> {
  const { environment } = state;
  const { vfs, scheduler } = environment;
  made.push(name);
  const copied = await linkOrCopy(
    environment,
    vfs.join(state.directory, name),
    vfs.join(directory, name),
  );
  await scheduler.turn();
  return copied;
}

/** Copies a segment; the one that was being written gets an end, as at a clean close. */
async function placeLog(
  { environment }: EngineState,
  { number, file, sizeBytes, active }: CapturedLog,
  directory: string,
  made: string[],
): Promise<number> {
  const { vfs } = environment;
  const name = logFileName(number);
  made.push(name);
  const copied = await copyContent(environment, file, vfs.join(directory, name), sizeBytes);
  const end = { stopOffset: sizeBytes, syncedOffset: sizeBytes, ended: false };
  if (active) await finishLog(vfs, directory, name, walIdentity(number), end);
  return copied;
}

/** Makes a store of it: the new manifest says all of it at once. */
async function writeManifest(
  { environment: { vfs } }: EngineState,
  { record, sequence, logs }: Capture,
  directory: string,
  made: string[],
): Promise<void> {
  const number = record.nextFile;
  made.push(manifestFileName(number), temporaryFileName(number), CURRENT_FILE_NAME);
  const ended = logs.find(({ active }) => active)?.number ?? record.endedLog;
  const manifest = await ManifestLog.create(vfs, directory, number, {
    ...record,
    endedLog: ended,
    nextFile: number + 1,
    lastSequence: Math.max(record.lastSequence, sequence),
  });
  manifest.close();
}

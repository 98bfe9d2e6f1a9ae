// Recovery's second half: the log segments that the manifest names are read, oldest first, and
// their entries put back into memtables. Nothing is written here; that comes when everything was
// found good.
//
// An entry at or below the greatest sequence number in tables is in a table already (memtables are
// flushed oldest first) and is passed over: a segment may outlive the flush of its first entries.

import { corruption } from '../../base/errors.ts';
import type { FileNumber, SequenceNumber } from '../../protocol/events.ts';
import type { WalSegmentState } from '../../protocol/treeState.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import { logFileName } from '../fileNames.ts';
import { finishLog } from '../log/finishLog.ts';
import { LOG_HEADER_SIZE, LOG_RECORD_HEADER_SIZE } from '../log/logFormat.ts';
import type { LogOutcome } from '../log/logReader.ts';
import { tablesOf } from '../manifest/version.ts';
import { batchSizeBytesMax } from '../memtable/arena.ts';
import { walIdentity } from '../wal/walFormat.ts';
import { WalReader } from '../wal/walReader.ts';

/** A segment that was replayed. */
export interface ReplayedSegment {
  readonly state: WalSegmentState;
  readonly outcome: LogOutcome;
}

/** What the log gave back. */
export interface Replay {
  readonly segments: readonly ReplayedSegment[];
  readonly entries: number;
  readonly lastSequence: SequenceNumber;
}

/**
 * Replays all segments that the manifest names.
 * @throws LsmError `CORRUPTION` when one is missing, or damaged where it was durable.
 */
export function replayLog(state: EngineState): Replay {
  const logs = state.versions.logs;
  const flushed = greatestSequence(state);
  const segments: ReplayedSegment[] = [];
  let entries = 0;
  let lastSequence = Math.max(flushed, state.versions.lastSequence);
  for (const [index, log] of logs.entries()) {
    const mayLackEnd = index === logs.length - 1 && log > state.versions.endedLog;
    const reader = openSegment(state, log, mayLackEnd);
    try {
      entries += replaySegment(state, reader.wal, flushed);
    } finally {
      reader.close();
    }
    const { wal } = reader;
    tell(state, wal);
    throwIfDamaged(wal);
    lastSequence = Math.max(lastSequence, wal.lastSequence);
    segments.push({ state: segmentState(wal), outcome: wal.outcome });
  }
  return { segments, entries, lastSequence };
}

function greatestSequence(state: EngineState): SequenceNumber {
  let greatest = 0;
  for (const table of tablesOf(state.versions.current)) {
    greatest = Math.max(greatest, table.largestSequence);
  }
  return greatest;
}

function openSegment(
  state: EngineState,
  log: FileNumber,
  mayLackEnd: boolean,
): { wal: WalReader; close: () => void } {
  const { vfs } = state.environment;
  const name = logFileName(log);
  const path = vfs.join(state.directory, name);
  if (vfs.stat(path) === undefined) {
    throw corruption('the manifest names it, but it is missing; restore it from a backup', name, 0);
  }
  const file = vfs.open(path, 'read');
  return { wal: new WalReader(file, log, mayLackEnd), close: () => file.close() };
}

/**
 * The manifest names a segment only after its header was durable, so that may not be torn either.
 */
function throwIfDamaged(wal: WalReader): void {
  if (wal.damage !== undefined) throw wal.damage;
  const { stopOffset, reason } = wal.outcome;
  if (stopOffset < LOG_HEADER_SIZE) throw corruption(reason, logFileName(wal.number), stopOffset);
}

/** Puts a segment's entries into memtables; answers how many. */
function replaySegment(state: EngineState, wal: WalReader, flushed: SequenceNumber): number {
  const { cursor, log } = wal;
  let entries = 0;
  while (wal.next()) {
    if (wal.lastSequence <= flushed) continue;
    makeRoom(
      state.families.default,
      batchSizeBytesMax(wal.entryCount, log.payloadEnd - log.payloadStart),
    );
    const { active } = state.families.default.memtables;
    active.addWalSegment(wal.number);
    for (let sequence = wal.firstSequence; cursor.next(); sequence++) {
      if (sequence <= flushed) continue;
      active.insert(cursor, sequence, wal.timestampMicros);
      entries++;
    }
  }
  return entries;
}

/** Recovery seals into the queue without a bound: all of it is in memory either way. */
function makeRoom({ memtables }: FamilyState, neededBytes: number): void {
  if (!memtables.active.isFull && memtables.active.fits(neededBytes)) return;
  memtables.seal('recovery', memtables.prepare(neededBytes));
}

function segmentState(wal: WalReader): WalSegmentState {
  const { stopOffset } = wal.outcome;
  return {
    file: wal.number,
    sizeBytes: stopOffset,
    syncedBytes: stopOffset,
    records: wal.log.records,
    recordsUnsynced: 0,
  };
}

function tell(state: EngineState, wal: WalReader): void {
  if (!state.events.structural) return;
  const { verdict, stopOffset, reason } = wal.outcome;
  state.events.emit({
    kind: 'recovery.wal',
    wal: wal.number,
    records: wal.log.records,
    entries: wal.entries,
    sizeBytes: wal.log.fileSizeBytes,
    verdict,
    stopOffset,
    reason,
  });
}

/**
 * Makes the newest segment durable and ends it, cutting off what a crash left of an append. To be
 * done before a newer segment takes writes.
 * @returns all segments as they stand then.
 */
export async function finishNewestSegment(
  state: EngineState,
  replay: Replay,
): Promise<WalSegmentState[]> {
  const states = replay.segments.map((segment) => segment.state);
  const newest = replay.segments.at(-1);
  if (newest === undefined || newest.outcome.ended) return states;
  const { file } = newest.state;
  const { vfs } = state.environment;
  const { stopOffset } = newest.outcome;
  const name = logFileName(file);
  await finishLog(vfs, state.directory, name, walIdentity(file), stopOffset);
  const sizeBytes = Math.max(stopOffset, LOG_HEADER_SIZE) + LOG_RECORD_HEADER_SIZE;
  return states.with(-1, { ...newest.state, sizeBytes, syncedBytes: sizeBytes });
}

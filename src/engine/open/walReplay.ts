// Recovery's second half: the log segments that the manifest names are read, oldest first, and
// their entries put back into memtables. Nothing is written here; that comes when everything was
// found good.
//
// An entry that the manifest says is in a table of its family already is passed over: a segment may
// outlive the flush of its first entries. So is one of a family that was dropped. The number of a
// family that never was is damage: a family is in the manifest before anything is written to it.

import { corruption } from '../../base/errors.ts';
import type { LsmError } from '../../base/errors.ts';
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
  /** Something that was durable was given up, as `walRecovery` allows; each is reported. */
  readonly isLost: boolean;
}

/**
 * Replays all segments that the manifest names.
 * @throws LsmError `CORRUPTION` when one is missing, or damaged where it was durable, and the
 * option `walRecovery` does not say to go on without.
 */
export function replayLog(state: EngineState): Replay {
  const { versions, options } = state;
  const segments: ReplayedSegment[] = [];
  let entries = 0;
  let { lastSequence } = versions;
  let isLost = false;
  for (const [index, log] of versions.logs.entries()) {
    if (isLost && options.walRecovery === 'point-in-time') {
      segments.push(giveUp(state, log));
      continue;
    }
    const mayLackEnd = index === versions.logs.length - 1 && log > versions.endedLog;
    const read = readSegment(state, log, mayLackEnd);
    if (read.fault !== undefined) {
      refuseUnlessAllowed(state, read.fault, read.lastSequence);
      isLost = true;
    }
    entries += read.entries;
    lastSequence = Math.max(lastSequence, read.lastSequence);
    segments.push(read.segment);
  }
  return { segments, entries, lastSequence, isLost };
}

/** A segment that was read, and what of it that was durable could not be. */
interface ReadSegment {
  readonly segment: ReplayedSegment;
  readonly entries: number;
  readonly lastSequence: SequenceNumber;
  readonly fault: LsmError | undefined;
}

function readSegment(state: EngineState, log: FileNumber, mayLackEnd: boolean): ReadSegment {
  const { vfs } = state.environment;
  const name = logFileName(log);
  const path = vfs.join(state.directory, name);
  if (vfs.stat(path) === undefined) {
    const reason = 'the manifest names it, but it is missing; restore it from a backup';
    const segment = unreadSegment(state, log, 0, 'damaged', reason);
    return { segment, entries: 0, lastSequence: 0, fault: corruption(reason, name, 0) };
  }
  const file = vfs.open(path, 'read');
  try {
    const atFault = state.options.walRecovery === 'skip-any-corrupted' ? 'skip' : 'stop';
    const wal = new WalReader(file, log, mayLackEnd, atFault);
    const entries = replaySegment(state, wal);
    tell(state, wal);
    const segment = { state: segmentState(wal), outcome: wal.outcome };
    return { segment, entries, lastSequence: wal.lastSequence, fault: faultOf(state, wal) };
  } finally {
    file.close();
  }
}

/**
 * The manifest names a segment only after its header was durable, so that may not be torn either.
 */
function faultOf(state: EngineState, wal: WalReader): LsmError | undefined {
  if (wal.damage !== undefined) return wal.damage;
  const { verdict, stopOffset, reason } = wal.outcome;
  const refusesTorn = state.options.walRecovery === 'absolute-consistency';
  const isFault = stopOffset < LOG_HEADER_SIZE || (refusesTorn && verdict === 'torn');
  return isFault ? corruption(reason, logFileName(wal.number), stopOffset) : undefined;
}

/**
 * @param lastRead sequence number of the last write before the fault.
 * @throws LsmError the fault, when the store is not to be opened without what it took.
 */
function refuseUnlessAllowed(state: EngineState, fault: LsmError, lastRead: SequenceNumber): void {
  const { options, families } = state;
  const { walRecovery } = options;
  if (walRecovery === 'absolute-consistency' || walRecovery === 'tolerate-corrupted-tail') {
    throw fault;
  }
  const isPointInTime = walRecovery === 'point-in-time';
  // Tables of one family that are newer than where the log ends for another: there is no such
  // moment.
  if (isPointInTime && families.list.length > 1 && greatestSequence(state) > lastRead) throw fault;
  const gone = isPointInTime ? 'all later writes were given up' : 'what is damaged was passed over';
  const message = `${fault.message}; ${gone} (walRecovery: ${walRecovery})`;
  const { code, file = '', offset = -1 } = fault;
  state.report({ code, message, file, offset });
}

/** A segment behind the damage: taking its writes would leave a hole in the history. */
function giveUp(state: EngineState, log: FileNumber): ReplayedSegment {
  const { vfs } = state.environment;
  const sizeBytes = vfs.stat(vfs.join(state.directory, logFileName(log)))?.sizeBytes ?? 0;
  return unreadSegment(state, log, sizeBytes, 'given-up', 'an earlier log is damaged');
}

/** Tells of a segment of which nothing was read. */
function unreadSegment(
  state: EngineState,
  wal: FileNumber,
  sizeBytes: number,
  verdict: 'damaged' | 'given-up',
  reason: string,
): ReplayedSegment {
  const none = { records: 0, entries: 0, stopOffset: 0 };
  if (state.events.structural) {
    state.events.emit({ kind: 'recovery.wal', wal, sizeBytes, verdict, reason, ...none });
  }
  return {
    state: { file: wal, sizeBytes: 0, syncedBytes: 0, records: 0, recordsUnsynced: 0 },
    outcome: {
      ...{ verdict: 'damaged', stopOffset: 0, faultOffset: 0, skippedBytes: 0 },
      syncedOffset: 0,
      ...{ ended: false, reason },
    },
  };
}

function greatestSequence(state: EngineState): SequenceNumber {
  let greatest = 0;
  for (const table of tablesOf(state.versions.current)) {
    greatest = Math.max(greatest, table.largestSequence);
  }
  return greatest;
}

/** Puts a segment's entries into memtables; answers how many. */
function replaySegment(state: EngineState, wal: WalReader): number {
  const { cursor } = wal;
  const { families, versions } = state;
  let entries = 0;
  while (wal.next()) {
    for (let sequence = wal.firstSequence; cursor.next(); sequence++) {
      const family = families.find(cursor.family);
      if (family === undefined) {
        if (cursor.family >= versions.nextFamily) throw wal.unknownFamily();
        continue;
      }
      if (sequence <= family.flushedSequence) continue;
      makeRoom(family, batchSizeBytesMax(1, cursor.keyLength + cursor.valueLength));
      const { active } = family.memtables;
      active.addWalSegment(wal.number);
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
  if (newest === undefined) return states;
  const { file } = newest.state;
  const { stopOffset, ended } = newest.outcome;
  const { vfs } = state.environment;
  await finishLog(vfs, state.directory, logFileName(file), walIdentity(file), newest.outcome);
  if (ended) return states;
  const sizeBytes = Math.max(stopOffset, LOG_HEADER_SIZE) + LOG_RECORD_HEADER_SIZE;
  return states.with(-1, { ...newest.state, sizeBytes, syncedBytes: sizeBytes });
}

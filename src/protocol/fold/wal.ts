// The write-ahead log: segments grow, become durable, are followed by the next and go when flushed.

import type { FileNumber } from '../events.ts';
import type { TreeState, WalSegmentState } from '../treeState.ts';
import type { EventOf } from './eventOf.ts';

/** A segment of which only the number is known. */
export const UNKNOWN_SEGMENT: WalSegmentState = {
  file: 0,
  sizeBytes: 0,
  syncedBytes: 0,
  records: 0,
  recordsUnsynced: 0,
};

/** The state with one segment replaced; a segment not seen before joins at the end. */
export function updateSegment(
  state: TreeState,
  file: FileNumber,
  change: (segment: WalSegmentState) => WalSegmentState,
): TreeState {
  const { segments } = state.wal;
  const index = segments.findIndex((segment) => segment.file === file);
  const after =
    index === -1
      ? [...segments, change({ ...UNKNOWN_SEGMENT, file })]
      : segments.with(index, change(segments[index]!));
  return { ...state, wal: { ...state.wal, segments: after } };
}

export function appendRecord(state: TreeState, event: EventOf<'wal.append'>): TreeState {
  const after = updateSegment(state, event.wal, (segment) => ({
    ...segment,
    sizeBytes: event.walSizeBytes,
    syncedBytes: event.walRecordsUnsynced === null ? event.syncedOffset : segment.syncedBytes,
    records: event.walRecords,
    recordsUnsynced: event.walRecordsUnsynced,
  }));
  return after.wal.active === 0 ? { ...after, wal: { ...after.wal, active: event.wal } } : after;
}

/** A sync that ends after its segment was deleted has nothing left to tell. */
export function syncWal(state: TreeState, event: EventOf<'wal.sync'>): TreeState {
  if (!state.wal.segments.some((segment) => segment.file === event.wal)) return state;
  return updateSegment(state, event.wal, (segment) => ({
    ...segment,
    syncedBytes: event.syncedBytes,
    recordsUnsynced: event.walRecordsUnsynced,
  }));
}

export function rotateWal(state: TreeState, event: EventOf<'wal.rotate'>): TreeState {
  const closed = updateSegment(state, event.from, (segment) =>
    segment.recordsUnsynced === null ? segment : durable(segment, event.fromSizeBytes),
  );
  const begun = updateSegment(closed, event.to, (segment) => durable(segment, event.toSizeBytes));
  return { ...begun, wal: { ...begun.wal, active: event.to } };
}

function durable(segment: WalSegmentState, sizeBytes: number): WalSegmentState {
  return { ...segment, sizeBytes, syncedBytes: sizeBytes, recordsUnsynced: 0 };
}

export function deleteSegment(state: TreeState, event: EventOf<'wal.delete'>): TreeState {
  const segments = state.wal.segments.filter((segment) => segment.file !== event.wal);
  return { ...state, wal: { ...state.wal, segments } };
}

/** Readers see a write once it has ended. */
export function endWrite(state: TreeState, event: EventOf<'write.end'>): TreeState {
  if (event.lastSequence <= state.lastSequence) return state;
  return { ...state, lastSequence: event.lastSequence };
}

// Opening and closing: what recovery finds in the manifest and in each log segment.

import type { TreeState } from '../treeState.ts';
import type { EventOf } from './eventOf.ts';
import { UNKNOWN_SEGMENT, updateSegment } from './wal.ts';

export function beginRecovery(state: TreeState, event: EventOf<'recovery.begin'>): TreeState {
  const known = new Set(state.wal.segments.map((segment) => segment.file));
  const found = event.walSegments.filter((file) => !known.has(file));
  const segments = [...state.wal.segments, ...found.map((file) => ({ ...UNKNOWN_SEGMENT, file }))];
  return {
    ...state,
    wal: { ...state.wal, segments: segments.toSorted((left, right) => left.file - right.file) },
    manifest: { ...state.manifest, name: event.manifest },
  };
}

/** What was read back is on disk; what lay beyond the stop is cut off. */
export function recoverWal(state: TreeState, event: EventOf<'recovery.wal'>): TreeState {
  const sizeBytes = Math.min(event.sizeBytes, event.stopOffset);
  return updateSegment(state, event.wal, () => ({
    file: event.wal,
    sizeBytes,
    syncedBytes: sizeBytes,
    records: event.records,
    recordsUnsynced: 0,
  }));
}

export function endRecovery(state: TreeState, event: EventOf<'recovery.end'>): TreeState {
  return { ...state, lastSequence: event.lastSequence };
}

/** Levels and what they may hold come with each edit. */
export function changeOptions(
  state: TreeState,
  { engineVersion, strategy, options }: EventOf<'store.options'>,
): TreeState {
  return { ...state, store: { ...state.store, engineVersion, strategy, options } };
}

export function closeStore(state: TreeState): TreeState {
  const families = state.families.map((family) => ({ ...family, stall: null }));
  return { ...state, families, jobs: [], snapshots: [], transactions: [] };
}

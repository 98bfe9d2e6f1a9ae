// Sealing memtables: they and the log segment are closed together, and new ones take their place.
//
//   1. the new segment is created, or made of a former one's file, with its header and name durable
//   2. the old segment is synced and ended: from now on a missing tail of it is damage
//   3. the manifest learns of the new segment: from now on its absence is damage
//   4. all are swapped
//
// Nothing is written into the new segment before 3, so a crash in between loses nothing. Called
// with the write queue stopped.

import type { SealReason } from '../../protocol/events.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import type { Memtable } from '../memtable/memtable.ts';
import { WalWriter } from '../wal/walWriter.ts';

/** A family whose memtable is sealed. */
export interface Sealing {
  readonly family: FamilyState;
  readonly reason: SealReason;
  /** Takes its place. */
  readonly next: Memtable;
}

/**
 * Seals the active memtables of some families. The log is shared by all of them: others' entries in
 * the old segment keep it until they are flushed, too.
 * @throws LsmError when a file cannot be written; the store must then stop writing.
 */
export async function rotate(state: EngineState, sealings: readonly Sealing[]): Promise<void> {
  const { versions, wal, events, directory } = state;
  const { vfs } = state.environment;
  const recycled = state.spareLogs.take();
  const next = await WalWriter.create(vfs, directory, versions.newFileNumber(), recycled);
  const old = wal.active;
  await syncActive(state, 0);
  await wal.endActive();
  await versions.apply(
    { addedLogs: [next.number] },
    { job: 0, flushedMemtable: 0, lastSequence: state.lastSequence },
  );
  wal.activate(next);
  for (const sealing of sealings) seal(state, sealing);
  if (!events.structural) return;
  events.emit({
    kind: 'wal.rotate',
    from: old.number,
    to: next.number,
    recycled: recycled ?? 0,
    fromSizeBytes: old.log.sizeBytes,
    toSizeBytes: next.log.sizeBytes,
  });
}

function seal({ events }: EngineState, { family, reason, next }: Sealing): void {
  const sealed = family.memtables.active;
  family.memtables.seal(reason, next);
  if (!events.structural) return;
  events.emit({
    kind: 'memtable.seal',
    family: family.id,
    memtable: sealed.id,
    entries: sealed.entries,
    tombstones: sealed.tombstones,
    rangeDeletes: sealed.rangeDeletes.count,
    sizeBytes: sealed.sizeBytes,
    reason,
    next: { memtable: next.id, capacityBytes: next.capacityBytes },
    walSegments: [...sealed.walSegments],
  });
}

/** Makes the active segment durable and tells of it; free when it is durable already. */
export async function syncActive(state: EngineState, group: number): Promise<void> {
  const { events, counters, metrics, wal } = state;
  const { clock } = state.environment;
  const writer = wal.active;
  if (writer.log.recordsUnsynced === 0) return;
  const began = clock.monotonicMicros();
  await writer.sync();
  const durationMicros = clock.monotonicMicros() - began;
  counters.walSyncs++;
  metrics.latencies.sync.record(durationMicros);
  // Of a segment that was ended meanwhile the rotation tells.
  if (!events.write || wal.isEnding || wal.active !== writer) return;
  events.emit({
    kind: 'wal.sync',
    wal: writer.number,
    group,
    syncedBytes: writer.log.syncedBytes,
    walRecordsUnsynced: writer.log.recordsUnsynced,
    durationMicros,
  });
}

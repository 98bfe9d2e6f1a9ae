// Committing one group of writes, in the one order that loses nothing and shows nothing half done:
//
//   room (memtable, limits) → log record written → synced, when a member asked → memtable →
//   sequence number published → writers told
//
// A failed log write or sync is final: the group is refused, and so is every later write until the
// store is opened again.

import { toLsmError } from '../../base/errors.ts';
import type { LsmError } from '../../base/errors.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import type { Backpressure } from './backpressure.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import type { IntervalSync } from './intervalSync.ts';
import { countWrite } from '../metrics/counters.ts';
import { NO_NODE } from '../memtable/skipList.ts';
import { SearchTrace } from '../memtable/searchTrace.ts';
import type { SealReason } from './memtableQueue.ts';
import { rotate, syncActive } from './rotation.ts';
import { BatchCursor } from '../wal/batchCursor.ts';
import { tellInsert, tellRangeDelete } from './writeEvents.ts';
import type { WriteGroup } from './writeGroup.ts';

/** Commits groups for one store. */
export class GroupCommitter {
  private readonly state: EngineState;
  private readonly backpressure: Backpressure;
  private readonly intervalSync: IntervalSync;
  private readonly onSealed: () => void;
  private readonly cursor = new BatchCursor('a batch in memory');
  private groups = 0;

  /** @param onSealed called when a memtable waits for its flush. */
  constructor(
    state: EngineState,
    backpressure: Backpressure,
    intervalSync: IntervalSync,
    onSealed: () => void,
  ) {
    this.state = state;
    this.backpressure = backpressure;
    this.intervalSync = intervalSync;
    this.onSealed = onSealed;
  }

  /**
   * Commits a group. Called for one group at a time.
   * @throws LsmError when nothing of it became visible.
   */
  async commit(group: WriteGroup): Promise<void> {
    const { state } = this;
    state.requireSound();
    const needed = group.batch.memtableSizeBytesMax;
    const family = state.families.default;
    const { active } = family.memtables;
    const needsMemtable = active.isFull || !active.fits(needed);
    if (needsMemtable || this.backpressure.isDue(family)) {
      await this.makeRoom(family, needed, needsMemtable);
    }
    const number = ++this.groups;
    const first = state.lastSequence + 1;
    const last = state.lastSequence + group.batch.entryCount;
    const timestampMicros = state.environment.clock.wallMicros();
    const { gate } = state.events;
    if (state.events.write) await this.tellGroup(group, number, first);
    const offset = this.append(group, first, timestampMicros);
    if (state.events.write) await this.tellAppend(group, number, offset);
    if (group.sync) await this.sync(number);
    else this.intervalSync.noteAppend();
    family.memtables.active.addWalSegment(state.wal.active.number);
    group.batch.readInto(this.cursor);
    if (state.events.write) await this.insertAndTell(group, first, timestampMicros);
    else this.insertAll(first, timestampMicros);
    state.lastSequence = last;
    state.counters.userBytesWritten += group.batch.userBytes;
    if (state.events.write) this.tellEnds(group, number, first);
    if (gate !== null) await gate();
  }

  /** Seals the memtable when it is full and may wait in the queue; the next group need not then. */
  async sealIfFull(): Promise<void> {
    for (const family of this.state.families.list) {
      const { memtables, options } = family;
      const hasPlace = memtables.sealed.length < options.maxImmutableMemtables;
      if (this.state.mayWork && memtables.active.isFull && hasPlace) {
        await this.seal(family, 'full', 0);
      }
    }
  }

  /**
   * Seals a family's memtable.
   * @param neededBytes that the next one must have room for, beyond its usual size.
   * @throws LsmError `INVALID_ARGUMENT` when no memtable can be that large, and nothing has
   * changed; otherwise the store can write no more.
   */
  async seal(family: FamilyState, reason: SealReason, neededBytes: number): Promise<void> {
    const next = family.memtables.prepare(neededBytes);
    try {
      await rotate(this.state, family, reason, next);
    } catch (thrown) {
      throw this.failed(thrown);
    }
    await this.state.events.gate?.();
    this.onSealed();
  }

  private async makeRoom(
    family: FamilyState,
    neededBytes: number,
    needsMemtable: boolean,
  ): Promise<void> {
    await this.backpressure.pass(family, needsMemtable, neededBytes);
    if (!needsMemtable) return;
    const { active } = family.memtables;
    await this.seal(family, active.isFull ? 'full' : 'large-value', neededBytes);
  }

  /** Writes the group's log record. */
  private append(group: WriteGroup, first: SequenceNumber, timestampMicros: number): number {
    const { wal, counters } = this.state;
    try {
      const offset = wal.active.append(group.batch, first, timestampMicros);
      counters.walBytesWritten += wal.active.log.sizeBytes - offset;
      return offset;
    } catch (thrown) {
      throw this.failed(thrown);
    }
  }

  /**
   * Makes what was appended so far durable.
   * @param number of the group that asked for it, or 0.
   * @throws LsmError when it could not be; the store can then write no more.
   */
  async sync(number: number): Promise<void> {
    try {
      await syncActive(this.state, number);
    } catch (thrown) {
      throw this.failed(thrown);
    }
    if (this.state.events.write) await this.state.events.gate?.();
  }

  /** What stands in the log now is not known: the store writes no more. */
  private failed(thrown: unknown): LsmError {
    const fault = toLsmError(thrown);
    this.state.fail(fault);
    return fault;
  }

  private async tellAppend(group: WriteGroup, number: number, offset: number): Promise<void> {
    const { events, wal, lastSequence } = this.state;
    const { log } = wal.active;
    events.emit({
      kind: 'wal.append',
      wal: wal.active.number,
      group: number,
      offset,
      sizeBytes: log.sizeBytes - offset,
      checksum: log.lastChecksum,
      syncedOffset: log.lastSyncedOffset,
      firstSequence: lastSequence + 1,
      entries: group.batch.entryCount,
      walSizeBytes: log.sizeBytes,
      walRecords: log.records,
      walRecordsUnsynced: log.recordsUnsynced,
    });
    await events.gate?.();
  }

  private insertAll(first: SequenceNumber, timestampMicros: number): void {
    const { cursor } = this;
    const { counters, families } = this.state;
    const { active } = families.default.memtables;
    for (let sequence = first; cursor.next(); sequence++) {
      active.insert(cursor, sequence, timestampMicros);
      countWrite(counters, cursor.kind);
    }
  }

  private async insertAndTell(
    group: WriteGroup,
    first: SequenceNumber,
    timestampMicros: number,
  ): Promise<void> {
    const { cursor } = this;
    const { counters, families, events } = this.state;
    const { active } = families.default.memtables;
    let writer = 0;
    let left = group.writers[0]!.entryCount;
    for (let sequence = first; cursor.next(); sequence++, left--) {
      if (left === 0) left = group.writers[++writer]!.entryCount;
      const trace = new SearchTrace();
      const node = active.insert(cursor, sequence, timestampMicros, trace);
      countWrite(counters, cursor.kind);
      const { operation } = group.writers[writer]!;
      if (node === NO_NODE) tellRangeDelete(events, active, cursor, sequence, operation);
      else tellInsert(events, active, cursor, node, { sequence, operation, path: trace.steps });
      if (events.gate !== null) await events.gate();
    }
  }

  private async tellGroup(
    group: WriteGroup,
    number: number,
    firstSequence: SequenceNumber,
  ): Promise<void> {
    const { events } = this.state;
    await events.gate?.();
    events.emit({
      kind: 'write.group',
      group: number,
      operations: group.writers.map((writer) => writer.operation),
      entries: group.batch.entryCount,
      sizeBytes: group.batch.sizeBytes,
      firstSequence,
      sync: group.sync,
    });
    await events.gate?.();
  }

  private tellEnds(group: WriteGroup, number: number, first: SequenceNumber): void {
    const { events, environment, wal } = this.state;
    const now = environment.clock.monotonicMicros();
    const durable = wal.active.log.recordsUnsynced === 0;
    let firstSequence = first;
    for (const { operation, entryCount, beganMicros } of group.writers) {
      const lastSequence = firstSequence + entryCount - 1;
      events.emit({
        kind: 'write.end',
        operation,
        group: number,
        firstSequence,
        lastSequence,
        durable,
        durationMicros: now - beganMicros,
      });
      firstSequence = lastSequence + 1;
    }
  }
}

// Committing one group of writes, in the one order that loses nothing and shows nothing half done:
//
//   room (memtable, limits) → log record written → synced, when a member asked → memtable →
//   sequence number published → writers told
//
// A failed log write or sync is final: the group is refused, and so is every later write until the
// store is opened again.

import { toLsmError } from '../../base/errors.ts';
import type { LsmError } from '../../base/errors.ts';
import type { SealReason, SequenceNumber } from '../../protocol/events.ts';
import type { Backpressure } from './backpressure.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import type { IntervalSync } from './intervalSync.ts';
import { countWrite } from '../metrics/counters.ts';
import { NO_NODE } from '../memtable/skipList.ts';
import { batchSizeBytesMax } from '../memtable/arena.ts';
import { SearchTrace } from '../memtable/searchTrace.ts';
import { rotate, syncActive } from './rotation.ts';
import type { Sealing } from './rotation.ts';
import { BatchCursor } from '../wal/batchCursor.ts';
import type { WriteBatch } from '../writeBatch.ts';
import { tellInsert, tellRangeDelete } from './writeEvents.ts';
import type { WriteGroup } from './writeGroup.ts';

/** A family, and the bytes that its memtable must have room for. */
interface Need {
  readonly family: FamilyState;
  readonly neededBytes: number;
}

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
   * Commits a group that needs no sync, no room and no viewer's leave; false when it needs one.
   * @throws LsmError as `commit`.
   */
  commitAtOnce(group: WriteGroup): boolean {
    const { state } = this;
    state.requireSound();
    const { batch } = group;
    const { events } = state;
    if (group.sync || events.write || events.gate !== null || this.isHeldUp(batch)) return false;
    const first = state.lastSequence + 1;
    const timestampMicros = state.environment.clock.wallMicros();
    this.append(group, first, timestampMicros);
    this.intervalSync.noteAppend();
    this.noteSegment(batch);
    batch.readInto(this.cursor);
    this.insertAll(first, timestampMicros);
    this.publish(batch);
    return true;
  }

  /**
   * Commits a group. Called for one group at a time.
   * @throws LsmError when nothing of it became visible.
   */
  async commit(group: WriteGroup): Promise<void> {
    const { state } = this;
    state.requireSound();
    if (this.isHeldUp(group.batch)) await this.makeRoom(group.batch);
    const number = ++this.groups;
    const first = state.lastSequence + 1;
    const timestampMicros = state.environment.clock.wallMicros();
    const { gate } = state.events;
    if (state.events.write) await this.tellGroup(group, number, first);
    const offset = this.append(group, first, timestampMicros);
    if (state.events.write) await this.tellAppend(group, number, offset);
    if (group.sync) await this.sync(number);
    else this.intervalSync.noteAppend();
    this.noteSegment(group.batch);
    group.batch.readInto(this.cursor);
    if (state.events.write) await this.insertAndTell(group, first, timestampMicros);
    else this.insertAll(first, timestampMicros);
    this.publish(group.batch);
    if (state.events.write) this.tellEnds(group, number, first);
    if (gate !== null) await gate();
  }

  /** What was inserted is there for readers. */
  private publish({ entryCount, userBytes }: WriteBatch): void {
    const { state } = this;
    state.lastSequence += entryCount;
    state.counters.userBytesWritten += userBytes;
  }

  /** Whether a memtable is full and may wait for its flush. */
  get hasFull(): boolean {
    const { list } = this.state.families;
    for (let index = 0; index < list.length; index++) {
      const family = list[index]!;
      if (family.memtables.active.isFull && mayWait(family)) return true;
    }
    return false;
  }

  /** Seals the memtables that are full and may wait in the queue; the next group need not then. */
  async sealIfFull(): Promise<void> {
    if (!this.state.mayWork) return;
    const full = this.state.families.list.filter((family) => family.memtables.active.isFull);
    for (const family of full) if (mayWait(family)) await this.seal(family, 'full', 0);
  }

  /**
   * Seals a family's memtable, and those that keep the oldest segment of a log that is too large.
   * @param neededBytes that the next one must have room for, beyond its usual size.
   * @throws LsmError `INVALID_ARGUMENT` when no memtable can be that large, and nothing has
   * changed; otherwise the store can write no more.
   */
  async seal(family: FamilyState, reason: SealReason, neededBytes: number): Promise<void> {
    const next = family.memtables.prepare(neededBytes);
    await this.rotate([{ family, reason, next }]);
  }

  /** Seals the memtables of several families; otherwise as `seal`. */
  async sealAll(families: readonly FamilyState[], reason: SealReason): Promise<void> {
    await this.rotate(
      families.map((family) => ({ family, reason, next: family.memtables.prepare(0) })),
    );
  }

  private async rotate(wanted: readonly Sealing[]): Promise<void> {
    const keepers = this.keepersOfOldLog()
      .filter((family) => !wanted.some((sealing) => sealing.family === family))
      .map((family): Sealing => {
        return { family, reason: 'wal-full', next: family.memtables.prepare(0) };
      });
    try {
      await rotate(this.state, [...wanted, ...keepers]);
    } catch (thrown) {
      throw this.failed(thrown);
    }
    await this.state.events.gate?.();
    this.onSealed();
  }

  /** The families whose active memtable keeps the oldest segment, once the log is too large. */
  private keepersOfOldLog(): FamilyState[] {
    const { families, wal, options } = this.state;
    if (families.list.length === 1 || wal.sizeBytes <= options.maxWalSize) return [];
    const oldest = families.oldestWalBesides([]);
    return families.list.filter(
      (family) => family.memtables.active.walSegments[0] === oldest && mayWait(family),
    );
  }

  /** Whether a group must wait, or needs a new memtable, before it can be logged. */
  private isHeldUp(batch: WriteBatch): boolean {
    if (batch.otherShares.length > 0) return this.needsOf(batch).some((need) => this.isShort(need));
    const family = this.state.families.default;
    return lacks(family, batch.memtableSizeBytesMax) || this.backpressure.isDue(family);
  }

  private isShort({ family, neededBytes }: Need): boolean {
    return lacks(family, neededBytes) || this.backpressure.isDue(family);
  }

  /** What a batch needs in the memtable of each family that it writes to. */
  private needsOf(batch: WriteBatch): Need[] {
    const { families } = this.state;
    const others = batch.otherShares.map(({ family, entries, userBytes }) => ({
      family: families.of(family.id),
      neededBytes: batchSizeBytesMax(entries, userBytes),
    }));
    if (batch.defaultEntries === 0) return others;
    return [{ family: families.default, neededBytes: batch.memtableSizeBytesMax }, ...others];
  }

  /** Waits, and seals memtables, until the batch has room in every family. */
  private async makeRoom(batch: WriteBatch): Promise<void> {
    const needs = this.needsOf(batch);
    for (const { family, neededBytes } of needs) {
      const needsMemtable = lacks(family, neededBytes);
      await this.backpressure.pass(family, needsMemtable, neededBytes);
      if (!needsMemtable) continue;
      const reason = family.memtables.active.isFull ? 'full' : 'large-value';
      await this.seal(family, reason, neededBytes);
    }
    // Sealing one may have sealed another for the log's sake.
    if (needs.some(({ family, neededBytes }) => lacks(family, neededBytes))) {
      await this.makeRoom(batch);
    }
  }

  /** Notes with each memtable that the active segment holds entries of it. */
  private noteSegment(batch: WriteBatch): void {
    const { families, wal } = this.state;
    const { number } = wal.active;
    if (batch.defaultEntries > 0) families.default.memtables.active.addWalSegment(number);
    for (const { family } of batch.otherShares) {
      families.of(family.id).memtables.active.addWalSegment(number);
    }
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
    this.state.fail(fault, { isTold: true });
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
    const main = families.default.memtables.active;
    for (let sequence = first; cursor.next(); sequence++) {
      const { family } = cursor;
      const active = family === 0 ? main : families.of(family).memtables.active;
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
    let writer = 0;
    let left = group.writers[0]!.entryCount;
    for (let sequence = first; cursor.next(); sequence++, left--) {
      if (left === 0) left = group.writers[++writer]!.entryCount;
      const { active } = families.of(cursor.family).memtables;
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

function lacks({ memtables: { active } }: FamilyState, neededBytes: number): boolean {
  return active.isFull || !active.fits(neededBytes);
}

/** Whether one more memtable of the family may wait for its flush. */
function mayWait({ memtables, options, dropped }: FamilyState): boolean {
  return !dropped && memtables.sealed.length < options.maxImmutableMemtables;
}

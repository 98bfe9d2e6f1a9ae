// Holding writers back before the store falls too far behind: more level-0 tables make every read
// slower, more bytes that wait to be compacted make every level too large, more sealed memtables
// take memory. Each has a limit at which groups of writes are slowed down, and one at which they
// wait:
//
//   limit                 slowdown from                 stop at
//   immutable-memtables   one less, if there are 3      maxImmutableMemtables, for a group that
//                                                       needs a new one
//   l0-tables             l0SlowdownTables              l0StopTables
//   pending-bytes         pendingBytesSlowdown          pendingBytesStop
//
// A slowdown lets so many bytes a second pass: `delayedWriteRate`, and less the nearer the stop.
// Small groups pay together: they sleep once a millisecond is owed. Writers never wait for what is
// not due: a strategy's backlog is 0 when it has nothing to do, and a store that is being closed
// only minds its memory.
//
// Each column family has limits and a stall of its own. All share one log and one queue, so while a
// group waits for one family, those behind it wait, too.

import type { StallState } from '../../protocol/treeState.ts';
import type { CompactionBacklog } from '../compaction/strategy.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import type { FamilyVersion } from '../manifest/version.ts';
import type { RunningCounters } from '../metrics/counters.ts';

/** The longest sleep of one group, milliseconds: also how long a close may have to wait for it. */
const DELAY_MAX_MILLIS = 100;
/** Just below the stop, this share of the rate is left. */
const RATE_SHARE_MIN = 1 / 16;
/** With fewer memtables than this a slowdown before the stop would be nearly always. */
const SLOWDOWN_MEMTABLES_MIN = 3;

type Pressure = Omit<StallState, 'since'>;

/** Where the time that each limit costs is counted. */
const COUNTER_OF: Readonly<Record<StallState['limit'], keyof RunningCounters>> = {
  'immutable-memtables': 'stallMemtablesMicros',
  'l0-tables': 'stallL0Micros',
  'pending-bytes': 'stallPendingBytesMicros',
};

/** The brake on one store's writes. */
export class Backpressure {
  private readonly state: EngineState;
  /** Of each family's newest version: counting costs a look at every table. */
  private readonly backlogs = new Map<FamilyState, [FamilyVersion, CompactionBacklog]>();
  /** When what passed during slowdowns is paid for, monotonic microseconds. */
  private paidAtMicros = 0;
  /** Families whose writers were told to be held back, and since when, monotonic microseconds. */
  private readonly braked = new Map<FamilyState, number>();
  /** The family of which a group waits for a new memtable. */
  private awaiting: FamilyState | undefined;

  constructor(state: EngineState) {
    this.state = state;
  }

  /** Whether a group that needs no new memtable of the family would have to wait now. */
  isDue(family: FamilyState): boolean {
    return family.stall !== null || this.pressure(family, false) !== undefined;
  }

  /**
   * Waits as long as the limits demand.
   * @param sizeBytes of the group.
   * @throws LsmError `NOT_OPEN` when the store failed meanwhile.
   */
  async pass(family: FamilyState, needsMemtable: boolean, sizeBytes: number): Promise<void> {
    const { clock } = this.state.environment;
    this.awaiting = needsMemtable ? family : undefined;
    for (;;) {
      const pressure = this.pressure(family, needsMemtable);
      this.tell(family, pressure);
      if (pressure === undefined) break;
      const began = clock.monotonicMicros();
      if (pressure.severity === 'stop') await this.state.changed.wait();
      else await this.delay(family, pressure, sizeBytes);
      this.count(pressure, clock.monotonicMicros() - began);
      this.state.requireSound();
      if (pressure.severity === 'slowdown') break;
    }
    this.awaiting = undefined;
  }

  /** Tells of the end of each stall as soon as a flush, a compaction or a drop has ended it. */
  review(): void {
    for (const family of this.braked.keys()) {
      const isOver =
        family.dropped || this.pressure(family, family === this.awaiting) === undefined;
      if (isOver) this.tell(family, undefined);
    }
  }

  /** What weighs most: a stop before a slowdown, memory before the shape of the tree. */
  private pressure(family: FamilyState, needsMemtable: boolean): Pressure | undefined {
    const { options, memtables } = family;
    const { maxImmutableMemtables: most, l0StopTables, l0SlowdownTables } = options;
    const waiting = memtables.sealed.length;
    if (needsMemtable && waiting >= most) {
      return pressureOf('stop', 'immutable-memtables', waiting, most);
    }
    if (!this.state.isOpen) return undefined;
    const { level0Runs: runs, pendingBytes: bytes } = this.backlogOf(family);
    if (runs >= l0StopTables) return pressureOf('stop', 'l0-tables', runs, l0StopTables);
    const { pendingBytesSlowdown, pendingBytesStop } = options;
    if (bytes >= pendingBytesStop) {
      return pressureOf('stop', 'pending-bytes', bytes, pendingBytesStop);
    }
    if (most >= SLOWDOWN_MEMTABLES_MIN && waiting >= most - 1) {
      return pressureOf('slowdown', 'immutable-memtables', waiting, most - 1);
    }
    if (runs >= l0SlowdownTables) {
      return pressureOf('slowdown', 'l0-tables', runs, l0SlowdownTables);
    }
    if (bytes < pendingBytesSlowdown) return undefined;
    return pressureOf('slowdown', 'pending-bytes', bytes, pendingBytesSlowdown);
  }

  private backlogOf(family: FamilyState): CompactionBacklog {
    const known = this.backlogs.get(family);
    if (known !== undefined && known[0] === family.version) return known[1];
    const { version, strategy, options } = family;
    const backlog = strategy.backlog(version, options);
    this.backlogs.set(family, [version, backlog]);
    return backlog;
  }

  /** Lets the group pay for its bytes, and for what others left unpaid. */
  private async delay(family: FamilyState, pressure: Pressure, sizeBytes: number): Promise<void> {
    const { clock, scheduler } = this.state.environment;
    const now = clock.monotonicMicros();
    const priceMicros = (sizeBytes * 1e6) / rateUnder(pressure, family);
    const paidAt = Math.max(now, this.paidAtMicros) + priceMicros;
    this.paidAtMicros = Math.min(paidAt, now + 1000 * DELAY_MAX_MILLIS);
    const millis = Math.floor((this.paidAtMicros - now) / 1000);
    // A write that waits is work under way: the process must not end meanwhile.
    if (millis > 0) await scheduler.sleep(millis);
  }

  private count({ limit }: Pressure, micros: number): void {
    const { counters, metrics } = this.state;
    counters.stallMicros += micros;
    counters[COUNTER_OF[limit]] += micros;
    metrics.latencies.stall.record(micros);
  }

  /** Begins, changes or ends the stall that viewers see. */
  private tell(family: FamilyState, pressure: Pressure | undefined): void {
    const { events, environment } = this.state;
    const { stall, id } = family;
    const now = environment.clock.monotonicMicros();
    const began = this.braked.get(family) ?? now;
    if (pressure === undefined) {
      if (stall === null) return;
      family.stall = null;
      this.braked.delete(family);
      const durationMicros = now - began;
      if (events.structural) events.emit({ kind: 'stall.end', family: id, durationMicros });
      return;
    }
    if (stall !== null && stall.severity === pressure.severity && stall.limit === pressure.limit) {
      return;
    }
    this.braked.set(family, began);
    const since = events.structural
      ? events.emit({ kind: 'stall.begin', family: id, ...pressure })
      : 0;
    family.stall = { ...pressure, since };
  }
}

function pressureOf(
  severity: Pressure['severity'],
  limit: Pressure['limit'],
  value: number,
  limitValue: number,
): Pressure {
  return { severity, limit, value, limitValue };
}

/** Bytes a second that may pass during a slowdown. */
function rateUnder({ limit, value, limitValue }: Pressure, { options }: FamilyState): number {
  const stop = {
    'immutable-memtables': options.maxImmutableMemtables,
    'l0-tables': options.l0StopTables,
    'pending-bytes': options.pendingBytesStop,
  }[limit];
  const share = (stop - value) / Math.max(1, stop - limitValue);
  return options.delayedWriteRate * Math.min(1, Math.max(RATE_SHARE_MIN, share));
}

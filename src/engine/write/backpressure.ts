// Holding writers back before the store falls too far behind: more level-0 tables make every read
// slower, more sealed memtables take memory.
//
// - `slowdown`: from l0SlowdownTables on each group waits a little, longer the nearer the stop.
// - `stop`: at l0StopTables, or when a memtable must be sealed and maxImmutableMemtables wait
//   already, groups wait until a flush or a compaction has made room.

import type { StallState } from '../../protocol/treeState.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';

/** The delay of a group just below the stop, milliseconds. */
const DELAY_MAX_MILLIS = 10;

type Pressure = Omit<StallState, 'since'>;

/** The brake on one store's writes. */
export class Backpressure {
  private readonly state: EngineState;
  private beganMicros = 0;
  /** The family of the group that waits, when it needs a new memtable. */
  private memtableAwaited: FamilyState | undefined;

  constructor(state: EngineState) {
    this.state = state;
  }

  /** Whether a group that needs no new memtable of the family would have to wait now. */
  isDue(family: FamilyState): boolean {
    return this.pressure(family, false) !== undefined || this.state.stall !== null;
  }

  /**
   * Waits as long as the limits demand. The compactions and flushes that free the writer must be
   * under way or due.
   * @throws LsmError `NOT_OPEN` when the store failed meanwhile.
   */
  async pass(family: FamilyState, needsMemtable: boolean): Promise<void> {
    const { clock } = this.state.environment;
    const began = clock.monotonicMicros();
    let waited = false;
    this.memtableAwaited = needsMemtable ? family : undefined;
    for (;;) {
      const pressure = this.pressure(family, needsMemtable);
      this.tell(pressure);
      if (pressure === undefined) break;
      waited = true;
      if (pressure.severity === 'slowdown') {
        await this.delay(family, pressure);
        this.state.requireSound();
        break;
      }
      await this.state.changed.wait();
      this.state.requireSound();
    }
    this.memtableAwaited = undefined;
    if (waited) this.state.counters.stallMicros += clock.monotonicMicros() - began;
  }

  /** Tells of the end of a stall as soon as a flush or a compaction has ended it. */
  review(): void {
    if (this.state.stall === null) return;
    const family = this.memtableAwaited ?? this.state.families.default;
    if (this.pressure(family, this.memtableAwaited !== undefined) === undefined)
      this.tell(undefined);
  }

  private pressure(family: FamilyState, needsMemtable: boolean): Pressure | undefined {
    const { options, version, memtables } = family;
    const { l0SlowdownTables, l0StopTables, maxImmutableMemtables } = options;
    const waiting = memtables.sealed.length;
    if (needsMemtable && waiting >= maxImmutableMemtables) {
      const limit = 'immutable-memtables';
      return { severity: 'stop', limit, value: waiting, limitValue: maxImmutableMemtables };
    }
    const value = version.levels[0]!.tableCount;
    if (value < l0SlowdownTables && value < l0StopTables) return undefined;
    if (value >= l0StopTables) {
      return { severity: 'stop', limit: 'l0-tables', value, limitValue: l0StopTables };
    }
    return { severity: 'slowdown', limit: 'l0-tables', value, limitValue: l0SlowdownTables };
  }

  private delay(family: FamilyState, pressure: Pressure): Promise<void> {
    const { l0SlowdownTables, l0StopTables } = family.options;
    const share = (pressure.value - l0SlowdownTables + 1) / (l0StopTables - l0SlowdownTables);
    const millis = Math.max(1, Math.round(DELAY_MAX_MILLIS * share));
    return new Promise((resolve) => {
      this.state.environment.scheduler.after(millis, resolve);
    });
  }

  /** Begins, changes or ends the stall that viewers see. */
  private tell(pressure: Pressure | undefined): void {
    const { state } = this;
    const { stall, events } = state;
    const { clock } = state.environment;
    if (pressure === undefined) {
      if (stall === null) return;
      state.stall = null;
      const durationMicros = clock.monotonicMicros() - this.beganMicros;
      if (events.structural) events.emit({ kind: 'stall.end', durationMicros });
      return;
    }
    if (stall !== null && stall.severity === pressure.severity && stall.limit === pressure.limit) {
      return;
    }
    if (stall === null) this.beganMicros = clock.monotonicMicros();
    const since = events.structural ? events.emit({ kind: 'stall.begin', ...pressure }) : 0;
    state.stall = { ...pressure, since };
  }
}

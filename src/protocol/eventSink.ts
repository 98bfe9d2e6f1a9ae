// How the engine hands out events: the interface its hooks call. The engine tests one boolean
// before it builds an event, so a hook that nobody listens to costs one branch and no clock
// reading.

import type { EventNumber, LsmEventBody } from './events.ts';

/**
 * A listener. The engine re-reads the flags before each event; a listener may flip them at any
 * time.
 */
export interface EventSink {
  /** Rare events that change the shape of the tree: flush, compaction, manifest, stall, … */
  structural: boolean;
  /** One or more for each write: `write.*`, `wal.append`, `wal.sync`, `memtable.insert`. */
  write: boolean;
  /**
   * Several for each read: `get.*`, `scan.*`, `memtable.lookup`, `filter.check`, `block.read`, …
   */
  read: boolean;
  /** One for each entry that a flush or a merge handles: `table.entry`, `compaction.entry`. */
  entry: boolean;
  /** Stamps the event with its number and time and takes it; must be quick and must not throw. */
  emit(body: LsmEventBody): EventNumber;
  /**
   * `null`, or (Lockstep) awaited by the engine after each step before it takes the next. It never
   * changes what is done nor in which order, only when.
   */
  gate: (() => Promise<void>) | null;
  /**
   * Put here by the engine, for the listener to call after it has changed a flag or the gate: jobs
   * in other threads then learn of it at once, not only with the next thing they tell.
   */
  onChange?: (() => void) | undefined;
}

/** A sink that listens to nothing. */
export function silentSink(): EventSink {
  return { structural: false, write: false, read: false, entry: false, emit: () => 0, gate: null };
}

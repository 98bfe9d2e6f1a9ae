// How a store of these tests is opened: its options, and where its jobs run.

import type { Vfs } from '../../../src/base/vfs.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import { simulatedEnvironment } from '../../engine/simulatedWorld.ts';
import type { SimulatedEnvironment } from '../../engine/simulatedWorld.ts';
import { SimulatedThreads } from '../threads/simulatedThreads.ts';

/** Everything small, so that few writes make deep levels. */
export const SMALL: LsmOptions = {
  memtableSize: 1024,
  blockSize: 128,
  blockRestartInterval: 4,
  maxL0SSTables: 2,
  l0SlowdownTables: 6,
  l0StopTables: 10,
  maxImmutableMemtables: 2,
  levelBaseSize: 2048,
  levelMultiplier: 2,
  maxLevels: 4,
  tierRuns: 2,
  targetTableSize: 1024,
  blockCacheSize: 2048,
  mergeOperator: 'stringappend',
};

/** What is chosen about a store. */
export interface StoreSetup {
  /** What is not said is `SMALL`. */
  readonly options: LsmOptions;
  /** Flushes and merges run in threads of their own; otherwise in slices. */
  readonly inThreads?: boolean;
}

/** The simulated world with its threads. */
export interface SetupEnvironment extends SimulatedEnvironment {
  readonly threads: SimulatedThreads | undefined;
}

/** A world that repeats for its seed. */
export function environmentOf(
  seed: number,
  vfs: Vfs,
  { inThreads = false }: StoreSetup,
): SetupEnvironment {
  const threads = inThreads ? new SimulatedThreads(seed, vfs) : undefined;
  return { ...simulatedEnvironment(seed, vfs), threads };
}

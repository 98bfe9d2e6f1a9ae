// The engine's world for tests, around a disk (test/reliability/disk): a clock whose two hands move
// apart, and an event loop whose order repeats for its seed. A turn takes real turns of Node's
// event loop, so that between two of them everything has settled.

import type { Clock } from '../../src/base/clock.ts';
import type { Environment } from '../../src/base/environment.ts';
import { Random } from '../../src/base/random.ts';
import type { Scheduler, Timer } from '../../src/base/scheduler.ts';
import { nodeCodecs } from '../../src/node/nodeCodecs.ts';
import type { Vfs } from '../../src/base/vfs.ts';

/** Where stores of tests lie. */
export const DIRECTORY = '/store';

/** Durations do not move the wall clock, so that listening changes no timestamp. */
export class TwoHandClock implements Clock {
  /** By what each look at the wall clock moves it. */
  wallStepMicros = 7;
  private wall = 1_700_000_000_000_000;
  private monotonic = 0;

  wallMicros(): number {
    return (this.wall += this.wallStepMicros);
  }

  /** Lets time pass; durations do not notice. */
  pass(seconds: number): void {
    this.wall += seconds * 1e6;
  }

  monotonicMicros(): number {
    return (this.monotonic += 3);
  }
}

/**
 * Resolves in the next turn of the event loop: all that could go on without waiting has done so.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

/** A turn takes one to three of the event loop's, a short delay as many; long ones never end. */
export class SimulatedScheduler implements Scheduler {
  private readonly random: Random;

  constructor(random: Random) {
    this.random = random;
  }

  async turn(): Promise<void> {
    for (let turns = this.random.nextBelow(3); turns >= 0; turns--) await nextTurn();
  }

  sleep(delayMillis: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(Math.min(delayMillis, 1000), resolve);
    });
  }

  after(delayMillis: number, callback: () => void): Timer {
    let wanted = delayMillis <= 1000;
    const pass = async (): Promise<void> => {
      await this.turn();
      if (wanted) callback();
    };
    if (wanted) void pass();
    return { cancel: () => (wanted = false) };
  }
}

/** The simulated world, whose time can be let pass. */
export interface SimulatedEnvironment extends Environment {
  readonly clock: TwoHandClock;
}

/** A world that repeats for its seed. */
export function simulatedEnvironment(seed: number, vfs: Vfs): SimulatedEnvironment {
  const scheduler = new SimulatedScheduler(new Random(seed));
  return { vfs, clock: new TwoHandClock(), scheduler, codecs: nodeCodecs(), seed };
}

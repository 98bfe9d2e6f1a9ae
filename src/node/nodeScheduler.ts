// Node's event loop behind base's interface.

import { setImmediate } from 'node:timers';
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Scheduler, Timer } from '../base/scheduler.ts';

/** Turns and timers of the event loop of the thread that uses it. */
export class NodeScheduler implements Scheduler {
  turn(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  sleep(delayMillis: number): Promise<void> {
    return sleepFor(delayMillis);
  }

  after(delayMillis: number, callback: () => void): Timer {
    const timer = setTimeout(callback, delayMillis);
    timer.unref();
    return { cancel: () => clearTimeout(timer) };
  }
}

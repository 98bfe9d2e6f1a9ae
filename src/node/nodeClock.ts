// Node's clocks behind base's interface.

import { performance } from 'node:perf_hooks';
import type { Clock } from '../base/clock.ts';

/** The machine's time. */
export class NodeClock implements Clock {
  wallMicros(): number {
    return Date.now() * 1000;
  }

  monotonicMicros(): number {
    return Math.floor(performance.now() * 1000);
  }
}

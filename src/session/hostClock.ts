// The machine's time for those above the session, who do not see src/node.

import type { Clock } from '../base/clock.ts';
import { NodeClock } from '../node/nodeClock.ts';

export const hostClock: Clock = new NodeClock();

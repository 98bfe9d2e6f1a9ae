// Every kind of work under each compaction strategy, crashed after each of its calls.

import { STRATEGY_WORKLOADS, WORKLOADS } from '../workload/workloads.ts';
import { crashSuite } from './crashSuite.ts';

crashSuite(STRATEGY_WORKLOADS, WORKLOADS.length);

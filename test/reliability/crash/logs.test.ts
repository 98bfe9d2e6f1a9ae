// The log under each of its options, crashed after each call.

import { LOG_WORKLOADS, WORKLOADS } from '../workload/workloads.ts';
import { crashSuite } from './crashSuite.ts';

crashSuite(LOG_WORKLOADS, WORKLOADS.length);

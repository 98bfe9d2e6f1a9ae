// Every kind of work with jobs in threads, crashed after each call of the store and of its jobs.

import { THREAD_WORKLOADS, WORKLOADS } from '../workload/workloads.ts';
import { crashSuite } from './crashSuite.ts';

crashSuite(THREAD_WORKLOADS, WORKLOADS.length);

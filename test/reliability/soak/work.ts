// What a store of the soak does: any of the steps of the workloads, each of which can follow any.

import * as steps from '../workload/steps.ts';
import type { Step } from '../workload/steps.ts';
import * as storeSteps from '../workload/storeSteps.ts';
import * as transactionSteps from '../workload/transactionSteps.ts';

const { OTHER: _other, createFamily: _create, ...writes } = steps;

/** By name; the second family is there when a step begins. */
export const WORK: readonly (readonly [name: string, step: Step])[] = [
  ...Object.entries({ ...writes, ...transactionSteps, ...storeSteps }),
];

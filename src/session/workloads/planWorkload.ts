// From a name and its options to the stream of operations.

import { LsmError } from '../../base/errors.ts';
import type { WorkloadOptions } from '../../protocol/messages.ts';
import { deleteHeavyWorkload } from './deleteHeavy.ts';
import type { Workload, WorkloadPlan } from './operation.ts';
import { sequentialWorkload, uniformWorkload, zipfianWorkload } from './puts.ts';
import { userOperations, usersWorkload } from './users.ts';
import { ycsbWorkload } from './ycsb.ts';

/** Records and operations of one workload. */
const COUNT_MAX = 100_000_000;
/** Bytes of one value. */
const VALUE_SIZE_MAX = 16 * 1024 * 1024;

/**
 * The operations that the options ask for; equal options and start give equal operations.
 * @param startMicros the moment that records of the demo carry, microseconds since 1970.
 * @throws LsmError `INVALID_ARGUMENT` naming the option that is out of bounds.
 */
export function planWorkload(options: WorkloadOptions, startMicros: number): WorkloadPlan {
  checkCount('operations', options.operations, 0, COUNT_MAX);
  checkCount('records', options.records, 1, COUNT_MAX);
  checkCount('valueSizeBytes', options.valueSizeBytes, 0, VALUE_SIZE_MAX);
  return {
    name: options.name,
    operations: operationsOf(options),
    steps: stepsOf(options, startMicros),
  };
}

function stepsOf(options: WorkloadOptions, startMicros: number): Workload {
  switch (options.name) {
    case 'users':
      return usersWorkload(options.records, startMicros);
    case 'sequential':
      return sequentialWorkload(options);
    case 'uniform':
      return uniformWorkload(options);
    case 'zipfian':
      return zipfianWorkload(options);
    case 'delete-heavy':
      return deleteHeavyWorkload(options);
    default:
      return ycsbWorkload(options.name, options);
  }
}

/** Loading counts; YCSB's look whether it is needed is one get. */
function operationsOf({ name, operations, records }: WorkloadOptions): number {
  if (name === 'users') return userOperations(records);
  return name.startsWith('ycsb-') ? 1 + records + operations : operations;
}

function checkCount(name: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new LsmError(
    'INVALID_ARGUMENT',
    `${name} is ${value}; it must be an integer from ${least} to ${most}`,
  );
}

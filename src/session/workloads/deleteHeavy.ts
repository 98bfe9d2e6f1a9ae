// Half of the operations delete: what happens to a store that is used as a queue or a cache, and
// how tombstones travel down its levels.

import { Random } from '../../base/random.ts';
import type { WorkloadOptions } from '../../protocol/messages.ts';
import { numberedKey } from './numberedKey.ts';
import type { Workload } from './operation.ts';
import { KEY_DIGITS } from './puts.ts';
import { randomValue } from './randomValue.ts';

/** Puts and deletes of evenly chosen keys, one for one on average. */
export function* deleteHeavyWorkload(options: WorkloadOptions): Workload {
  const random = new Random(options.seed);
  for (let index = 0; index < options.operations; index++) {
    const key = numberedKey('key', random.nextBelow(options.records), KEY_DIGITS);
    if (random.nextFraction() < 0.5) yield { kind: 'delete', key };
    else yield { kind: 'put', key, value: randomValue(random, options.valueSizeBytes) };
  }
}

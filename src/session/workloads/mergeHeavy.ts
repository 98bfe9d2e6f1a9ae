// Mostly merges: what happens to counters and lists that are never read before they are written,
// and how operands stack up and become values. Needs a merge operator; operands and values have 8
// bytes, which every built-in one takes.

import { Random } from '../../base/random.ts';
import type { WorkloadOptions } from '../../protocol/messages.ts';
import { numberedKey } from './numberedKey.ts';
import type { Workload } from './operation.ts';
import { KEY_DIGITS } from './puts.ts';
import { randomValue } from './randomValue.ts';

const OPERAND_BYTES = 8;
const MERGE_SHARE = 0.7;
const PUT_SHARE = 0.15;

/** Merges of evenly chosen keys; puts, which begin a key anew, and gets between them. */
export function* mergeHeavyWorkload(options: WorkloadOptions): Workload {
  const random = new Random(options.seed);
  for (let index = 0; index < options.operations; index++) {
    const key = numberedKey('key', random.nextBelow(options.records), KEY_DIGITS);
    const share = random.nextFraction();
    const bytes = randomValue(random, OPERAND_BYTES);
    if (share < MERGE_SHARE) yield { kind: 'merge', key, operand: bytes };
    else if (share < MERGE_SHARE + PUT_SHARE) yield { kind: 'put', key, value: bytes };
    else yield { kind: 'get', key };
  }
}

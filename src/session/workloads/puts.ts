// Writes only, by the way in which the next key is chosen: in order, evenly, or by popularity.

import { Random } from '../../base/random.ts';
import type { WorkloadOptions } from '../../protocol/messages.ts';
import { numberedKey } from './numberedKey.ts';
import type { Workload } from './operation.ts';
import { randomValue } from './randomValue.ts';
import { ScrambledZipfian } from './zipfian.ts';

/** Digits of a record's number in its key. */
export const KEY_DIGITS = 8;

/** Puts of keys in ascending order; after the last record it begins again. */
export function sequentialWorkload(options: WorkloadOptions): Workload {
  return puts(options, (index) => index % options.records);
}

/** Puts of keys that are all equally likely. */
export function uniformWorkload(options: WorkloadOptions): Workload {
  return puts(options, (_index, random) => random.nextBelow(options.records));
}

/** Puts of keys of which few are very popular. */
export function zipfianWorkload(options: WorkloadOptions): Workload {
  const popular = new ScrambledZipfian();
  return puts(options, (_index, random) => popular.next(random, options.records));
}

function* puts(
  { operations, seed, valueSizeBytes }: WorkloadOptions,
  choose: (index: number, random: Random) => number,
): Workload {
  const random = new Random(seed);
  for (let index = 0; index < operations; index++) {
    const key = numberedKey('key', choose(index, random), KEY_DIGITS);
    yield { kind: 'put', key, value: randomValue(random, valueSizeBytes) };
  }
}

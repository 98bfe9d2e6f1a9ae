// The core workloads of the Yahoo! Cloud Serving Benchmark (Cooper et al., SoCC 2010), A to F.
// Records are loaded first when the last of them is not there.
//
//     A  half reads, half updates             D  95 % reads of the latest, 5 % inserts
//     B  95 % reads, 5 % updates              E  95 % short scans, 5 % inserts
//     C  reads only                           F  half reads, half read-modify-writes
//
// Keys are chosen by popularity (scrambled zipfian); D prefers the newest.

import { Random } from '../../base/random.ts';
import type { WorkloadName, WorkloadOptions } from '../../protocol/messages.ts';
import { numberedKey } from './numberedKey.ts';
import type { Workload } from './operation.ts';
import { KEY_DIGITS } from './puts.ts';
import { randomValue } from './randomValue.ts';
import { ScrambledZipfian, Zipfian } from './zipfian.ts';

/** Shares of the operations; they add up to 1. */
interface Mix {
  readonly read: number;
  readonly update: number;
  readonly insert: number;
  readonly scan: number;
  readonly readModifyWrite: number;
  readonly prefers: 'popular' | 'latest';
}

const NONE = { read: 0, update: 0, insert: 0, scan: 0, readModifyWrite: 0 } as const;

/** The letters of the benchmark. */
export type YcsbName = Extract<WorkloadName, `ycsb-${string}`>;

const MIXES: Readonly<Record<YcsbName, Mix>> = {
  'ycsb-a': { ...NONE, read: 0.5, update: 0.5, prefers: 'popular' },
  'ycsb-b': { ...NONE, read: 0.95, update: 0.05, prefers: 'popular' },
  'ycsb-c': { ...NONE, read: 1, prefers: 'popular' },
  'ycsb-d': { ...NONE, read: 0.95, insert: 0.05, prefers: 'latest' },
  'ycsb-e': { ...NONE, scan: 0.95, insert: 0.05, prefers: 'popular' },
  'ycsb-f': { ...NONE, read: 0.5, readModifyWrite: 0.5, prefers: 'popular' },
};

/** Entries of the longest scan. */
const SCAN_ENTRIES_MAX = 100;

/** Loads `options.records` records if need be, then runs the mix. */
export function* ycsbWorkload(name: YcsbName, options: WorkloadOptions): Workload {
  yield* load(options);
  yield { kind: 'say', message: `Running ${options.operations} operations of ${name}` };
  yield* run(MIXES[name], options);
}

function* load({ records, seed, valueSizeBytes }: WorkloadOptions): Workload {
  const last = (yield { kind: 'get', key: userKey(records - 1) }).value;
  if (last !== undefined) return;
  yield { kind: 'say', message: `Loading ${records} records` };
  const random = new Random(seed ^ 0x10ad);
  for (let record = 0; record < records; record++) {
    yield { kind: 'put', key: userKey(record), value: randomValue(random, valueSizeBytes) };
  }
}

function* run(mix: Mix, { operations, records, seed, valueSizeBytes }: WorkloadOptions): Workload {
  const random = new Random(seed);
  const popular = new ScrambledZipfian();
  const recent = mix.prefers === 'latest' ? new Zipfian(records) : null;
  let present = records;
  for (let index = 0; index < operations; index++) {
    recent?.growTo(present);
    const chosen =
      recent === null ? popular.next(random, present) : present - 1 - recent.next(random);
    const key = userKey(chosen);
    let share = random.nextFraction();
    if ((share -= mix.read) < 0) yield { kind: 'get', key };
    else if ((share -= mix.update) < 0) yield update(key);
    else if ((share -= mix.insert) < 0) yield update(userKey(present++));
    else if ((share -= mix.scan) < 0) {
      yield { kind: 'scan', from: key, limit: 1 + random.nextBelow(SCAN_ENTRIES_MAX) };
    } else {
      yield { kind: 'get', key };
      yield update(key);
    }
  }

  function update(key: Uint8Array): { kind: 'put'; key: Uint8Array; value: Uint8Array } {
    return { kind: 'put', key, value: randomValue(random, valueSizeBytes) };
  }
}

function userKey(record: number): Uint8Array {
  return numberedKey('user', record, KEY_DIGITS);
}

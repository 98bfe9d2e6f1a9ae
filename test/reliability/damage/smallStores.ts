// Small closed stores that hold everything a store can hold, one line each; what is damaged.

import { encodeUtf8 } from '../../../src/base/bytes.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import { SimulatedDisk } from '../disk/simulatedDisk.ts';
import * as steps from '../workload/steps.ts';
import type { Step } from '../workload/steps.ts';
import { DEFAULT } from '../workload/ledger.ts';
import { WorkloadRun } from '../workload/workloadRun.ts';
import type { Promised } from '../workload/ledger.ts';

/** How a small store comes about. */
export interface SmallStoreRecipe {
  readonly name: string;
  readonly options: LsmOptions;
  readonly steps: readonly Step[];
}

/** A store on a disk, and what it holds. */
export interface SmallStore {
  readonly recipe: Pick<SmallStoreRecipe, 'options'>;
  readonly disk: SimulatedDisk;
  readonly promised: Promised;
}

const ROOMY: LsmOptions = { memtableSize: 16_384, maxL0SSTables: 8, l0StopTables: 20 };

/** Longer than a length of one byte tells. */
const LONG_VALUE = 'long '.repeat(30);

/** A few keys, a removed one and a long value, so that nothing can be missed unseen. */
function some(from: number, count: number): Step {
  return (run) =>
    run.write(
      Array.from({ length: count }, (_, index) => {
        const text = index === 2 ? LONG_VALUE : `value ${from + index}`;
        const value = index === 1 ? undefined : encodeUtf8(text);
        return [DEFAULT, `key${from + index}`, value] as const;
      }),
      { sync: true },
    );
}

export const SMALL_STORES: readonly SmallStoreRecipe[] = [
  {
    name: 'tables and log',
    options: ROOMY,
    steps: [some(10, 12), steps.compactAll, some(18, 6), steps.flush, some(40, 4)],
  },
  {
    name: 'families, ranges, compression',
    options: {
      ...ROOMY,
      ...{ compression: 'lz4', blockSize: 64, indexPartitionSize: 64, filterAllocation: 'monkey' },
    },
    steps: [
      steps.createFamily,
      steps.batches,
      steps.rangeDeletes,
      some(30, 3),
      steps.flush,
      some(12, 9),
      steps.singleDeletes,
    ],
  },
  {
    name: 'recycled log',
    options: { ...ROOMY, recycleLogs: 2 },
    steps: [some(10, 9), steps.flush, some(15, 6), steps.flush, some(20, 5), some(24, 3)],
  },
];

/** Makes a store, and closes it. */
export async function makeSmallStore(recipe: SmallStoreRecipe): Promise<SmallStore> {
  const disk = new SimulatedDisk();
  const run = new WorkloadRun(1, disk, recipe);
  await run.open();
  for (const step of recipe.steps) await step(run);
  await run.close();
  return { recipe, disk, promised: run.ledger.promised };
}

// Crashes at every call of a little work, under every loss, for regressions that name one moment.

import { Random } from '../../../src/base/random.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import { openOn } from '../../engine/testStore.ts';
import type { DiskImage } from '../disk/diskImage.ts';
import { LOSSES } from '../disk/losses.ts';
import { diskAfter } from '../disk/simulatedDisk.ts';
import type { SimulatedDisk } from '../disk/simulatedDisk.ts';

/** A call, and the disk behind it. */
export interface Moment {
  readonly call: string;
  readonly image: DiskImage;
}

/** Outcomes tried of each loss: some are random. */
const OUTCOMES = 4;

/** Every call that changes the disk while `work` runs. */
export async function momentsOf(
  disk: SimulatedDisk,
  work: () => Promise<unknown>,
): Promise<Moment[]> {
  const moments: Moment[] = [];
  disk.onChange = (call, path) => moments.push({ call: `${call} ${path}`, image: disk.image() });
  await work();
  disk.onChange = undefined;
  return moments;
}

/**
 * Opens what each loss leaves of each moment.
 * @param faultIn looks at the open store; a text when something is wrong with it.
 * @returns what was wrong, a line each: a store that does not open is so, too.
 */
export async function faultsAfter(
  moments: readonly Moment[],
  faultIn: (store: Lsm) => string | undefined | Promise<string | undefined>,
  options: LsmOptions = {},
): Promise<string[]> {
  const faults: string[] = [];
  for (const [index, { call, image }] of moments.entries()) {
    for (const loss of LOSSES) {
      for (let outcome = 0; outcome < OUTCOMES; outcome++) {
        const disk = diskAfter(image, loss, new Random(1 + index * OUTCOMES + outcome));
        const fault = await faultOf(disk, faultIn, options);
        if (fault !== undefined) faults.push(`${call}, ${loss} (${outcome}): ${fault}`);
      }
    }
  }
  return faults;
}

async function faultOf(
  disk: SimulatedDisk,
  faultIn: Parameters<typeof faultsAfter>[1],
  options: LsmOptions,
): Promise<string | undefined> {
  try {
    const store = await openOn(disk, options);
    const fault = await faultIn(store);
    await store.close();
    return fault;
  } catch (thrown) {
    return String(thrown);
  }
}

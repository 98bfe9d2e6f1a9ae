// A store in a simulated world, for tests that act on one and look at it.

import { decodeUtf8, encodeUtf8 } from '../../src/base/bytes.ts';
import { Lsm } from '../../src/engine/db.ts';
import type { LsmOptions } from '../../src/engine/options.ts';
import type { RangeOptions } from '../../src/engine/readOptions.ts';
import { DIRECTORY, simulatedEnvironment } from './simulatedWorld.ts';
import { SimulatedDisk } from '../reliability/disk/simulatedDisk.ts';

/** Opens (or creates) the store on a disk. */
export function openOn(disk: SimulatedDisk, options: LsmOptions = {}): Promise<Lsm> {
  return Lsm.open(DIRECTORY, simulatedEnvironment(7, disk), options);
}

/** A new store on a disk of its own. */
export async function newStore(
  options: LsmOptions = {},
  disk: SimulatedDisk = new SimulatedDisk(),
): Promise<{ store: Lsm; disk: SimulatedDisk }> {
  return { store: await openOn(disk, options), disk };
}

export const bytes: (text: string) => Uint8Array = encodeUtf8;

/** Puts texts, one after the other. */
export async function putAll(store: Lsm, entries: Readonly<Record<string, string>>): Promise<void> {
  for (const [key, value] of Object.entries(entries)) await store.put(bytes(key), bytes(value));
}

/** A value as text. */
export async function getText(store: Lsm, key: string): Promise<string | undefined> {
  const value = await store.get(bytes(key));
  return value === undefined ? undefined : decodeUtf8(value);
}

/** A range as `key=value` texts. */
export function texts(store: Lsm, range: RangeOptions = {}): string[] {
  return [...store.entries(range)].map(([key, value]) => `${decodeUtf8(key)}=${decodeUtf8(value)}`);
}

/** Names of the files on the disk. */
export function namesOn(disk: SimulatedDisk): string[] {
  return [...disk.contents().keys()];
}

// Small stores, damaged in every way that can be listed: each byte changed, each file cut at each
// length, sectors lost, files gone or exchanged.

import { beforeAll, describe, expect, test } from 'vitest';
import { verifyStore } from '../../../src/engine/verify.ts';
import { LsmError } from '../../../src/base/errors.ts';
import { DIRECTORY, simulatedEnvironment } from '../../engine/simulatedWorld.ts';
import { EXHAUSTIVE, evenlySpread, note } from '../effort.ts';
import { isIdle, tryDamage } from './damagedOpen.ts';
import { changedBytes, cutFiles, lostSectors, otherFiles } from './damages.ts';
import type { Damage } from './damages.ts';
import { SMALL_STORES, makeSmallStore } from './smallStores.ts';
import type { SmallStore } from './smallStores.ts';

/** Damages of each kind that are tried on each store. */
const CASES = EXHAUSTIVE ? Infinity : 600;

const KINDS: Readonly<
  Record<string, (files: ReadonlyMap<string, Uint8Array>) => readonly Damage[]>
> = {
  'any byte changed': changedBytes,
  'any file cut': cutFiles,
  'any sector lost': lostSectors,
  'files gone or exchanged': otherFiles,
};

describe.each(SMALL_STORES)('a store with $name', (recipe) => {
  let store: SmallStore;
  beforeAll(async () => {
    store = await makeSmallStore(recipe);
  });

  test.each(Object.keys(KINDS))('and %s gives the right data or names the place', async (kind) => {
    const all = KINDS[kind]!(store.disk.contents());
    const damages = evenlySpread(all, CASES);
    const problems: string[] = [];
    let refused = 0;
    for (const damage of damages) {
      const { ended, problem } = await tryDamage(store, damage);
      if (ended === 'refused') refused++;
      if (problem !== undefined) problems.push(`${damage.name}: ${problem}`);
    }
    const told = `${damages.length} of ${all.length} tried, ${refused} refused`;
    note(`damage, ${recipe.name}, ${kind}: ${told}`);
    expect(problems.slice(0, 10)).toEqual([]);
    expect(refused).toBeGreaterThan(damages.length / 4);
  });

  test('and any byte changed is found by a verification', async () => {
    const damages = evenlySpread(changedBytes(store.disk.contents()), CASES / 2);
    const idle = new Set<string>();
    for (const file of store.disk.contents().keys()) {
      if (await isIdle(store, file)) idle.add(file);
    }
    const missed: string[] = [];
    for (const { file, name, content } of damages) {
      if (idle.has(file)) continue;
      const copy = store.disk.afterKill();
      copy.place(file, content()!);
      const report = await verifyStore(DIRECTORY, simulatedEnvironment(1, copy)).catch(
        (thrown: unknown) => thrown,
      );
      const found = report instanceof LsmError || !(report as { ok: boolean }).ok;
      if (!found) missed.push(name);
    }
    expect(missed).toEqual([]);
  });
});

// Damage anywhere in a Pebble directory: bytes flipped and files cut, at a share of all places, or
// at each of them in the long run. Nothing but our own errors, and no entry is lost in silence.

import { expect, test } from 'vitest';
import { PebbleReader } from '../../../src/readers/pebble/pebbleReader.ts';
import { DamagedStore, filesOf } from '../../readers/damagedStore.ts';
import { EXHAUSTIVE, note } from '../effort.ts';

const FIXTURES = [
  'pebble-stage-2',
  'pebble-stage-4',
  'pebble-value-separation',
  'pebble-columnar-crdb-schema',
  'pebble-range-keys',
  'pebble-other-comparator',
  'pebble-cockroach-minlz',
  'pebble-excised',
  'pebble-sublevels',
  'pebble-other-schema',
] as const;

/** Of each file that bytes are flipped in, in the bounded run. */
const PLACES = EXHAUSTIVE ? Infinity : 6;
const CUTS = EXHAUSTIVE ? 64 : 3;
/** Flips in one of these are told of, or take nothing that the manifest promises. */
const TOLD = /\.(sst|blob)$|^MANIFEST/;

test.each(FIXTURES)('%s', async (fixture) => {
  const store = await DamagedStore.of(fixture, (directory, world) => {
    return new PebbleReader(directory, world);
  });
  const silent: string[] = [];
  const odd: string[] = [];
  let flips = 0;
  for (const [name, { length }] of filesOf(fixture)) {
    const step = Math.max(1, Math.floor(length / PLACES));
    flips += Math.ceil(length / step);
    const found = await store.silentFlips(name, step);
    if (TOLD.test(name)) silent.push(...found.map((at) => `${name} ${at}`));
    const cuts = await store.oddCuts(name, Math.max(1, Math.floor(length / CUTS)));
    odd.push(...cuts.map((at) => `${name} ${at}`));
  }
  note(`damage, ${fixture}: ${flips} flipped bytes`);
  expect(silent).toEqual([]);
  expect(odd).toEqual([]);
});

// The soak's store, for a few legs.

import { expect, test } from 'vitest';
import { EXHAUSTIVE, note } from '../effort.ts';
import { Voyage } from './voyage.ts';

const LEGS = EXHAUSTIVE ? 500 : 25;

test.each([1, 2])('a store keeps what it promised, whatever befalls it, seed %d', async (seed) => {
  const voyage = new Voyage(seed);
  for (let leg = 0; leg < LEGS; leg++) await voyage.leg();
  const { figures } = voyage;
  note(`soak, seed ${seed}: ${JSON.stringify(figures)}`);
  // Nothing of it is left to chance alone.
  expect(Object.entries(figures).filter(([, count]) => count === 0)).toEqual([]);
});

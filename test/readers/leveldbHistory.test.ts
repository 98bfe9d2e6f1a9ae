// The past of a LevelDB told in full and told with its older edits as one: both come to the same
// tree.

import path from 'node:path';
import { expect, test } from 'vitest';
import { emptyState } from '../../src/protocol/emptyState.ts';
import { reduce } from '../../src/protocol/reduce.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import { LeveldbReader } from '../../src/readers/leveldb/leveldbReader.ts';
import type { PastEvent } from '../../src/readers/storeReader.ts';
import { readerWorld } from './readerWorld.ts';

const fixture = path.resolve(import.meta.dirname, '../fixtures/leveldb-snappy/db');

async function pastOf(editsMax: number): Promise<readonly PastEvent[]> {
  const reader = new LeveldbReader(fixture, await readerWorld());
  const past = [...reader.history(editsMax)];
  reader.close();
  return past;
}

/** The tables of each level after all of it. */
function levelsAfter(past: readonly PastEvent[]): readonly (readonly number[])[] {
  let state: TreeState = emptyState();
  for (const [index, { body, timeMicros }] of past.entries()) {
    state = reduce(state, { ...body, number: index + 1, timeMicros });
  }
  return state.families[0]!.levels.map(({ tables }) => tables.map(({ file }) => file));
}

test('older edits told as one come to the same tree', async () => {
  const whole = await pastOf(Infinity);
  const edits = whole.filter(({ body }) => body.kind === 'manifest.edit').length;
  expect(edits).toBeGreaterThan(1);
  for (let editsMax = 0; editsMax <= edits; editsMax++) {
    const past = await pastOf(editsMax);
    const told = past.filter(({ body }) => body.kind === 'manifest.edit').length;
    expect(told).toBe(Math.min(edits, editsMax + 1));
    expect(levelsAfter(past)).toEqual(levelsAfter(whole));
  }
});

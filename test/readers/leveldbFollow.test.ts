// Following a directory while a real LevelDB writes to it: what is told folds to what is there.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ClassicLevel } from 'classic-level';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeHex } from '../../src/base/bytes.ts';
import { emptyState } from '../../src/protocol/emptyState.ts';
import { reduce } from '../../src/protocol/reduce.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import { LeveldbReader } from '../../src/readers/leveldb/leveldbReader.ts';
import type { PastEvent, ReaderWorld } from '../../src/readers/storeReader.ts';
import { copiesOf, readerWorld } from './readerWorld.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'lsm-lens-follow-'));
const directory = path.join(folder, 'db');
// LevelDB's smallest memtable: a few thousand writes give several tables and a compaction.
const level = new ClassicLevel(directory, { writeBufferSize: 65_536 });

beforeAll(async () => {
  await level.open();
});
afterAll(async () => {
  await level.close();
  rmSync(folder, { recursive: true, force: true });
});

class Fold {
  state: TreeState;
  private number = 0;

  constructor(state: TreeState) {
    this.state = state;
  }

  take(events: Iterable<PastEvent>): void {
    for (const { body, timeMicros } of events) {
      this.state = reduce(this.state, { ...body, number: ++this.number, timeMicros });
    }
  }
}

/** What two accounts must agree on. */
function shapeOf({ families, wal }: Pick<TreeState, 'families' | 'wal'>): unknown {
  const { memtable, immutables, levels, ghosts } = families[0]!;
  return {
    logs: wal.segments.map(({ file }) => file),
    memtables: [memtable, ...immutables].map((each) => [each.memtable, each.entries]),
    levels: levels.map((each) => each.tables.map(({ file }) => file)),
    ghosts: ghosts.length,
  };
}

/**
 * Follows until a fresh reader sees the same: LevelDB may still be compacting, and change the
 * directory between two looks. Gives up after a while with the last fresh one.
 */
async function settled(
  reader: LeveldbReader,
  fold: Fold,
  world: ReaderWorld,
): Promise<LeveldbReader> {
  for (let attempt = 1; ; attempt++) {
    fold.take(reader.follow());
    const fresh = new LeveldbReader(directory, world);
    const isSame =
      JSON.stringify(shapeOf(fold.state)) === JSON.stringify(shapeOf(fresh.describe()));
    if (isSame || attempt === 100) return fresh;
    fresh.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function write(round: number): Promise<void> {
  for (let index = 0; index < 1500; index++) {
    await level.put(`key:${index % 700}`, `value ${round} of ${index} ${'.'.repeat(60)}`);
  }
}

test('the fold of what is told is what a fresh reader sees', async () => {
  const world = await readerWorld();
  const reader = new LeveldbReader(directory, world);
  const fold = new Fold({ ...emptyState(), ...reader.describe() });
  // The manifest's first edit says what the description says already.
  for (const _ of reader.history());
  for (let round = 0; round < 6; round++) {
    await write(round);
    const fresh = await settled(reader, fold, world);
    expect(shapeOf(fold.state)).toEqual(shapeOf(fresh.describe()));
    const seen = copiesOf(reader.entries({})).map(([key, value]) => [
      encodeHex(key),
      encodeHex(value),
    ]);
    const there = copiesOf(fresh.entries({})).map(([key, value]) => [
      encodeHex(key),
      encodeHex(value),
    ]);
    expect(seen).toEqual(there);
    expect(seen.length).toBe(700);
    fresh.close();
  }
  expect(fold.state.families[0]!.levels.flatMap(({ tables }) => tables).length).toBeGreaterThan(0);

  // Another start of LevelDB begins another manifest, and empties the log into a table.
  const { name } = fold.state.manifest;
  await level.close();
  await level.open();
  await write(6);
  const fresh = await settled(reader, fold, world);
  expect(shapeOf(fold.state)).toEqual(shapeOf(fresh.describe()));
  // Reading entries may bring the fresh one further, where tables were merged away meanwhile.
  expect(fold.state.manifest).toMatchObject(fresh.describe().manifest);
  expect(copiesOf(reader.entries({}))).toEqual(copiesOf(fresh.entries({})));
  expect(fold.state.manifest.name).not.toBe(name);
  fresh.close();
  expect(reader.problems()).toEqual([]);
  reader.close();
});

// Following a directory that a real RocksDB writes to at the same time, with flushes, compactions,
// logs that come and go, and a second start with a manifest of its own.

import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { emptyState } from '../../src/protocol/emptyState.ts';
import { reduce } from '../../src/protocol/reduce.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import { RocksdbReader } from '../../src/readers/rocksdb/rocksdbReader.ts';
import { shapeOf } from './followedShape.ts';
import { copiesOf, readerWorld } from './readerWorld.ts';

const hasTools = spawnSync('db_bench', ['--version']).error === undefined;

const root = mkdtempSync(path.join(tmpdir(), 'lsm-lens-live-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Starts RocksDB's benchmark on a directory; small memtables and tables, so that much happens. */
function benchmark(directory: string, ...more: readonly string[]): Promise<number | null> {
  const child = spawn(
    'db_bench',
    [
      `--db=${directory}`,
      '--num=12000',
      '--value_size=100',
      '--write_buffer_size=262144',
      '--target_file_size_base=131072',
      '--max_bytes_for_level_base=524288',
      '--compression_type=none',
      '--benchmark_write_rate_limit=4000000',
      ...more,
    ],
    { stdio: 'ignore' },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
}

/** A reader of a directory, and the fold of all that it tells. */
class Follower {
  readonly reader: RocksdbReader;
  state: TreeState;
  readonly kinds = new Set<string>();
  private number = 0;

  constructor(reader: RocksdbReader) {
    this.reader = reader;
    for (const _ of reader.history());
    this.state = { ...emptyState(), ...reader.describe() };
  }

  look(): void {
    for (const { body } of this.reader.follow()) {
      this.kinds.add(body.kind);
      this.state = reduce(this.state, { ...body, number: ++this.number, timeMicros: 0 });
    }
  }

  /** Reads all entries again and again: how many there were each time. */
  async readUntil(end: Promise<unknown>): Promise<readonly number[]> {
    const counts: number[] = [];
    let isOver = false;
    const ended = end.then(() => (isOver = true));
    while (!isOver) {
      this.look();
      counts.push(copiesOf(this.reader.entries({})).length);
      await Promise.race([ended, sleep(20)]);
    }
    this.look();
    return counts;
  }

  async until(end: Promise<unknown>): Promise<void> {
    let isOver = false;
    const ended = end.then(() => (isOver = true));
    while (!isOver) {
      this.look();
      await Promise.race([ended, sleep(50)]);
    }
    this.look();
  }
}

test('the fold of what is told is what a fresh reader sees', async ({ skip }) => {
  if (!hasTools) skip('db_bench is not installed (Debian: rocksdb-tools)');
  const directory = path.join(root, 'db');
  expect(await benchmark(directory, '--benchmarks=fillseq', '--num=2000')).toBe(0);
  const world = await readerWorld();
  const follower = new Follower(new RocksdbReader(directory, world));
  const { reader } = follower;
  const { name } = reader.describe().manifest;

  const runs = ['--benchmarks=fillrandom,overwrite', '--benchmarks=overwrite,deleterandom'];
  for (const benchmarks of runs) {
    await follower.until(benchmark(directory, benchmarks, '--use_existing_db=1'));
    const fresh = new RocksdbReader(directory, world);
    expect(shapeOf(follower.state)).toEqual(shapeOf(fresh.describe()));
    expect(shapeOf(reader.describe())).toEqual(shapeOf(fresh.describe()));
    expect(copiesOf(reader.entries({}))).toEqual(copiesOf(fresh.entries({})));
    expect(reader.problems()).toEqual([]);
    fresh.close();
  }
  expect(reader.describe().manifest.name).not.toBe(name);
  expect([...follower.kinds]).toEqual(
    expect.arrayContaining([
      'wal.append',
      'memtable.insert',
      'memtable.seal',
      'wal.rotate',
      'wal.delete',
      'flush.begin',
      'flush.end',
      'compaction.begin',
      'compaction.end',
      'table.delete',
      'manifest.edit',
      'manifest.rotate',
    ]),
  );
  reader.close();
}, 120_000);

/** Of its benchmark's databases: column families, deletes of ranges, blob files. */
const KINDS: readonly (readonly [string, readonly string[]])[] = [
  ['column families', ['--num_column_families=4', '--num_hot_column_families=2']],
  [
    'range deletes',
    [
      '--writes_per_range_tombstone=100',
      '--range_tombstone_width=50',
      '--max_num_range_tombstones=1000',
    ],
  ],
  ['blob files', ['--enable_blob_files=true', '--min_blob_size=50']],
];

describe.skipIf(!hasTools)('read meanwhile (skipped where db_bench is not installed)', () => {
  test.each(KINDS)(
    '%s',
    async (name, flags) => {
      const directory = path.join(root, name);
      expect(await benchmark(directory, '--benchmarks=fillseq', '--num=2000', ...flags)).toBe(0);
      const world = await readerWorld();
      const follower = new Follower(new RocksdbReader(directory, world));
      const { reader } = follower;
      const more = ['--benchmarks=overwrite', '--use_existing_db=1', ...flags];
      const counts = await follower.readUntil(benchmark(directory, ...more));
      const fresh = new RocksdbReader(directory, world);
      expect(shapeOf(follower.state)).toEqual(shapeOf(fresh.describe()));
      for (const { name: family } of fresh.describe().families) {
        const there = copiesOf(fresh.family(family)!.entries({}));
        expect(copiesOf(reader.family(family)!.entries({}))).toEqual(there);
      }
      expect(Math.min(...counts)).toBeGreaterThan(0);
      expect(reader.problems()).toEqual([]);
      fresh.close();
      reader.close();
    },
    120_000,
  );
});

// The reading commands on another engine's directory: the same output as on a store of our own.

import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { directoryPrint } from './directoryPrint.ts';
import { prepareProgram, run, runJson } from './program.ts';

const place = prepareProgram();
const rocksdb = path.resolve(import.meta.dirname, '../fixtures/rocksdb-families/db');
const leveldb = path.resolve(import.meta.dirname, '../fixtures/leveldb-snappy/db');

test('reading commands work on a LevelDB directory and leave it as it is', async () => {
  const before = await directoryPrint(leveldb);
  expect(await runJson('inspect', leveldb)).toMatchObject({
    engine: 'leveldb',
    comparator: 'leveldb.BytewiseComparator',
    files: [{ name: '000005.ldb', entries: 400, deletions: 0 }],
    problems: [],
  });
  expect(await runJson('get', leveldb, 'user:00001')).toMatchObject({ found: true });
  expect(await runJson('get', leveldb, 'user:00003')).toMatchObject({ found: false });
  expect(await runJson('scan', leveldb, '--digest')).toEqual({
    entriesLive: 342,
    entriesSha256: '3b8a68b7c8385018402bc52f19ec7c68967de8ef273733d76a40c670b7976db1',
  });
  expect(await runJson('verify', leveldb)).toMatchObject({ ok: true, problems: [] });
  expect(await runJson('stats', leveldb)).toMatchObject({ tables: 1, tableEntries: 400 });
  expect(await directoryPrint(leveldb)).toEqual(before);
});

test('reading commands work on a RocksDB directory, family by family, and only read', async () => {
  const before = await directoryPrint(rocksdb);
  expect(await runJson('inspect', rocksdb)).toMatchObject({
    engine: 'rocksdb',
    engineVersion: '7.8.3',
    files: [{ name: '000036.sst' }],
    walEntriesUnflushed: 1,
    columnFamilies: [{ name: 'default' }, { name: 'pictures', walEntriesUnflushed: 0 }],
    problems: [],
  });
  const family = ['--column-family', 'pictures'];
  expect(await runJson('scan', rocksdb, '--digest', ...family)).toMatchObject({ entriesLive: 60 });
  expect(await runJson('get', rocksdb, 'picture:00003', ...family)).toMatchObject({ found: true });
  expect(await runJson('get', rocksdb, 'user:00120')).toMatchObject({ found: false });
  expect(await runJson('verify', rocksdb)).toMatchObject({ ok: true, problems: [] });
  expect(await runJson('stats', rocksdb)).toMatchObject({ tables: 2 });
  expect((await run('history', rocksdb, '--json')).stdout).toContain('family.create');
  expect((await run('scan', rocksdb, '--column-family', 'none')).code).toBe(2);
  expect(await directoryPrint(rocksdb)).toEqual(before);
});

test('a copy of a RocksDB directory has all of its column families', async () => {
  const before = await directoryPrint(rocksdb);
  const copy = place.fresh();
  const copied = await runJson('copy', rocksdb, '--into', copy);
  expect(copied).toMatchObject({ copied: 419 + 60, verified: true });
  const { columnFamilies } = copied as {
    readonly columnFamilies: readonly { readonly name: string }[];
  };
  expect(columnFamilies.map(({ name }) => name)).toEqual(['default', 'pictures']);
  for (const { name, ...digest } of columnFamilies) {
    for (const directory of [rocksdb, copy]) {
      const found = await runJson('scan', directory, '--digest', '--column-family', name);
      expect(found).toEqual(digest);
    }
  }
  expect((await run('copy', rocksdb, '--into', place.fresh())).stdout).toBe(
    '479 entries of 2 column families copied, each read back\n',
  );
  expect(await directoryPrint(rocksdb)).toEqual(before);
});

test('a scan says on stderr what it has left out', async () => {
  const damaged = place.fresh();
  cpSync(leveldb, damaged, { recursive: true });
  const table = path.join(damaged, '000005.ldb');
  const bytes = readFileSync(table);
  bytes[100]! ^= 0xff;
  writeFileSync(table, bytes);
  const { code, stdout, stderr } = await run('scan', damaged);
  expect(code).toBe(0);
  expect(stderr).toMatch(/^lsm-lens: left out: .*checksum of a block does not fit\n$/);
  expect(stdout.split('\n').length).toBeLessThan(342);
  expect((await run('scan', damaged, '--digest')).stderr).toBe(stderr);
  expect((await run('scan', leveldb)).stderr).toBe('');
});

test('get --trace tells every step of the read', async () => {
  const { trace, ...answer } = (await runJson('get', leveldb, 'user:00002', '--trace')) as {
    readonly trace: readonly { readonly kind: string }[];
  };
  expect(answer).toEqual(await runJson('get', leveldb, 'user:00002'));
  expect(trace.map(({ kind }) => kind)).toEqual([
    'get.begin',
    'memtable.lookup',
    'index.seek',
    'filter.check',
    'block.read',
    'block.search',
    'get.end',
  ]);
  const { stdout } = await run('get', leveldb, 'user:00002', '--trace');
  expect(stdout).toMatch(/^get user:00002 as of sequence \d+\nmemtable \d+ +not there\n/);
  expect(stdout).toMatch(/\nL\d table 5 +index +block \d+ of \d+, after \d+ comparisons?\n/);
  expect(stdout).toMatch(
    / filter +all \d bits are set: maybe here, wrong \d\.\d\d % of the time\n/,
  );
  expect(stdout).toMatch(/ block \d+ +.* from disk in \d+ µs\n +holds it as #\d+, after \d+ entr/);
  expect(stdout).toMatch(/\nfound in L\d table 5 as #\d+, \d+ B; 1 table asked, .*\nvalue/);
  const absent = await run('get', leveldb, 'user:00002x', '--trace');
  expect(absent.stdout).toMatch(/\nnot in the store: every place was asked; /);
  expect(absent.stderr).toBe('not found\n');
});

test('bench --foreign measures the reading of a directory', async () => {
  const figures = (await runJson('bench', '--foreign', leveldb)) as Record<string, number>;
  expect(figures).toMatchObject({ tables: 1, scanEntries: 342 });
  for (const name of ['firstPictureMillis', 'firstPictureMegabytes', 'tracedGetMillis']) {
    expect(figures[name], name).toBeGreaterThan(0);
  }
});

test('a Pebble directory is read the same way', async () => {
  const pebble = path.resolve(import.meta.dirname, '../fixtures/pebble-value-separation/db');
  const before = await directoryPrint(pebble);
  expect(await runJson('inspect', pebble)).toMatchObject({ engine: 'pebble', problems: [] });
  const digest = '5a7347f311d5c63a8e49cfae4db7a6e4753bfaea7be20c71a53f55f0cd8ae342';
  expect(await runJson('scan', pebble, '--digest')).toMatchObject({ entriesSha256: digest });
  const { stdout } = await run('get', pebble, '63636300', '--hex', '--trace');
  expect(stdout).toMatch(/\nfound in L0 table 5 as #\d+, 10 B; .*\n706f69616e6479617961\n$/);
  expect(await runJson('verify', pebble)).toMatchObject({ ok: true });
  expect((await run('history', pebble)).stdout).toContain('flush.begin');
  expect(await directoryPrint(pebble)).toEqual(before);
});

test('scan prints Pebble’s range keys, or leaves out what they hide, when asked', async () => {
  const pebble = path.resolve(import.meta.dirname, '../fixtures/pebble-range-keys/db');
  const lines = async (...options: string[]): Promise<unknown[]> => {
    const { stdout } = await run('scan', pebble, ...options);
    return stdout
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
  };
  const [first, second, ...entries] = await lines('--range-keys');
  expect(first).toMatchObject({ from: 'b', to: 'z', suffix: '@3', value: '', fromHex: '62' });
  expect(second).toMatchObject({ from: 'b', to: 'z', suffix: '@1' });
  expect(entries).toEqual(await lines());
  const shown = [{ key: 'a@2' }, { key: 'a@1' }, { key: 'z@1' }];
  expect(await lines('--mask', '@3')).toMatchObject(shown);
  expect(await lines('--mask', '@3', '--limit', '2')).toMatchObject(shown.slice(0, 2));
  expect(await lines('--range-keys', '--from', 'z')).toMatchObject([{ key: 'z@1' }]);
  expect(await runJson('scan', pebble, '--digest', '--mask', '@3')).toMatchObject({
    entriesLive: 3,
  });
  expect((await run('scan', pebble, '--digest', '--range-keys')).code).toBe(2);
  expect((await run('scan', leveldb, '--mask', '@3')).stderr).toContain('has no range keys');
  expect((await run('scan', pebble, '--mask', '3')).stderr).toContain('must be a version');
});

test('what cannot be put in order is not copied, and not cut to a range', async () => {
  const pebble = path.resolve(import.meta.dirname, '../fixtures/pebble-other-comparator/db');
  const into = place.fresh();
  const { code, stderr } = await run('copy', pebble, '--into', into);
  expect(code).toBe(1);
  expect(stderr).toContain('which of its entries are alive cannot be told');
  expect((await run('scan', pebble)).code).toBe(0);
  for (const option of [['--from', 'a'], ['--to', 'b'], ['--prefix', 'a'], ['--reverse']]) {
    const refused = await run('scan', pebble, ...option);
    expect(refused.code, option[0]).toBe(2);
    expect(refused.stderr).toContain('no order that is known here');
  }
});

test('history tells the manifest’s edits', async () => {
  const { code, stdout } = await run('history', leveldb, '--json');
  const kinds = stdout
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { readonly kind: string }).kind);
  expect(code).toBe(0);
  expect(kinds).toContain('flush.begin');
  expect(kinds.filter((kind) => kind === 'manifest.edit').length).toBeGreaterThan(1);
  expect((await run('history', leveldb)).stdout).toMatch(/manifest\.edit/);
});

test('a copy holds the same', async () => {
  const copy = place.fresh();
  expect(await runJson('copy', leveldb, '--into', copy)).toEqual({
    copied: 342,
    verified: true,
    entriesSha256: '3b8a68b7c8385018402bc52f19ec7c68967de8ef273733d76a40c670b7976db1',
    columnFamilies: [
      {
        name: 'default',
        entriesLive: 342,
        entriesSha256: '3b8a68b7c8385018402bc52f19ec7c68967de8ef273733d76a40c670b7976db1',
      },
    ],
  });
  const digest = await runJson('scan', copy, '--digest');
  expect(digest).toEqual(await runJson('scan', leveldb, '--digest'));
  expect((await run('copy', leveldb, '--into', leveldb)).code).not.toBe(0);
});

test('writing commands refuse it and change nothing', async () => {
  const before = await directoryPrint(leveldb);
  const { code, stderr } = await run('put', leveldb, 'key', 'value');
  expect({ code, stderr }).toMatchObject({ code: 1 });
  expect(stderr).toContain('LevelDB');
  expect(await directoryPrint(leveldb)).toEqual(before);
});

// Every command on real directories: what it prints, how it ends, and that reading writes nothing.

import { createHash } from 'node:crypto';
import { mkdir, readdir, unlink, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { directoryPrint } from './directoryPrint.ts';
import { outcomeOf, prepareProgram, run, runJson, start } from './program.ts';

const place = prepareProgram();

describe('put, get and delete', () => {
  let store = '';
  beforeAll(() => {
    store = place.fresh();
  });

  test('a value written by one process is read by the next', async () => {
    expect(await runJson('put', store, 'user:1', 'Ada')).toEqual({ ok: true, lastSequence: 1 });
    expect(await runJson('get', store, 'user:1')).toEqual({
      found: true,
      valueHex: '416461',
      value: 'Ada',
    });
    expect(await run('get', store, 'user:1')).toEqual({ code: 0, stdout: 'Ada', stderr: '' });
  });

  test('a missing key is no error', async () => {
    const absent = { found: false, valueHex: null, value: null };
    expect(await runJson('get', store, 'user:2')).toEqual(absent);
    expect(await run('get', store, 'user:2')).toEqual({
      code: 0,
      stdout: '',
      stderr: 'not found\n',
    });
  });

  test('with --hex, keys and values are digits', async () => {
    await runJson('put', store, '00ff', 'C0DE', '--hex');
    expect(await runJson('get', store, '0x00ff', '--hex')).toEqual({
      found: true,
      valueHex: 'c0de',
      value: null,
    });
    expect((await run('get', store, '00FF', '--hex')).stdout).toBe('c0de\n');
  });

  test('--trace tells where a read looked, and costs the others nothing', async () => {
    const { found, trace } = (await runJson('get', store, 'user:1', '--trace')) as {
      readonly found: boolean;
      readonly trace: readonly { readonly kind: string; readonly keyHex?: string }[];
    };
    expect(found).toBe(true);
    expect(trace.map(({ kind }) => kind)).toEqual(['get.begin', 'memtable.lookup', 'get.end']);
    expect(trace[0]).toMatchObject({ keyHex: '757365723a31' });
    const told = await run('get', store, 'user:1', '--trace');
    expect(told.stdout).toMatch(/\nfound in the memtable as #1, 3 B; .* µs\nAda$/);
  });

  test('a deleted key is gone, and deleting again does no harm', async () => {
    expect(await runJson('delete', store, 'user:1')).toEqual({ ok: true, lastSequence: 3 });
    expect(await runJson('get', store, 'user:1')).toMatchObject({ found: false });
    expect(await runJson('delete', store, 'user:1')).toEqual({ ok: true, lastSequence: 4 });
  });

  test('merges work operands into values, and tell what they lack', async () => {
    const merged = place.fresh();
    expect((await run('merge', merged, 'visits', '--number', '1')).stderr).toContain(
      'mergeOperator',
    );
    const adds = ['--merge-operator', 'uint64add'] as const;
    expect(await runJson('merge', merged, 'visits', '--number', '40', ...adds)).toEqual({
      ok: true,
      lastSequence: 1,
    });
    await runJson('merge', merged, 'visits', '--number', '3');
    await runJson('merge', merged, 'visits', '--number', '-1');
    expect(await runJson('get', merged, 'visits')).toMatchObject({ valueHex: '2a00000000000000' });
    const told = (await run('get', merged, 'visits', '--trace')).stdout;
    expect(told).toMatch(/holds a merge operand as #3/);
    expect(told).toMatch(/3 operands onto no value by "uint64add" make 8 B/);
    const other = await run('merge', merged, 'visits', 'x', '--merge-operator', 'max');
    expect(other.code).toBe(2);
    expect(other.stderr).toContain('is merged by "uint64add"');
    expect(await runJson('verify', merged)).toMatchObject({ ok: true });
    expect(await runJson('compact', merged)).toMatchObject({ after: { tables: 1 } });
    expect(await runJson('get', merged, 'visits')).toMatchObject({ valueHex: '2a00000000000000' });
  });

  test('a column family is made by its first put, and has keys of its own', async () => {
    const families = place.fresh();
    const side = ['--column-family', 'side'] as const;
    await runJson('put', families, 'key', 'main');
    await runJson('put', families, 'key', 'aside', ...side);
    expect((await run('get', families, 'key')).stdout).toBe('main');
    expect((await run('get', families, 'key', ...side)).stdout).toBe('aside');
    expect((await run('scan', families, ...side)).stdout).toContain('aside');
    expect(await runJson('inspect', families)).toMatchObject({
      walEntriesUnflushed: 1,
      columnFamilies: [{ name: 'default' }, { name: 'side', walEntriesUnflushed: 1 }],
    });
    await runJson('delete', families, 'key', ...side);
    expect(await runJson('get', families, 'key', ...side)).toMatchObject({ found: false });
    expect(await runJson('inspect', families, ...side)).toMatchObject({ walEntriesUnflushed: 2 });
    const { code, stderr } = await run('get', families, 'key', '--column-family', 'none');
    expect({ code, stderr }).toMatchObject({ stderr: expect.stringContaining('default, side') });
    expect(code).not.toBe(0);
  });

  test('a value from a file may be larger than a memtable', async () => {
    const file = place.fresh();
    const value = Buffer.alloc(300_000, 'lsm');
    await writeFile(file, value);
    await runJson('put', store, 'large', '--value-file', file, '--memtable-size', '1KiB');
    expect((await runJson('get', store, 'large'))['valueHex']).toBe(value.toString('hex'));
    expect((await run('get', store, 'large')).stdout).toBe(value.toString());
  });

  test('text of many scripts, an empty value and an odd key', async () => {
    const pairs = [
      ['ключ', 'значение'],
      ['鍵', '🗝️'],
      ['empty', ''],
      [' white space\t', 'x\ny'],
    ] as const;
    for (const [key, value] of pairs) await runJson('put', store, key, value);
    for (const [key, value] of pairs) {
      expect(await runJson('get', store, key)).toMatchObject({ found: true, value });
    }
  });
});

describe('a store with tables, a log and tombstones', () => {
  let store = '';
  /** What is live, in the store's order. */
  const live = new Map<string, string>();

  beforeAll(async () => {
    store = place.fresh();
    const file = `${place.fresh()}.jsonl`;
    const numbers = Array.from({ length: 900 }, (_, index) => String(index).padStart(4, '0'));
    const lines = numbers.map((number) => JSON.stringify({ id: `k${number}`, text: `v${number}` }));
    await writeFile(file, `${lines.join('\n')}\n`);
    await runJson('import', file, '--into', store, '--key', 'id', '--memtable-size', '8KiB');
    for (const [index, number] of numbers.entries()) live.set(`k${number}`, lines[index]!);
    await runJson('delete', store, 'k0100');
    await runJson('put', store, 'k0200', 'updated');
    live.delete('k0100');
    live.set('k0200', 'updated');
  });

  const linesOf = (stdout: string): Record<string, string>[] =>
    stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, string>);

  test('scan prints every live entry in order, as JSON Lines', async () => {
    const { code, stdout } = await run('scan', store);
    expect(code).toBe(0);
    expect(linesOf(stdout)).toEqual(
      [...live].map(([key, value]) => ({
        key,
        value,
        keyHex: Buffer.from(key).toString('hex'),
        valueHex: Buffer.from(value).toString('hex'),
      })),
    );
  });

  test.each([
    [['--from', 'k0890'], 890, 900],
    [['--to', 'k0003'], 0, 3],
    [['--from', 'k0101', '--to', 'k0105'], 101, 105],
    [['--prefix', 'k005'], 50, 60],
    [['--limit', '4'], 0, 4],
    [['--from', 'k07', '--limit', '2'], 700, 702],
    [['--from', 'z'], 0, 0],
  ] as const)('scan %s', async (bounds, first, end) => {
    const expected = Array.from({ length: end - first }, (_, index) => `k${pad(first + index)}`);
    const forward = linesOf((await run('scan', store, ...bounds)).stdout);
    expect(forward.map(({ key }) => key)).toEqual(expected);
    if (bounds.includes('--limit' as never)) return;
    const backward = linesOf((await run('scan', store, ...bounds, '--reverse')).stdout);
    expect(backward.map(({ key }) => key)).toEqual(expected.toReversed());
  });

  const pad = (number: number): string => String(number).padStart(4, '0');

  test('scan --hex takes and prints digits', async () => {
    const { stdout } = await run('scan', store, '--prefix', '6b30323030', '--hex', '--json');
    expect(linesOf(stdout)).toEqual([{ keyHex: '6b30323030', valueHex: '75706461746564' }]);
  });

  test('scan --digest hashes what scan prints', async () => {
    const hash = createHash('sha256');
    for (const [key, value] of live) {
      for (const text of [key, value]) {
        const length = Buffer.alloc(4);
        length.writeUInt32LE(Buffer.byteLength(text));
        hash.update(length).update(text);
      }
    }
    expect(await runJson('scan', store, '--digest')).toEqual({
      entriesLive: live.size,
      entriesSha256: hash.digest('hex'),
    });
  });

  test('scan ends quietly when its reader goes', async () => {
    const child = start('scan', store);
    child.stdout.once('data', () => child.stdout.destroy());
    const { code, stderr } = await outcomeOf(child);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });

  test('inspect names every table that is there', async () => {
    const inspection = await runJson('inspect', store);
    expect(inspection).toMatchObject({
      engine: 'lsm-lens',
      lastSequence: 902,
      problems: [],
    });
    const files = inspection['files'] as Record<string, unknown>[];
    const onDisk = (await readdir(store)).filter((name) => name.endsWith('.sst'));
    expect(new Set(files.map(({ name }) => name))).toEqual(new Set(onDisk));
    const levels = inspection['levels'] as Record<string, number>;
    for (const [level, count] of Object.entries(levels)) {
      expect(files.filter((file) => file['level'] === Number(level))).toHaveLength(count);
    }
    const sum = (field: string): number =>
      files.reduce((total, file) => total + (file[field] as number), 0);
    expect(sum('entries') + (inspection['walEntriesUnflushed'] as number)).toBe(902);
    expect(files[0]!['smallestKeyHex']).toMatch(/^6b30/);
  });

  test('stats counts what inspect lists', async () => {
    const stats = await runJson('stats', store);
    const inspection = await runJson('inspect', store);
    const files = inspection['files'] as Record<string, unknown>[];
    expect(stats).toMatchObject({
      tables: files.length,
      memtableEntries: inspection['walEntriesUnflushed'],
      lastSequence: 902,
    });
  });

  test('verify reads every byte of every file', async () => {
    const verification = await runJson('verify', store);
    expect(verification).toMatchObject({ ok: true, problems: [] });
    expect(verification['bytesChecked']).toBeGreaterThan(900 * 20);
  });

  test('reading writes nothing, not even times', async () => {
    const before = await directoryPrint(store);
    for (const command of ['inspect', 'verify', 'stats', 'scan'] as const) {
      expect((await run(command, store)).code).toBe(0);
    }
    await run('get', store, 'k0001');
    expect(await directoryPrint(store)).toEqual(before);
  });

  test.each(['inspect', 'verify', 'stats'])('%s without --json is text', async (command) => {
    const { code, stdout, stderr } = await run(command, store);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/[{}]|undefined|NaN|\[object/);
    expect(stdout.endsWith('\n')).toBe(true);
  });

  test('compact leaves each key once, without tombstones and without change', async () => {
    const before = await runJson('scan', store, '--digest');
    const report = await runJson('compact', store);
    expect(report).toMatchObject({ before: { tables: expect.any(Number) as number } });
    const stats = await runJson('stats', store);
    expect(stats).toMatchObject({ tableEntries: live.size, tombstones: 0, memtableEntries: 0 });
    expect(await runJson('scan', store, '--digest')).toEqual(before);
    expect(await runJson('verify', store)).toMatchObject({ ok: true });
  });
});

describe('compact with a choice', () => {
  test('goes down to the level that is named, in the range that is named', async () => {
    const store = place.fresh();
    await runJson('put', store, 'a', '1');
    await runJson('compact', store, '--target-level', '3');
    await runJson('put', store, 'b', '2');
    await runJson('compact', store, '--target-level', '1');
    await runJson('put', store, 'y', '2');
    await runJson('compact', store, '--from', 'y', '--to', 'y', '--target-level', '2');
    expect(await runJson('inspect', store)).toMatchObject({ levels: { 1: 1, 2: 1, 3: 1 } });
    const hex = ['--hex', '--from', '62', '--to', '62'];
    await runJson('compact', store, ...hex, '--target-level', '3', '--bottommost', 'skip');
    const { levels } = await runJson('inspect', store);
    expect(levels).toMatchObject({ 1: 0, 2: 1 });
    expect(await runJson('scan', store, '--digest')).toMatchObject({ entriesLive: 3 });
  });

  test('refuses what there is not, and says so', async () => {
    const store = place.fresh();
    await runJson('put', store, 'a', '1');
    expect(await run('compact', store, '--column-family', 'other')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('other') as string,
    });
    const deep = await run('compact', store, '--target-level', '9');
    expect(deep).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('from 1 to 6') as string,
    });
    expect((await run('compact', store, '--bottommost', 'all')).code).toBe(2);
  });
});

describe('import', () => {
  test('counts malformed lines and names them', async () => {
    const store = place.fresh();
    const file = `${place.fresh()}.jsonl`;
    await writeFile(file, '{"id":"a"}\nno json\n{"other":1}\n{"id":"b"}\n');
    const report = await runJson('import', file, '--into', store, '--key', 'id');
    expect(report).toMatchObject({ imported: 2, skipped: 2 });
    const problems = report['problems'] as { line: number; message: string }[];
    expect(problems.map(({ line }) => line)).toEqual([2, 3]);
    const text = await run('import', file, '--into', store, '--key', 'id');
    expect(text.stdout).toContain('2 entries imported, 2 skipped\nline 2: ');
  });

  test.each([
    ['csv', 'id,name\n1,"a, ""b"""\n2,c\n'],
    ['tsv', 'id\tname\n1\ta\n2\tc\n'],
    ['jsonl', '{"id":"1","name":"a"}\n{"id":"2","name":"c"}\n'],
  ])('reads %s by the name of the file and by --format', async (format, text) => {
    const named = `${place.fresh()}.${format}`;
    const unnamed = place.fresh();
    await Promise.all([writeFile(named, text), writeFile(unnamed, text)]);
    const [first, second] = [place.fresh(), place.fresh()];
    const good = { imported: 2, skipped: 0, problems: [] };
    expect(await runJson('import', named, '--into', first, '--key', 'id')).toEqual(good);
    const options = ['--into', second, '--key', 'id', '--format', format];
    expect(await runJson('import', unnamed, ...options)).toEqual(good);
    const digest = await runJson('scan', first, '--digest');
    expect(digest).toMatchObject({ entriesLive: 2 });
    expect(await runJson('scan', second, '--digest')).toEqual(digest);
  });

  test('reads standard input', async () => {
    const store = place.fresh();
    const options = ['--into', store, '--key', 'id', '--format', 'jsonl', '--json'];
    const child = start('import', '-', ...options);
    child.stdin.end('{"id":"a"}\n{"id":"b"}');
    const { stdout } = await outcomeOf(child);
    expect(JSON.parse(stdout)).toEqual({ imported: 2, skipped: 0, problems: [] });
  });

  test('skips a key over 1 MiB and goes on', async () => {
    const store = place.fresh();
    const file = `${place.fresh()}.jsonl`;
    await writeFile(file, `{"id":"${'x'.repeat(2 ** 20 + 1)}"}\n{"id":"b"}\n`);
    const report = await runJson('import', file, '--into', store, '--key', 'id');
    expect(report).toMatchObject({ imported: 1, skipped: 1, problems: [{ line: 1 }] });
  });
});

test('bench measures every step, and removes what it made', async () => {
  const directory = place.fresh();
  const options = ['--operations', '300', '--value-size', '50', '--compaction-size', '100KiB'];
  await mkdir(directory);
  const report = await runJson('bench', ...options, '--directory', directory);
  const measurements = report['measurements'] as Record<string, number | string>[];
  expect(measurements.length).toBeGreaterThanOrEqual(9);
  for (const { microsPerOperation, operations } of measurements) {
    expect(microsPerOperation).toBeGreaterThan(0);
    expect(operations).toBeGreaterThan(0);
  }
  const delays = report['delays'] as Record<string, number | string>[];
  expect(delays.map(({ name }) => name)).toEqual([
    'nothing, to compare',
    'compact in slices',
    'compact in threads',
  ]);
  for (const { delayMaxMillis, delayP99Millis } of delays) {
    expect(delayMaxMillis).toBeGreaterThanOrEqual(Number(delayP99Millis));
  }
  expect(await readdir(directory)).toEqual([]);
});

test('bench --amplification holds the strategies against each other', async () => {
  const directory = place.fresh();
  await mkdir(directory);
  const options = ['--amplification', '--operations', '20000', '--directory', directory];
  const report = await runJson('bench', ...options);
  const rows = report['amplification'] as Record<string, number | string>[];
  const of = (name: string): Record<string, number | string> =>
    rows.find(({ strategy }) => strategy === name)!;
  expect(rows).toHaveLength(6);
  for (const merging of ['leveled', 'size-tiered', 'lazy-leveled', 'time-window']) {
    const [less, more] = [of('fifo'), of(merging)];
    expect(less['writeAmplification']).toBeLessThan(Number(more['writeAmplification']));
    expect(less['spaceAmplification']).toBeGreaterThan(Number(more['spaceAmplification']));
  }
  for (const { spaceAmplification, readAmplification, runs } of rows) {
    expect(spaceAmplification).toBeGreaterThan(1);
    expect(readAmplification).toBeGreaterThan(0.9);
    expect(runs).toBeGreaterThan(0);
  }
  expect(await readdir(directory)).toEqual([]);
});

describe('checkpoint and repair', () => {
  let store = '';
  beforeAll(async () => {
    store = place.fresh();
    await runJson('put', store, 'user:1', 'Ada');
    await runJson('compact', store);
    await runJson('put', store, 'user:2', 'Eve');
  });

  test('a checkpoint is a store with the same content', async () => {
    const copy = place.fresh();
    const made = await runJson('checkpoint', store, copy);
    expect(made).toMatchObject({ sequence: 2, tables: 1 });
    const digest = await runJson('scan', store, '--digest');
    expect(await runJson('scan', copy, '--digest')).toEqual(digest);
    const again = await run('checkpoint', store, copy);
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('not empty') });
  });

  test('repair saves what can be read, and its exit code tells of losses', async () => {
    const damaged = place.fresh();
    await runJson('checkpoint', store, damaged);
    const whole = place.fresh();
    expect(await runJson('repair', damaged, '--into', whole)).toMatchObject({
      ok: true,
      entries: 2,
    });
    await unlink(`${damaged}/CURRENT`);
    expect((await run('get', damaged, 'user:1')).code).toBe(1);
    const rescued = place.fresh();
    const { code, stdout } = await run('repair', damaged, '--into', rescued);
    expect(code).toBe(1);
    expect(stdout).toContain('lost CURRENT');
    expect((await run('get', rescued, 'user:1')).stdout).toBe('Ada');
    expect((await run('get', rescued, 'user:2')).stdout).toBe('Eve');
  });
});

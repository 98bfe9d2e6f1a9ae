// What a store may be instead of a good one. Each gets one line that says what is wrong, exit code
// 1, and nothing in the directory is touched.

import { existsSync } from 'node:fs';
import {
  appendFile,
  chmod,
  cp,
  mkdir,
  readFile,
  readdir,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../scripts/paths.mjs';
import { crc32, maskCrc32 } from '../../src/base/crc32.ts';
import { HEADER_CHECKSUM, HEADER_VERSION } from '../../src/engine/log/logFormat.ts';
import { FOOTER_BYTES, VERSION_OFFSET } from '../../src/engine/table/footer.ts';
import { directoryPrint } from './directoryPrint.ts';
import { outcomeOf, prepareProgram, run, runJson, start, startAs } from './program.ts';
import type { Rights } from './program.ts';

const place = prepareProgram();

const READING = [['get', 'key'], ['scan'], ['inspect'], ['verify'], ['stats']] as const;
const WRITING = [['put', 'key', 'value'], ['delete', 'key'], ['compact']] as const;

/** Runs a command on a directory and answers with the error object. */
async function faultOf(
  [command, ...rest]: readonly [string, ...string[]],
  directory: string,
): Promise<{ readonly code: string; readonly message: string; readonly file: string | null }> {
  const { code, stdout, stderr } = await run(command, directory, ...rest, '--json');
  expect({ command, code, stderr }).toMatchObject({ command, code: 1 });
  const { error } = JSON.parse(stdout) as {
    error: { code: string; message: string; file: string };
  };
  expect(stderr).toBe(`lsm-lens: ${error.message}\n`);
  expect(error.message).not.toContain('\n');
  return error;
}

/**
 * Every command is refused with this code and a message like this one, and nothing is lost or
 * written. Whoever only reads leaves even the times alone; a writer has held the lock for a moment.
 */
async function expectRefused(
  directory: string,
  code: string,
  message: RegExp,
  commands: readonly (readonly [string, ...string[]])[] = [READING[0], WRITING[0]],
): Promise<void> {
  const parent = path.dirname(directory);
  const [before, namesBefore] = [await directoryPrint(parent), await names(parent)];
  const isReading = ([name]: readonly string[]): boolean =>
    READING.some(([reading]) => reading === name);
  for (const command of commands.toSorted((a, b) => Number(isReading(b)) - Number(isReading(a)))) {
    const fault = await faultOf(command, directory);
    expect({ command, ...fault }).toMatchObject({
      command,
      code,
      message: expect.stringMatching(message) as string,
    });
    const kept = isReading(command) ? before : filesOf(before);
    expect(await directoryPrint(parent)).toEqual(expect.arrayContaining([...kept]));
    expect(await names(parent)).toEqual(namesBefore);
  }
}

const filesOf = (print: readonly string[]): readonly string[] =>
  print.filter((line) => line.includes(' bytes '));

const names = async (directory: string): Promise<readonly string[]> =>
  (await readdir(directory, { recursive: true })).toSorted();

/** A directory inside one of its own, so that whatever appears beside it is noticed as well. */
async function lonely(): Promise<string> {
  const parent = place.fresh();
  await mkdir(parent);
  return path.join(parent, 'store');
}

describe('not a store', () => {
  test('nothing there: read and changed by nobody', async () => {
    const commands = [...READING, ['delete', 'key'], ['compact']] as const;
    await expectRefused(
      await lonely(),
      'NOT_A_STORE',
      /does not exist|no such|there is no/i,
      commands,
    );
  });

  test('a file instead of a directory', async () => {
    const file = await lonely();
    await writeFile(file, 'a file');
    await expectRefused(file, 'NOT_A_STORE', /is a file/);
  });

  test('a directory of something else', async () => {
    const directory = await lonely();
    await mkdir(directory);
    await writeFile(path.join(directory, 'holiday.jpg'), 'picture');
    await expectRefused(directory, 'NOT_A_STORE', /store/);
    expect(await readdir(directory)).toEqual(['holiday.jpg']);
  });

  test('an empty directory, for those who only read', async () => {
    const directory = await lonely();
    await mkdir(directory);
    const commands = [['verify'], ['delete', 'key']] as const;
    await expectRefused(directory, 'NOT_A_STORE', /empty/, commands);
  });

  test('a LevelDB directory, by the looks of its files', async () => {
    const directory = await lonely();
    await mkdir(directory);
    // As LevelDB's format document has them: a name in CURRENT; blocks of records with a CRC-32C.
    await writeFile(path.join(directory, 'CURRENT'), 'MANIFEST-000002\n');
    await writeFile(path.join(directory, 'MANIFEST-000002'), levelDbManifest());
    await writeFile(path.join(directory, '000003.log'), '');
    // It is read, and only read: foreign.test.ts.
    const commands = [['delete', 'key'], ['compact']] as const;
    await expectRefused(directory, 'NOT_A_STORE', /LevelDB/, commands);
  });
});

/** A MANIFEST with one record: the comparator's name, log number 3, next file 4, sequence 0. */
function levelDbManifest(): Buffer {
  const name = Buffer.from('leveldb.BytewiseComparator');
  const edit = Buffer.concat([
    Buffer.from([1, name.length]),
    name,
    Buffer.from([2, 3, 3, 4, 4, 0]),
  ]);
  const header = Buffer.alloc(7);
  header.writeUInt32LE(0x12345678, 0);
  header.writeUInt16LE(edit.length, 4);
  header[6] = 1;
  return Buffer.concat([header, edit]);
}

const fixtures = path.resolve(root, '../shared/fixtures');
const otherEngines = [
  ['badger-snappy-small-vlog', /Badger/],
  ['cassandra-nb-simple', /Cassandra/],
] as const;

describe('directories that other engines wrote', () => {
  test.for(otherEngines)('%s', async ([name, looksLike], { skip }) => {
    const original = path.join(fixtures, name, 'db');
    if (!existsSync(original)) skip('the fixtures are not on this machine');
    const directory = await lonely();
    await cp(original, directory, { recursive: true });
    await expectRefused(directory, 'NOT_A_STORE', looksLike);
  });
});

describe('a damaged store', () => {
  let good = '';

  beforeAll(async () => {
    good = place.fresh();
    const file = `${place.fresh()}.jsonl`;
    const lines = Array.from({ length: 400 }, (_, index) => JSON.stringify({ id: `key ${index}` }));
    await writeFile(file, lines.join('\n'));
    await runJson('import', file, '--into', good, '--key', 'id', '--memtable-size', '4KiB');
    await runJson('put', good, 'last', 'in the log');
  });

  async function copyOfGood(): Promise<string> {
    const directory = await lonely();
    await cp(good, directory, { recursive: true });
    return directory;
  }

  async function fileOf(directory: string, pattern: RegExp): Promise<string> {
    const names = (await readdir(directory)).filter((name) => pattern.test(name));
    return path.join(directory, names.toSorted().at(-1)!);
  }

  async function flipByte(file: string, offset: number): Promise<void> {
    const bytes = await readFile(file);
    bytes[offset < 0 ? bytes.length + offset : offset]! ^= 0xff;
    await writeFile(file, bytes);
  }

  const verifyProblems = async (directory: string): Promise<Record<string, unknown>[]> => {
    const before = await directoryPrint(directory);
    const { code, stdout } = await run('verify', directory, '--json');
    expect(code).toBe(1);
    expect(await directoryPrint(directory)).toEqual(before);
    const verification = JSON.parse(stdout) as { ok: boolean; problems: Record<string, unknown>[] };
    expect(verification.ok).toBe(false);
    expect(verification.problems.length).toBeGreaterThan(0);
    return verification.problems;
  };

  /** Where a table's footer has the checksum of what stands before it. */
  const FOOTER_CHECKSUM = 52;

  const OPENING = [['inspect'], ['put', 'key', 'value']] as const;

  test('CURRENT names a manifest that is missing', async () => {
    const directory = await copyOfGood();
    const manifest = await fileOf(directory, /^MANIFEST/);
    await rm(manifest);
    await expectRefused(directory, 'CORRUPTION', new RegExp(path.basename(manifest)), OPENING);
    await verifyProblems(directory);
  });

  test('CURRENT is cut', async () => {
    const directory = await copyOfGood();
    await truncate(path.join(directory, 'CURRENT'), 5);
    await expectRefused(directory, 'CORRUPTION', /CURRENT/, OPENING);
    await verifyProblems(directory);
  });

  test('a byte of the manifest is changed', async () => {
    const directory = await copyOfGood();
    const manifest = await fileOf(directory, /^MANIFEST/);
    await flipByte(manifest, 60);
    await expectRefused(directory, 'CORRUPTION', new RegExp(path.basename(manifest)), OPENING);
    const problems = await verifyProblems(directory);
    expect(problems[0]).toMatchObject({ file: path.basename(manifest), code: 'CORRUPTION' });
  });

  test('the manifest has a newer format', async () => {
    const directory = await copyOfGood();
    const manifest = await fileOf(directory, /^MANIFEST/);
    const bytes = await readFile(manifest);
    bytes.writeUInt32LE(2, HEADER_VERSION);
    bytes.writeUInt32LE(maskCrc32(crc32(bytes, 0, HEADER_CHECKSUM)), HEADER_CHECKSUM);
    await writeFile(manifest, bytes);
    await expectRefused(directory, 'NOT_SUPPORTED', /format 2.*newer LSM Lens/, OPENING);
    const problems = await verifyProblems(directory);
    expect(problems).toMatchObject([{ file: path.basename(manifest), code: 'NOT_SUPPORTED' }]);
  });

  test('a table has a newer format', async () => {
    const directory = await copyOfGood();
    const table = await fileOf(directory, /\.sst$/);
    const bytes = await readFile(table);
    const footer = bytes.length - FOOTER_BYTES;
    bytes.writeUInt32LE(2, footer + VERSION_OFFSET);
    bytes.writeUInt32LE(
      maskCrc32(crc32(bytes, footer, footer + FOOTER_CHECKSUM)),
      footer + FOOTER_CHECKSUM,
    );
    await writeFile(table, bytes);
    await expectRefused(directory, 'NOT_SUPPORTED', /format version 2/, OPENING);
    const problems = await verifyProblems(directory);
    expect(problems).toMatchObject([{ file: path.basename(table), code: 'NOT_SUPPORTED' }]);
  });

  test('a table is missing', async () => {
    const directory = await copyOfGood();
    const table = await fileOf(directory, /\.sst$/);
    await rm(table);
    await expectRefused(directory, 'CORRUPTION', new RegExp(path.basename(table)), [
      ['scan'],
      ['put', 'key', 'value'],
    ]);
    const problems = await verifyProblems(directory);
    expect(problems.map(({ file }) => file)).toContain(path.basename(table));
  });

  test('a byte of a data block is changed: a read says so and answers nothing wrong', async () => {
    const directory = await copyOfGood();
    const table = await fileOf(directory, /\.sst$/);
    await flipByte(table, 20);
    await expectRefused(directory, 'CORRUPTION', new RegExp(path.basename(table)), [['scan']]);
    const problems = await verifyProblems(directory);
    expect(problems).toEqual([
      expect.objectContaining({ file: path.basename(table), code: 'CORRUPTION' }),
    ]);
    expect(problems[0]!['offset']).toBeGreaterThanOrEqual(0);
  });

  test('the end of a table is cut off', async () => {
    const directory = await copyOfGood();
    const table = await fileOf(directory, /\.sst$/);
    const { length } = await readFile(table);
    await truncate(table, length - 10);
    await expectRefused(directory, 'CORRUPTION', new RegExp(path.basename(table)), [['scan']]);
    await verifyProblems(directory);
  });

  test('a log that was durable when it was closed is damaged', async () => {
    const directory = await copyOfGood();
    const log = await fileOf(directory, /\.log$/);
    await runJson('put', directory, 'next', 'in a log of its own');
    await flipByte(log, (await readFile(log)).indexOf('in the log'));
    await expectRefused(directory, 'CORRUPTION', new RegExp(path.basename(log)), OPENING);
    const problems = await verifyProblems(directory);
    expect(problems[0]).toMatchObject({ file: path.basename(log), code: 'CORRUPTION' });
  });

  test('the log ends inside a record that was never acknowledged: the rest is read', async () => {
    const directory = await copyOfGood();
    const log = await fileOf(directory, /\.log$/);
    await appendFile(log, Buffer.from([1, 2, 3, 4, 5]));
    const before = await directoryPrint(directory);
    expect(await runJson('get', directory, 'last')).toMatchObject({ value: 'in the log' });
    expect(await directoryPrint(directory)).toEqual(before);
    await runJson('put', directory, 'next', 'after the tear');
    expect(await runJson('get', directory, 'last')).toMatchObject({ value: 'in the log' });
    expect(await runJson('get', directory, 'next')).toMatchObject({ value: 'after the tear' });
  });

  test('a file that no store knows is reported and left alone', async () => {
    const directory = await copyOfGood();
    const stray = path.join(directory, 'notes.txt');
    await writeFile(stray, 'mine');
    await runJson('put', directory, 'key', 'value');
    expect(await readFile(stray, 'utf8')).toBe('mine');
    const inspection = await runJson('inspect', directory);
    const problems = inspection['problems'] as Record<string, unknown>[];
    expect(problems.map(({ file }) => file)).toEqual(['notes.txt']);
  });
});

describe('a store in use', () => {
  const expectLocked = (store: string): Promise<void> =>
    expect.poll(() => existsSync(path.join(store, 'LOCK')), { timeout: 20_000 }).toBe(true);

  test('is locked against writers, and open to readers', async () => {
    const store = place.fresh();
    await runJson('put', store, 'key', 'value');
    const holder = start('import', '-', '--into', store, '--key', 'id', '--format', 'jsonl');
    const outcome = outcomeOf(holder);
    holder.stdin.write('{"id":"first"}\n');
    await expectLocked(store);
    for (const command of WRITING) {
      const fault = await faultOf(command, store);
      expect(fault).toMatchObject({ code: 'LOCKED' });
      expect(fault.message).toMatch(/in use|locked|held|another/i);
    }
    expect(await runJson('get', store, 'key')).toMatchObject({ value: 'value' });
    expect(await runJson('verify', store)).toMatchObject({ ok: true });
    holder.stdin.end();
    expect((await outcome).code).toBe(0);
    await runJson('put', store, 'a', 'b');
  });

  test('is read while its files come and go', async () => {
    const store = place.fresh();
    await runJson('put', store, 'key', 'value');
    const options = ['--key', 'id', '--format', 'jsonl', '--memtable-size', '4KiB'];
    const holder = start('import', '-', '--into', store, ...options);
    const outcome = outcomeOf(holder);
    let fed = 0;
    const feeding = setInterval(() => {
      const ids = Array.from({ length: 10 }, () => `{"id":"${'x'.repeat(60)}${fed++}"}\n`);
      holder.stdin.write(ids.join(''));
    }, 100);
    await expectLocked(store);
    try {
      for (let round = 0; round < 4; round++) {
        expect(await runJson('get', store, 'key')).toMatchObject({ value: 'value' });
        expect(await runJson('inspect', store)).toMatchObject({ problems: [] });
        expect(await runJson('verify', store)).toMatchObject({ ok: true });
        expect((await run('scan', store, '--hex')).stderr).toBe('');
      }
    } finally {
      clearInterval(feeding);
      holder.stdin.end();
      await outcome;
    }
    expect((await outcome).code).toBe(0);
    expect(await runJson('scan', store, '--digest')).toMatchObject({ entriesLive: fed + 1 });
  });

  test('whose holder was killed is free again, with all that was durable', async () => {
    const store = place.fresh();
    await runJson('put', store, 'key', 'value');
    const holder = start('import', '-', '--into', store, '--key', 'id', '--format', 'jsonl');
    const outcome = outcomeOf(holder);
    await expectLocked(store);
    holder.kill('SIGKILL');
    await outcome;
    await runJson('put', store, 'after', 'the crash');
    expect(await runJson('get', store, 'key')).toMatchObject({ value: 'value' });
  });

  test('is closed in order when an import is interrupted', async () => {
    const store = place.fresh();
    const holder = start('import', '-', '--into', store, '--key', 'id', '--format', 'jsonl');
    const outcome = outcomeOf(holder);
    holder.stdin.write('{"id":"first"}\n');
    await expectLocked(store);
    holder.kill('SIGINT');
    // Rows without end: an input that ended might be read whole before the signal arrives.
    holder.stdin.on('error', () => undefined);
    const rows = setInterval(() => holder.stdin.write('{"id":"more"}\n'), 50);
    const { code, stderr } = await outcome;
    clearInterval(rows);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^lsm-lens: .*(interrupted|cancel|stopped).*\n$/i);
    await runJson('put', store, 'a', 'b');
    expect(await runJson('verify', store)).toMatchObject({ ok: true });
  });
});

test('a directory that may not be read is said to be so', async ({ skip }) => {
  // Nothing is forbidden to root: then the command runs as nobody.
  const rights: Rights = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
  const canStart = await outcomeOf(startAs(rights, '--version')).catch(() => undefined);
  if (process.platform === 'win32' || canStart?.code !== 0) {
    skip('this user may read everything and cannot start the program as another');
  }
  const store = place.fresh();
  await runJson('put', store, 'key', 'value');
  await chmod(store, 0o000);
  try {
    for (const [command, ...rest] of [
      ['get', 'key'],
      ['put', 'key', 'other'],
    ] as const) {
      const { code, stderr } = await outcomeOf(startAs(rights, command, store, ...rest));
      expect(code).toBe(1);
      expect(stderr).toMatch(/^lsm-lens: .*(EACCES|permission).*\n$/i);
    }
  } finally {
    await chmod(store, 0o755);
  }
  expect(await runJson('get', store, 'key')).toMatchObject({ value: 'value' });
});

test('a value over 256 MiB is refused and nothing is written', async () => {
  const store = place.fresh();
  await runJson('put', store, 'key', 'value');
  const file = place.fresh();
  await writeFile(file, '');
  await truncate(file, 256 * 1024 * 1024 + 1);
  const { code, stderr } = await run('put', store, 'huge', '--value-file', file);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^lsm-lens: .*268435456.*\n$/);
  expect(await runJson('inspect', store)).toMatchObject({ lastSequence: 1 });
  expect(await runJson('get', store, 'huge')).toMatchObject({ found: false });
});

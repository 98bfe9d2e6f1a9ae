// Real data through the command line: a large list of cities when it is there, else the project's
// own sample of invented places. Memtables are small, so that flushes and merges over several
// levels happen.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../scripts/paths.mjs';
import { prepareProgram, run, runJson } from './program.ts';

const place = prepareProgram();

const LARGE = path.resolve(root, '../shared/data/cities.tsv');
const isLarge = existsSync(LARGE);
const file = isLarge ? LARGE : path.join(root, 'test/data/cities-sample.tsv');
const memtableSize = isLarge ? '1MiB' : '8KiB';
test('the large list of cities is there', ({ skip }) => {
  if (!isLarge) skip(`${LARGE} is not on this machine: the tests below use the project's sample`);
  expect(existsSync(file)).toBe(true);
});

/** Rows as the file has them, by key; a later row with the same key would win. */
async function readRows(): Promise<Map<string, Record<string, string>>> {
  const [header, ...lines] = (await readFile(file, 'utf8')).replace(/\n$/, '').split('\n');
  const names = header!.split('\t');
  return new Map(
    lines.map((line) => {
      const cells = line.split('\t');
      const row = Object.fromEntries(names.map((name, column) => [name, cells[column]!]));
      return [row['id']!, row];
    }),
  );
}

/** Count and hash of what the store must hold, made from the file alone. */
function digestOf(rows: ReadonlyMap<string, Record<string, string>>): Record<string, unknown> {
  const hash = createHash('sha256');
  const entries = [...rows].map(([key, row]) => [
    Buffer.from(key),
    Buffer.from(JSON.stringify(row)),
  ]);
  const lengths = Buffer.alloc(4);
  for (const entry of entries.toSorted(([first], [second]) => first!.compare(second!))) {
    for (const part of entry) {
      lengths.writeUInt32LE(part.length);
      hash.update(lengths).update(part);
    }
  }
  return { entriesLive: rows.size, entriesSha256: hash.digest('hex') };
}

describe('a list of cities', () => {
  let rows: Map<string, Record<string, string>>;
  let store = '';
  let imported: Record<string, unknown> = {};

  beforeAll(async () => {
    rows = await readRows();
    store = place.fresh();
    const options = ['--into', store, '--key', 'id', '--memtable-size', memtableSize];
    imported = await runJson('import', file, ...options);
  }, 180_000);

  test('every line is imported', () => {
    expect(imported).toEqual({ imported: rows.size, skipped: 0, problems: [] });
  });

  test('flushes and merges have filled several levels', async () => {
    const { levels } = (await runJson('inspect', store)) as { levels: Record<string, number> };
    const filled = Object.values(levels).filter((tables) => tables > 0);
    expect(filled.length).toBeGreaterThanOrEqual(2);
    expect(levels['2']).toBeGreaterThan(0);
  });

  test('a new process reads back exactly what the file holds', async () => {
    expect(await runJson('scan', store, '--digest')).toEqual(digestOf(rows));
  });

  test('a scan in either direction prints a line for each', async () => {
    for (const direction of [[], ['--reverse']]) {
      const { code, stdout, stderr } = await run('scan', store, '--hex', ...direction);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.split('\n')).toHaveLength(rows.size + 1);
    }
  }, 120_000);

  test('single keys read back, whatever their script', async () => {
    const keys = [...rows.keys()];
    for (const key of [0, 0.2, 0.4, 0.6, 0.8, 0.99].map(
      (at) => keys[Math.floor(at * keys.length)]!,
    )) {
      const { value } = (await runJson('get', store, key)) as { value: string };
      expect(JSON.parse(value)).toEqual(rows.get(key));
    }
  });

  test('every byte verifies', async () => {
    expect(await runJson('verify', store)).toMatchObject({ ok: true, problems: [] });
  }, 120_000);

  test('a prefix scan finds what a search of the file finds', async () => {
    const prefix = [...rows.keys()][Math.floor(rows.size / 2)]!.slice(0, 4);
    const { stdout } = await run('scan', store, '--prefix', prefix);
    const found = stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { key: string }).key);
    expect(new Set(found)).toEqual(
      new Set([...rows.keys()].filter((key) => key.startsWith(prefix))),
    );
  });

  test('compacting changes nothing that is read', async () => {
    await runJson('compact', store);
    expect(await runJson('scan', store, '--digest')).toEqual(digestOf(rows));
    expect(await runJson('stats', store)).toMatchObject({ tableEntries: rows.size, tombstones: 0 });
  }, 120_000);
});

// What the published suite does not ask: our own options, methods and faults.

import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { LevelError, LsmLevel } from '../../../src/node/level/lsmLevel.ts';

const directory = mkdtempSync(join(tmpdir(), 'lsm-level-'));
let databases = 0;

afterAll(() => rmSync(directory, { recursive: true, force: true }));

function newLocation(): string {
  return join(directory, String(++databases));
}

async function filled(entries: number): Promise<LsmLevel> {
  const db = new LsmLevel(newLocation());
  await db.open();
  const batch = db.batch();
  for (let entry = 0; entry < entries; entry++) batch.put(`key${entry}`, `value${entry}`);
  await batch.write({ sync: true });
  return db;
}

test('options reach the engine under its own names, others do not', async () => {
  const options = { memtableSize: 4096, bloomBitsPerKey: 3, compaction: 'size-tiered' } as const;
  const db = new LsmLevel<string, number>(newLocation(), { ...options, valueEncoding: 'json' });
  await db.open();
  expect(db.store.options).toMatchObject(options);
  expect(db.store.options).not.toHaveProperty('valueEncoding');
  await db.put('a', 1, { sync: true });
  expect(db.getSync('a')).toBe(1);
  await db.close();
});

test('an option out of bounds is refused, naming it', async () => {
  const db = new LsmLevel(newLocation(), { blockSize: 1 });
  await expect(db.open()).rejects.toMatchObject({
    code: 'LEVEL_DATABASE_NOT_OPEN',
    cause: { code: 'LEVEL_INVALID_ARGUMENT', message: expect.stringMatching(/blockSize is 1/) },
  });
});

test('a second holder is told that it is locked', async () => {
  const db = await filled(1);
  const second = new LsmLevel(db.location);
  await expect(second.open()).rejects.toMatchObject({
    code: 'LEVEL_DATABASE_NOT_OPEN',
    cause: { code: 'LEVEL_LOCKED', cause: { code: 'LOCKED' } },
  });
  await db.close();
});

test('entries survive closing, flushing and compacting', async () => {
  const db = await filled(500);
  await db.flush();
  await db.clear({ gte: 'key1', lt: 'key2' });
  await db.compactRange('key0', 'key9');
  const expected = await db.keys().all();
  expect(expected.length).toBe(500 - 111);
  expect(db.stats().tables).toBeGreaterThan(0);
  const whole = await db.approximateSize('key0', 'key9~');
  expect(whole).toBeGreaterThan(0);
  expect(await db.approximateSize('key1', 'key2')).toBeLessThan(whole);
  expect(await db.approximateSize('nothing', 'o')).toBe(0);
  await db.close();
  const again = new LsmLevel(db.location, { createIfMissing: false });
  expect(await again.keys().all()).toEqual(expected);
  expect(await again.get('key2')).toBe('value2');
  await again.close();
});

test('a snapshot of another kind of database is refused, not ignored', async () => {
  const db = await filled(1);
  const { snapshot } = { snapshot: { ref() {}, unref() {} } };
  const options = { snapshot } as unknown as Parameters<typeof db.get>[1];
  await expect(db.get('key0', options)).rejects.toBeInstanceOf(LevelError);
  await expect(db.iterator(options).next()).rejects.toBeInstanceOf(LevelError);
  await db.close();
});

test('a long walk lets others have their turn', async () => {
  const db = await filled(5000);
  let ended = false;
  let turns = 0;
  const others = (async (): Promise<void> => {
    while (!ended) {
      await turn();
      turns++;
    }
  })();
  let entries = 0;
  for await (const _key of db.keys()) entries++;
  ended = true;
  await others;
  expect(entries).toBe(5000);
  expect(turns).toBeGreaterThanOrEqual(4);
  await db.close();
});

test('a clear is one range delete, whatever it covers', async () => {
  const db = await filled(2000);
  await db.flush();
  const before = db.store.gauges().lastSequence;
  await db.clear({ gte: 'key5' });
  expect(db.store.gauges().lastSequence).toBe(before + 1);
  await db.clear();
  await db.clear();
  expect(await db.keys().all()).toEqual([]);
  expect(db.store.gauges().lastSequence).toBe(before + 2);
  await db.close();
});

test('a damaged database is repaired into a new one', async () => {
  const db = await filled(500);
  await db.flush();
  await db.close();
  rmSync(join(db.location, 'CURRENT'));
  const into = newLocation();
  expect((await LsmLevel.repair(db.location, into)).entries).toBe(500);
  const repaired = new LsmLevel(into, { createIfMissing: false });
  expect((await repaired.keys().all()).length).toBe(500);
  await repaired.close();
});

describe('destroy', () => {
  test('takes the database and its directory', async () => {
    const db = await filled(10);
    await db.flush();
    await db.close();
    await LsmLevel.destroy(db.location);
    expect(existsSync(db.location)).toBe(false);
    await LsmLevel.destroy(db.location);
  });

  test('leaves what is not of the database', async () => {
    const db = await filled(10);
    await db.close();
    const other = join(db.location, 'notes.txt');
    writeFileSync(other, 'mine');
    await LsmLevel.destroy(db.location);
    expect(existsSync(other)).toBe(true);
    expect(existsSync(join(db.location, 'CURRENT'))).toBe(false);
  });

  test('refuses a database in use, and what is none', async () => {
    const db = await filled(10);
    await expect(LsmLevel.destroy(db.location)).rejects.toMatchObject({ code: 'LEVEL_LOCKED' });
    expect(await db.get('key3')).toBe('value3');
    await db.close();
    writeFileSync(join(directory, 'stray.txt'), 'mine');
    await expect(LsmLevel.destroy(directory)).rejects.toMatchObject({ code: 'LEVEL_NOT_A_STORE' });
  });
});

// Bugs of others' tables and files that ours could have; README.md names them.

import { describe, expect, test } from 'vitest';
import { destroyStore } from '../../../src/engine/destroy.ts';
import { decodeEdit, EMPTY_EDIT, encodeEdit } from '../../../src/engine/manifest/versionEdit.ts';
import { TableBuilder } from '../../../src/engine/ingest/tableBuilder.ts';
import { DIRECTORY, simulatedEnvironment } from '../../engine/simulatedWorld.ts';
import { table } from '../../engine/tableFixture.ts';
import {
  bytes,
  getText,
  namesOn,
  newStore,
  openOn,
  putAll,
  texts,
} from '../../engine/testStore.ts';
import type { SimulatedDisk } from '../disk/simulatedDisk.ts';
import { faultsAfter, momentsOf } from './everyCrash.ts';

const SMALL = { memtableSize: 1024, targetTableSize: 1024, blockSize: 128, maxL0SSTables: 2 };

describe('a table', () => {
  test('is durable, its name too, before the log it replaces goes', async () => {
    const { store, disk } = await newStore(SMALL);
    await store.put(bytes('a'), bytes('1'), { sync: true });
    const moments = await momentsOf(disk, () => store.flush());
    expect(moments.some(({ call }) => /^remove .*\.log$/.test(call))).toBe(true);
    const faults = await faultsAfter(moments, (left) =>
      texts(left).join() === 'a=1' ? undefined : 'the entry is gone',
    );
    expect(faults).toEqual([]);
    await store.close();
  });

  test('of a merge is durable, its name too, before its inputs go', async () => {
    const { store, disk } = await newStore(SMALL);
    await putAll(store, { a: '1', b: '1' });
    await store.flush();
    await putAll(store, { b: '2', c: '2' });
    await store.flush();
    const moments = await momentsOf(disk, () => store.compactRange());
    expect(moments.some(({ call }) => /^remove .*\.sst$/.test(call))).toBe(true);
    const faults = await faultsAfter(moments, (left) =>
      texts(left).join() === 'a=1,b=2,c=2' ? undefined : `it holds ${texts(left).join()}`,
    );
    expect(faults).toEqual([]);
    await store.close();
  });

  test('of more than 4 GiB, and 1 TiB, is told by its whole size and place', () => {
    for (const sizeBytes of [2 ** 31, 2 ** 32 + 5, 2 ** 40, 2 ** 47]) {
      const large = table(2 ** 33, 'a', 'b', {
        sizeBytes,
        rawValueBytes: sizeBytes * 3,
        entries: 2,
      });
      const edit = { ...EMPTY_EDIT, added: [{ family: 0, level: 1, table: large }] };
      expect(decodeEdit(encodeEdit(edit), 'MANIFEST-000001', 0)).toEqual(edit);
    }
  });
});

describe('a file number', () => {
  test('of a file that cannot be deleted is not taken again, nor is it written over', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1' });
    await store.close();
    const orphans = Array.from({ length: 10 }, (_, index) => `00005${index}.sst`);
    for (const name of orphans) disk.place(name, bytes('mine'));
    disk.shouldFail = (call, path) => call === 'remove' && /00005\d\.sst$/.test(path);
    const again = await openOn(disk);
    for (let round = 0; round < 60; round++) {
      await putAll(again, { [`k${round}`]: '1' });
      await again.flush();
    }
    for (const name of orphans) expect(disk.contents().get(name)).toEqual(bytes('mine'));
    await again.close();
    const last = await openOn(disk);
    expect(texts(last)).toHaveLength(61);
    await last.close();
  });

  test('is given once, though the log that had the greatest is all that tells of it', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1' });
    const killed = disk.afterKill();
    const before = namesOn(killed);
    const again = await openOn(killed);
    const made = namesOn(killed).filter((name) => !before.includes(name));
    expect(made.length).toBeGreaterThan(0);
    expect(made.every((name) => name > before.filter((old) => /^\d/.test(old)).at(-1)!)).toBe(true);
    await again.close();
    await store.close();
  });
});

describe('an ingested table', () => {
  test('is newer than what was in memory, and older than what follows', async () => {
    const { store, disk } = await newStore(SMALL);
    // Deep tables, so that one without anything of its keys above it may lie deep.
    await putAll(store, { y: 'deep', z: 'deep' });
    await store.compactRange();
    await putAll(store, { a: 'before', b: 'before', c: 'before' });
    await store.ingest([await build(disk, { a: 'ingested', b: 'ingested' })]);
    await putAll(store, { b: 'later' });
    const wanted = ['a=ingested', 'b=later', 'c=before', 'y=deep', 'z=deep'];
    expect(texts(store)).toEqual(wanted);
    // A point read believes the first place that has the key.
    expect(await getText(store, 'a')).toBe('ingested');
    await store.flush();
    expect(await getText(store, 'a')).toBe('ingested');
    expect(texts(store)).toEqual(wanted);
    await store.compactRange();
    expect(texts(store)).toEqual(wanted);
    await store.close();
    const again = await openOn(disk, SMALL);
    expect(texts(again)).toEqual(wanted);
    await again.close();
  });

  test('leaves the sequence number behind its own, so that the next write is newer', async () => {
    const { store, disk } = await newStore();
    await store.ingest([await build(disk, { a: 'ingested' })]);
    const again = await openOn(disk.afterKill());
    expect(again.gauges().lastSequence).toBe(1);
    await putAll(again, { a: 'later' });
    await again.flush();
    await again.compactRange();
    expect(texts(again)).toEqual(['a=later']);
    await again.close();
    await store.close();
  });
});

describe('what an ingest and a destruction have told', () => {
  test('is durable: the bytes of a linked table that nobody synced, and every name', async () => {
    const { store, disk } = await newStore();
    const path = await build(disk, { a: 'ingested' });
    const content = disk.contents('/outside').get('table')!;
    const file = disk.open('/outside/copy', 'create');
    file.write(content, 0, content.length, 0);
    file.close();
    disk.remove(path);
    await store.ingest(['/outside/copy'], { manner: 'link' });
    const again = await openOn(disk.afterPowerFailure(undefined));
    expect(texts(again)).toEqual(['a=ingested']);
    await again.close();
    await store.close();
  });

  test('leaves no file of a store that was destroyed', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1' });
    await store.flush();
    await store.close();
    await destroyStore(DIRECTORY, simulatedEnvironment(1, disk));
    const left = namesOn(disk.afterPowerFailure(undefined));
    expect(left.filter((name) => name !== 'LOCK')).toEqual([]);
  });
});

async function build(
  disk: SimulatedDisk,
  entries: Readonly<Record<string, string>>,
): Promise<string> {
  disk.makeDirectory('/outside');
  const environment = simulatedEnvironment(3, disk);
  const builder = await TableBuilder.create('/outside', 'table', environment);
  for (const [key, value] of Object.entries(entries)) builder.put(bytes(key), bytes(value));
  await builder.finish();
  expect(disk.stat(disk.join(DIRECTORY, 'CURRENT'))).toBeDefined();
  return '/outside/table';
}

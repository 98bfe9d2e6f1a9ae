// Bugs of others' manifests that ours could have; README.md names them.

import { describe, expect, test } from 'vitest';
import { afterEdit, emptyRecord, wholeEdit } from '../../../src/engine/manifest/storeRecord.ts';
import { EMPTY_EDIT } from '../../../src/engine/manifest/versionEdit.ts';
import { DIRECTORY } from '../../engine/simulatedWorld.ts';
import { table } from '../../engine/tableFixture.ts';
import { bytes, namesOn, newStore, openOn, putAll, texts } from '../../engine/testStore.ts';
import { SimulatedDisk } from '../disk/simulatedDisk.ts';
import { faultsAfter, momentsOf } from './everyCrash.ts';

const manifestOn = (disk: SimulatedDisk): string =>
  namesOn(disk).find((name) => name.startsWith('MANIFEST'))!;

/** A closed store whose manifest has a torn end, so that the next opening begins a new one. */
async function storeWithTornManifest(): Promise<SimulatedDisk> {
  const { store, disk } = await newStore();
  await putAll(store, { a: '1' });
  await store.flush();
  await putAll(store, { b: '2' });
  await store.close();
  const name = manifestOn(disk);
  disk.place(name, Uint8Array.of(...disk.contents().get(name)!, 1, 2, 3));
  return disk;
}

describe('CURRENT', () => {
  test('names no manifest that is not durable, and the old one goes after it', async () => {
    const disk = await storeWithTornManifest();
    const before = manifestOn(disk);
    const moments = await momentsOf(disk, async () => (await openOn(disk)).close());
    expect(manifestOn(disk)).not.toBe(before);
    const faults = await faultsAfter(moments, (store) => {
      const found = texts(store).join(' ');
      return found === 'a=1 b=2' ? undefined : `it holds ${found}`;
    });
    expect(faults).toEqual([]);
  });

  test('is replaced durably before a manifest that has grown too large goes', async () => {
    const { store, disk } = await newStore();
    const moments = await momentsOf(disk, async () => {
      for (let byte = 1; byte <= 3; byte++) {
        await store.put(new Uint8Array(300_000).fill(byte), bytes('1'), { sync: true });
        await store.flush();
      }
    });
    const gone = moments.findIndex(({ call }) => call.startsWith('remove /store/MANIFEST'));
    expect(gone).toBeGreaterThan(0);
    const faults = await faultsAfter(moments.slice(gone - 4, gone + 1), () => undefined);
    expect(faults).toEqual([]);
    await store.close();
  });

  test('makes a new store at once or not at all, and one that was told of stays', async () => {
    const disk = new SimulatedDisk();
    const moments = await momentsOf(disk, async () => {
      const store = await openOn(disk);
      await store.put(bytes('a'), bytes('1'), { sync: true });
    });
    expect(await faultsAfter(moments, () => undefined)).toEqual([]);
    const told = await faultsAfter(moments.slice(-1), (store) =>
      texts(store).join() === 'a=1' ? undefined : 'the synced write is gone',
    );
    expect(told).toEqual([]);
  });
});

describe('an edit whose sync failed', () => {
  test('may be durable: neither what it brought nor what it made needless is deleted', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1' });
    await store.flushWal();
    const before = namesOn(disk).filter((name) => name.endsWith('.log'));
    // The edit of the flush, not that of the log before it.
    disk.shouldFail = (call, path) =>
      call === 'sync' &&
      path.includes('MANIFEST') &&
      namesOn(disk).some((name) => name.endsWith('.sst'));
    await expect(store.flush()).rejects.toMatchObject({ code: expect.any(String) });
    disk.shouldFail = () => false;
    const after = namesOn(disk);
    expect(after).toEqual(expect.arrayContaining(before));
    const moment = { call: 'a failed sync of the manifest', image: disk.image() };
    const faults = await faultsAfter([moment], (left) =>
      texts(left).join() === 'a=1' ? undefined : 'the entry is gone',
    );
    expect(faults).toEqual([]);
    await store.close();
  });

  test('leaves no file number to be used twice, however the manifest ends', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1' });
    disk.shouldFail = (call, path) => call === 'sync' && path.includes('MANIFEST');
    await expect(store.flush()).rejects.toMatchObject({ code: 'IO' });
    disk.shouldFail = () => false;
    const taken = numbersOn(disk);
    // The edit is lost, the files that were made for it are not.
    const without = disk.afterCrash('nothing');
    without.place(
      manifestOn(disk),
      disk.afterCrash('everything').contents().get(manifestOn(disk))!,
    );
    without.shouldFail = (call) => call === 'remove';
    const made: number[] = [];
    without.onChange = (call, path) => {
      if (call === 'create') made.push(...numbersIn(path));
    };
    const again = await openOn(without);
    await again.flush();
    await again.close();
    expect(made.length).toBeGreaterThan(1);
    expect(made.filter((number) => taken.includes(number))).toEqual([]);
    await store.close();
  });
});

describe('a new manifest', () => {
  test('says everything that the old one said', () => {
    const record = afterEdit(emptyRecord({ blockSize: 512 }), {
      ...EMPTY_EDIT,
      comparator: 'lsm-lens.bytewise',
      createdFamilies: [{ id: 1, name: 'other' }],
      familyOptions: [{ family: 1, options: { blockSize: 256 } }],
      addedLogs: [7, 9],
      endedLog: 7,
      nextFile: 12,
      lastSequence: 34,
      added: [
        { family: 0, level: 0, table: table(5, 'a', 'c') },
        { family: 1, level: 3, table: table(6, 'b', 'd', { sizeBytes: 2 ** 40 }) },
      ],
      cursors: [{ family: 1, level: 2, key: bytes('m') }],
      flushed: [{ family: 1, sequence: 30 }],
    });
    expect(afterEdit(emptyRecord(), wholeEdit(record))).toEqual(record);
  });

  test('comes of flushes, merges and families at once, one edit after the other', async () => {
    const { store, disk } = await newStore({ memtableSize: 1024, maxL0SSTables: 2 });
    await putAll(store, { before: '1' });
    const work: Promise<unknown>[] = [];
    for (let round = 0; round < 12; round++) {
      work.push(store.createFamily(`f${round}`));
      work.push(store.put(bytes(`k${round}`), new Uint8Array(300)));
      if (round % 3 === 2) work.push(store.flush());
      if (round % 4 === 3) work.push(store.compactRange());
    }
    await Promise.all(work);
    const left = await openOn(disk.afterPowerFailure(undefined));
    expect(left.families).toHaveLength(13);
    await left.close();
    await store.close();
    const again = await openOn(disk);
    expect([...again.entries()]).toHaveLength(13);
    await again.close();
  });
});

function numbersIn(path: string): number[] {
  const digits = /(\d{6,})[^/]*$/.exec(path)?.[1];
  return digits === undefined ? [] : [Number(digits)];
}

function numbersOn(disk: SimulatedDisk): number[] {
  return namesOn(disk).flatMap((name) => numbersIn(disk.join(DIRECTORY, name)));
}

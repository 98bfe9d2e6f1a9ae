import { describe, expect, test } from 'vitest';
import { notAStore, recognise } from '../../../src/engine/open/storeRecognition.ts';
import { DIRECTORY } from '../simulatedWorld.ts';
import { bytes, newStore, openOn } from '../testStore.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';

/** A directory with files of these names. */
function directoryOf(...names: string[]): SimulatedDisk {
  const disk = new SimulatedDisk();
  disk.makeDirectory(DIRECTORY);
  for (const name of names) disk.place(name, bytes('something else'));
  return disk;
}

const told = (disk: SimulatedDisk): string =>
  notAStore(DIRECTORY, recognise(disk, DIRECTORY)).message;

describe('a directory', () => {
  test.each([
    ['LevelDB', ['000005.ldb', 'CURRENT', 'LOCK', 'LOG', 'MANIFEST-000004']],
    ['LevelDB', ['000003.log', 'CURRENT', 'LOCK', 'LOG', 'MANIFEST-000002']],
    ['RocksDB', ['000008.sst', 'CURRENT', 'IDENTITY', 'MANIFEST-000005', 'OPTIONS-000007']],
    ['Pebble', ['000002.log', 'MANIFEST-000001', 'marker.manifest.000001.MANIFEST-000001']],
    ['BadgerDB', ['000001.sst', '000001.vlog', 'KEYREGISTRY', 'MANIFEST']],
    ['Cassandra', ['nb-1-big-Data.db', 'nb-1-big-Index.db', 'nb-1-big-TOC.txt']],
  ])('of %s is told by its names and left alone', async (engine, names) => {
    const disk = directoryOf(...names);
    expect(told(disk)).toMatch(new RegExp(`^/store is a ${engine} directory \\(it has .*\\)`));
    const before = disk.contents();
    await expect(openOn(disk)).rejects.toMatchObject({ code: 'NOT_A_STORE' });
    expect(disk.contents()).toEqual(before);
  });

  test('of another engine is told without opening its tables', () => {
    const tables = Array.from(
      { length: 50 },
      (_, at) => `${String(at + 100).padStart(6, '0')}.sst`,
    );
    const disk = directoryOf('CURRENT', 'MANIFEST-000005', 'OPTIONS-000007', ...tables);
    const opened: string[] = [];
    const open = disk.open.bind(disk);
    disk.open = (path, mode) => {
      opened.push(path);
      return open(path, mode);
    };
    expect(recognise(disk, DIRECTORY).kind).toBe('other');
    expect(opened).toEqual(['/store/MANIFEST-000005']);
  });

  test('of other files is no place for a store', async () => {
    const disk = directoryOf('a.txt', 'b.txt', 'c.txt', 'd.txt', 'e.txt');
    expect(told(disk)).toBe(
      '/store is not a store: it holds other files (a.txt, b.txt, c.txt and 2 more); choose ' +
        'an empty directory',
    );
    await expect(openOn(disk)).rejects.toMatchObject({ code: 'NOT_A_STORE' });
  });

  test('that is empty becomes a store only when asked to', async () => {
    const disk = directoryOf('.DS_Store');
    expect(recognise(disk, DIRECTORY).kind).toBe('empty');
    const refused = openOn(disk, { createIfMissing: false });
    await expect(refused).rejects.toThrow('/store is empty: there is no store in it');
    await (await openOn(disk)).close();
    expect(recognise(disk, DIRECTORY).kind).toBe('store');
    await expect(openOn(disk, { errorIfExists: true })).rejects.toThrow(
      /a store exists in .* already/,
    );
  });

  test('that is missing is made only when asked to', async () => {
    const disk = new SimulatedDisk();
    const refused = openOn(disk, { createIfMissing: false });
    await expect(refused).rejects.toThrow('/store does not exist');
    await (await openOn(disk)).close();
  });

  test('that is a file is told so', async () => {
    const disk = new SimulatedDisk();
    disk.place('store', bytes('text'), '/');
    await expect(openOn(disk)).rejects.toThrow('/store is a file, not a directory');
  });

  test('with an interrupted creation in it is as good as empty', async () => {
    const made = await newStore();
    await made.store.close();
    const manifest = made.disk.contents().get('MANIFEST-000001')!;
    for (const length of [0, 10, 32, manifest.length]) {
      const disk = directoryOf('000001.tmp');
      disk.place('MANIFEST-000001', manifest.slice(0, length));
      expect(recognise(disk, DIRECTORY).kind).toBe('empty');
      const store = await openOn(disk);
      await store.put(bytes('a'), bytes('1'));
      await store.close();
    }
  });

  test('that has lost CURRENT is still ours, and refused by name', async () => {
    const { store, disk } = await newStore();
    await store.close();
    disk.remove(disk.join(DIRECTORY, 'CURRENT'));
    expect(recognise(disk, DIRECTORY).kind).toBe('store');
    await expect(openOn(disk)).rejects.toThrow(/CURRENT/);
  });
});

// Nothing outside the chosen directory is read or written, whatever stands in it: links in place of
// each of its files, and names in its files that lead elsewhere. On a real disk, for our own stores
// and for each engine whose directories are read.

import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LsmError } from '../../src/base/errors.ts';
import { Lsm } from '../../src/engine/db.ts';
import { destroyStore } from '../../src/engine/destroy.ts';
import { repairStore } from '../../src/engine/repair/repair.ts';
import { verifyStore } from '../../src/engine/verify.ts';
import { nodeEnvironment } from '../../src/node/nodeEnvironment.ts';
import { LeveldbReader } from '../../src/readers/leveldb/leveldbReader.ts';
import { PebbleReader } from '../../src/readers/pebble/pebbleReader.ts';
import { RocksdbReader } from '../../src/readers/rocksdb/rocksdbReader.ts';
import { directoryPrint } from '../cli/directoryPrint.ts';
import { readerWorld } from '../readers/readerWorld.ts';
import { bytes } from '../engine/testStore.ts';
import { ContainedVfs } from './containedVfs.ts';

let root = '';
let chosen = '';
let elsewhere = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'lsm-lens-containment-'));
  chosen = path.join(root, 'chosen');
  elsewhere = path.join(root, 'elsewhere');
  mkdirSync(chosen);
  mkdirSync(elsewhere);
});
afterEach(() => rmSync(root, { recursive: true }));

/** Moves a file out and leaves a link to it, as somebody would who wants it read or written. */
function replaceByLink(name: string): void {
  renameSync(path.join(chosen, name), path.join(elsewhere, name));
  symlinkSync(path.join(elsewhere, name), path.join(chosen, name));
}

/** What does not come to its end does so with one of our errors. */
async function attempt(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (thrown) {
    if (!(thrown instanceof LsmError)) throw thrown;
  }
}

async function makeStore(): Promise<void> {
  const store = await Lsm.open(chosen, nodeEnvironment());
  await store.put(bytes('a'), bytes('1'));
  await store.flush();
  await store.put(bytes('b'), bytes('2'));
  await store.close();
}

/** Everything that a user may do to a store, on a disk that notes where it went. */
async function doEverything(): Promise<string[]> {
  const vfs = new ContainedVfs(chosen);
  const environment = { ...nodeEnvironment(), vfs };
  await attempt(async () => {
    const store = await Lsm.open(chosen, environment, { readOnly: true });
    await attempt(() => [...store.entries()]);
    await store.close();
  });
  await attempt(() => verifyStore(chosen, environment));
  await attempt(async () => {
    const store = await Lsm.open(chosen, environment);
    await attempt(() => store.put(bytes('c'), bytes('3'), { sync: true }));
    await attempt(() => store.compactRange());
    await store.close();
  });
  const repaired = path.join(chosen, 'repaired');
  await attempt(() => repairStore(chosen, repaired, environment));
  const [inRepaired, others] = [`${repaired}${path.sep}`, vfs.outside];
  const leaks = others.filter((name) => name !== repaired && !name.startsWith(inRepaired));
  await attempt(() => destroyStore(chosen, environment));
  return leaks;
}

describe.runIf(process.platform !== 'win32')('a store of ours (links as on POSIX)', () => {
  test('with a link in place of any of its files reads and writes nothing behind it', async () => {
    await makeStore();
    const names = readdirSync(chosen);
    expect(names.length).toBeGreaterThan(3);
    for (const name of names) {
      rmSync(chosen, { recursive: true });
      rmSync(elsewhere, { recursive: true });
      mkdirSync(chosen);
      mkdirSync(elsewhere);
      await makeStore();
      if (!readdirSync(chosen).includes(name)) continue;
      replaceByLink(name);
      const before = await directoryPrint(elsewhere);
      expect([name, await doEverything()]).toEqual([name, []]);
      expect([name, await directoryPrint(elsewhere)]).toEqual([name, before]);
    }
  });

  test('with links under names that it is about to take writes behind none of them', async () => {
    await makeStore();
    writeFileSync(path.join(elsewhere, 'target'), 'mine');
    const numbers = Array.from({ length: 30 }, (_, index) => String(index + 1).padStart(6, '0'));
    for (const number of numbers) {
      for (const name of [
        `${number}.log`,
        `${number}.sst`,
        `${number}.tmp`,
        `MANIFEST-${number}`,
      ]) {
        await attempt(() => {
          if (readdirSync(chosen).includes(name)) return;
          symlinkSync(path.join(elsewhere, 'target'), path.join(chosen, name));
        });
      }
    }
    symlinkSync(path.join(elsewhere, 'new'), path.join(chosen, 'LOCK'));
    const before = await directoryPrint(elsewhere);
    expect(await doEverything()).toEqual([]);
    expect(await directoryPrint(elsewhere)).toEqual(before);
  });

  test.each(['../elsewhere/MANIFEST-000001', '/etc/passwd', './MANIFEST-000001', 'a/../CURRENT'])(
    'whose CURRENT says %s goes nowhere',
    async (name) => {
      await makeStore();
      cpSync(path.join(chosen, 'MANIFEST-000001'), path.join(elsewhere, 'MANIFEST-000001'));
      writeFileSync(path.join(chosen, 'CURRENT'), `${name}\n`);
      const before = await directoryPrint(elsewhere);
      const opening = Lsm.open(chosen, nodeEnvironment());
      await expect(opening).rejects.toMatchObject({ code: 'CORRUPTION', file: 'CURRENT' });
      expect(await doEverything()).toEqual([]);
      expect(await directoryPrint(elsewhere)).toEqual(before);
    },
  );

  test('is not destroyed through a link, and takes only its own files along', async () => {
    await makeStore();
    writeFileSync(path.join(elsewhere, 'keep'), 'mine');
    symlinkSync(elsewhere, path.join(chosen, '000099.sst'));
    writeFileSync(path.join(chosen, 'notes.txt'), 'mine');
    await attempt(() => destroyStore(chosen, nodeEnvironment()));
    expect(readdirSync(elsewhere)).toEqual(['keep']);
    expect(readdirSync(chosen)).toContain('notes.txt');
  });
});

const world = await readerWorld();
const READERS = [
  { engine: 'LevelDB', fixture: 'leveldb-snappy', open: LeveldbReader },
  { engine: 'RocksDB', fixture: 'rocksdb-families', open: RocksdbReader },
  { engine: 'Pebble', fixture: 'pebble-stage-4', open: PebbleReader },
] as const;

describe.runIf(process.platform !== 'win32')('a directory of another engine (POSIX links)', () => {
  /** Reads all of it; answers where it went and what it found. */
  async function readAll(open: (typeof READERS)[number]['open']): Promise<[string[], string]> {
    const vfs = new ContainedVfs(chosen);
    const found: string[] = [];
    await attempt(() => {
      const reader = new open(chosen, { ...world, vfs });
      for (const { name } of reader.describe().families) {
        for (const [key, value] of reader.family(name)!.entries({})) {
          found.push(`${String(key)}=${String(value)}`);
        }
      }
      reader.close();
    });
    return [vfs.outside, found.join()];
  }

  test.each(READERS)('$engine: nothing behind a link is read', async ({ fixture, open }) => {
    const source = path.resolve('test/fixtures', fixture, 'db');
    const names = readdirSync(source);
    for (const name of names) {
      rmSync(chosen, { recursive: true });
      rmSync(elsewhere, { recursive: true });
      mkdirSync(elsewhere);
      cpSync(source, chosen, { recursive: true });
      rmSync(path.join(chosen, name));
      // What stands behind the link must make no difference.
      writeFileSync(path.join(elsewhere, name), '');
      symlinkSync(path.join(elsewhere, name), path.join(chosen, name));
      const [, emptyFound] = await readAll(open);
      cpSync(path.join(source, name), path.join(elsewhere, name));
      const before = await directoryPrint(elsewhere);
      const [outside, found] = await readAll(open);
      expect([name, outside, found === emptyFound]).toEqual([name, [], true]);
      expect(await directoryPrint(elsewhere)).toEqual(before);
    }
    expect(names.length).toBeGreaterThan(3);
  });

  test.each(READERS)('$engine: CURRENT leads nowhere else', async ({ fixture, open }) => {
    cpSync(path.resolve('test/fixtures', fixture, 'db'), chosen, { recursive: true });
    const manifest = readdirSync(chosen).find((name) => name.startsWith('MANIFEST'))!;
    cpSync(path.join(chosen, manifest), path.join(elsewhere, manifest));
    const lines = [`../elsewhere/${manifest}`, path.join(elsewhere, manifest), '/etc/passwd', '..'];
    for (const line of lines) {
      writeFileSync(path.join(chosen, 'CURRENT'), `${line}\n`);
      expect([line, (await readAll(open))[0]]).toEqual([line, []]);
    }
  });
});

// The simulated disk loses what a real one may lose, keeps what it keeps, and fails as told.

import { describe, expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../../src/base/bytes.ts';
import { Random } from '../../../src/base/random.ts';
import type { VfsFile } from '../../../src/base/vfs.ts';
import { vfsContract } from '../../support/vfsContract.ts';
import type { Loss } from './losses.ts';
import { LOSSES } from './losses.ts';
import { SimulatedDisk } from './simulatedDisk.ts';

vfsContract('that can crash', () => {
  const vfs = new SimulatedDisk();
  vfs.makeDirectory('/a/store');
  return { vfs, directory: '/a/store', discard: () => undefined };
});

const SEEDS = 200;

function newDisk(): SimulatedDisk {
  const disk = new SimulatedDisk();
  disk.makeDirectory('/d');
  return disk;
}

function write(file: VfsFile, text: string, position: number): void {
  file.write(encodeUtf8(text), 0, text.length, position);
}

/** Every outcome of a crash: the directory as `name=content` texts. */
function outcomes(disk: SimulatedDisk, loss: Loss): Set<string> {
  const image = disk.image();
  const found = new Set<string>();
  for (let seed = 0; seed < SEEDS; seed++) {
    for (const { path, files } of image.remains(loss, new Random(seed))) {
      if (path !== '/d') continue;
      const texts = [...files].map(([name, content]) => `${name}=${decodeUtf8(content)}`);
      found.add(texts.sort().join(' '));
    }
  }
  return found;
}

async function twoFiles(): Promise<SimulatedDisk> {
  const disk = newDisk();
  const old = disk.open('/d/old', 'create');
  write(old, 'old', 0);
  await old.sync();
  await disk.syncDirectory('/d');
  const aside = disk.open('/d/aside', 'create');
  write(aside, 'new', 0);
  disk.rename('/d/aside', '/d/old');
  return disk;
}

describe('a crash', () => {
  test('leaves everything when only the process died', async () => {
    const disk = await twoFiles();
    expect(outcomes(disk, 'nothing')).toEqual(new Set(['old=new']));
    expect(disk.afterKill().contents('/d')).toEqual(disk.contents('/d'));
  });

  test('takes everything that was not synced', async () => {
    expect(outcomes(await twoFiles(), 'everything')).toEqual(new Set(['old=old']));
  });

  test('undoes renames, or does them without the content', async () => {
    const disk = await twoFiles();
    expect(outcomes(disk, 'names-first')).toEqual(new Set(['old=']));
    expect(outcomes(disk, 'data-first')).toEqual(
      new Set(['old=old', 'aside=new old=old', 'old=new']),
    );
  });

  test('tears the last write at any byte, and keeps the order of all', async () => {
    const disk = newDisk();
    const file = disk.open('/d/f', 'create');
    await disk.syncDirectory('/d');
    write(file, 'ab', 0);
    write(file, 'cd', 2);
    expect(outcomes(disk, 'tail')).toEqual(new Set(['f=', 'f=a', 'f=ab', 'f=abc', 'f=abcd']));
  });

  test('loses any set of sectors', async () => {
    const disk = newDisk();
    const file = disk.open('/d/f', 'create');
    write(file, 'a'.repeat(192), 0);
    await file.sync();
    await disk.syncDirectory('/d');
    write(file, 'b'.repeat(192), 0);
    const shapes = [...outcomes(disk, 'sectors')].map((text) =>
      text.replace(/^f=/, '').replaceAll(/a+/g, 'a').replaceAll(/b+/g, 'b'),
    );
    expect(new Set(shapes)).toEqual(new Set(['a', 'b', 'ab', 'ba', 'aba', 'bab']));
  });

  test('leaves a removed file when the removal was not synced', async () => {
    const disk = await twoFiles();
    await disk.syncDirectory('/d');
    disk.remove('/d/old');
    expect(outcomes(disk, 'data-first')).toEqual(new Set(['', 'old=new']));
  });

  test.each(LOSSES)('of the kind "%s" takes nothing that was synced', async (loss) => {
    const disk = await twoFiles();
    const file = disk.open('/d/old', 'write');
    await file.sync();
    await disk.syncDirectory('/d');
    expect(outcomes(disk, loss)).toEqual(new Set(['old=new']));
  });
});

describe('a sync', () => {
  test('covers what was written before it, not what comes while it is under way', async () => {
    const disk = newDisk();
    const file = disk.open('/d/f', 'create');
    write(file, 'a', 0);
    const synced = file.sync();
    write(file, 'b', 1);
    await synced;
    await disk.syncDirectory('/d');
    expect(outcomes(disk, 'everything')).toEqual(new Set(['f=a']));
  });

  test('that failed is not made good by the next: the pages count as clean', async () => {
    const disk = newDisk();
    const file = disk.open('/d/f', 'create');
    await disk.syncDirectory('/d');
    write(file, 'lost', 0);
    disk.shouldFail = (call) => call === 'sync';
    await expect(file.sync()).rejects.toMatchObject({ systemCode: 'EIO' });
    disk.shouldFail = () => false;
    write(file, '!', 4);
    await file.sync();
    expect(outcomes(disk, 'everything')).toEqual(new Set(['f=\0\0\0\0!']));
    expect(outcomes(disk, 'nothing')).toEqual(new Set(['f=lost!']));
  });
});

describe('a fault', () => {
  test('refuses a call with the code it is told', () => {
    const disk = newDisk();
    disk.shouldFail = (call) => call === 'create' && { kind: 'refuse', systemCode: 'EMFILE' };
    expect(() => disk.open('/d/f', 'create')).toThrow(
      expect.objectContaining({ code: 'IO', systemCode: 'EMFILE' }),
    );
    expect(disk.list('/d')).toEqual([]);
  });

  test('leaves part of a write on the disk', () => {
    const disk = newDisk();
    const file = disk.open('/d/f', 'create');
    disk.shouldFail = () => ({ kind: 'refuse', systemCode: 'ENOSPC', doneBytes: 2 });
    expect(() => write(file, 'abcd', 0)).toThrow(expect.objectContaining({ systemCode: 'ENOSPC' }));
    disk.shouldFail = () => false;
    expect(outcomes(disk, 'nothing')).toEqual(new Set(['f=ab']));
  });

  test('cuts a read short, or turns one bit of it', () => {
    const disk = newDisk();
    const file = disk.open('/d/f', 'create');
    write(file, 'abcd', 0);
    const target = new Uint8Array(4);
    disk.shouldFail = () => ({ kind: 'short', bytes: 3 });
    expect(file.read(target, 0, 4, 0)).toBe(3);
    disk.shouldFail = () => ({ kind: 'flip', bit: 8 });
    expect(file.read(target, 0, 4, 0)).toBe(4);
    expect(decodeUtf8(target)).toBe('accd');
  });
});

// What is to be durable is asked of the system itself, and its refusals are not lost.

import { mkdtempSync, rmSync } from 'node:fs';
import type * as FileSystem from 'node:fs';
import type * as FilePromises from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { NodeVfs } from '../../src/node/nodeVfs.ts';

/** What the system was asked to make durable: `data` of a file, or a directory's names. */
const asked = vi.hoisted(() => [] as string[]);
/** The code that the system refuses with, or nothing. */
const refusal = vi.hoisted(() => ({ code: '' }));

vi.mock('node:fs', async (importOriginal) => {
  const original = await importOriginal<typeof FileSystem>();
  return {
    ...original,
    fdatasync: (descriptor: number, done: (error: Error | null) => void) => {
      asked.push(`data of ${original.readlinkSync(`/proc/self/fd/${descriptor}`)}`);
      if (refusal.code === '') original.fdatasync(descriptor, done);
      else done(Object.assign(new Error('refused'), { code: refusal.code }));
    },
    fsyncSync: (descriptor: number) => {
      asked.push(`names in ${original.readlinkSync(`/proc/self/fd/${descriptor}`)}`);
      original.fsyncSync(descriptor);
    },
  };
});
vi.mock('node:fs/promises', async (importOriginal) => {
  const original = await importOriginal<typeof FilePromises>();
  const open: typeof original.open = async (...parameters) => {
    const handle = await original.open(...parameters);
    const sync = handle.sync.bind(handle);
    handle.sync = async () => {
      asked.push(`names in ${String(parameters[0])}`);
      if (refusal.code !== '') throw Object.assign(new Error('refused'), { code: refusal.code });
      await sync();
    };
    return handle;
  };
  return { ...original, open };
});

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'lsm-lens-sync-'));
  asked.length = 0;
  refusal.code = '';
});
afterEach(() => rmSync(directory, { recursive: true }));

describe.runIf(process.platform === 'linux')('a sync (Linux tells of which file)', () => {
  test("a file's sync reaches the system, or says that it did not", async () => {
    const name = path.join(directory, 'file');
    const file = new NodeVfs().open(name, 'create');
    await file.sync();
    expect(asked).toEqual([`data of ${name}`]);
    refusal.code = 'EIO';
    await expect(file.sync()).rejects.toMatchObject({ code: 'IO', systemCode: 'EIO', file: name });
    file.close();
  });

  test("a directory's sync reaches the system, or says that it did not", async () => {
    const vfs = new NodeVfs();
    await vfs.syncDirectory(directory);
    expect(asked).toEqual([`names in ${directory}`]);
    refusal.code = 'EIO';
    await expect(vfs.syncDirectory(directory)).rejects.toMatchObject({ systemCode: 'EIO' });
  });

  test('each new directory is made durable in the one that holds it', () => {
    const below = path.join(directory, 'a', 'b');
    new NodeVfs().makeDirectory(below);
    expect(asked).toEqual([`names in ${path.dirname(below)}`, `names in ${directory}`]);
    new NodeVfs().makeDirectory(below);
    expect(asked).toHaveLength(2);
  });
});

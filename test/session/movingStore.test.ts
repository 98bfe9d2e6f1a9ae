// Reading begins again when the directory has changed, and only then.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { corruption, LsmError } from '../../src/base/errors.ts';
import { readWhileMoving } from '../../src/session/movingStore.ts';

let directory = '';
let attempts = 0;

beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'lsm-lens-moving-'));
  attempts = 0;
});

afterEach(() => rm(directory, { recursive: true }));

/** Makes a file that was not there, as a flush does. */
const change = (): Promise<void> => writeFile(path.join(directory, `${attempts}.sst`), '');
const missing = corruption('the manifest names it, but it is missing', '000001.sst', 0);
const always = (): boolean => true;

test('a good reading is not repeated, whatever happens around it', async () => {
  const read = async (): Promise<string> => {
    attempts++;
    await change();
    return 'read';
  };
  expect(await readWhileMoving(directory, read, always)).toBe('read');
  expect(attempts).toBe(1);
});

test('damage in a directory that rests is told at once', async () => {
  const read = (): Promise<never> => {
    attempts++;
    return Promise.reject(missing);
  };
  await expect(readWhileMoving(directory, read, always)).rejects.toBe(missing);
  expect(attempts).toBe(1);
});

test('a failure while files come and go leads to another attempt', async () => {
  const read = async (): Promise<string> => {
    attempts++;
    if (attempts === 3) return 'read';
    await change();
    throw missing;
  };
  expect(await readWhileMoving(directory, read, always)).toBe('read');
  expect(attempts).toBe(3);
});

test('so does a result that is not sound', async () => {
  const read = async (): Promise<number> => {
    attempts++;
    if (attempts < 3) await change();
    return attempts;
  };
  expect(await readWhileMoving(directory, read, (result) => result === 2)).toBe(2);
  // The directory rests from now on: what is not sound is the result.
  attempts = 2;
  expect(await readWhileMoving(directory, read, () => false)).toBe(3);
});

test('faults that have nothing to do with files are not tried again', async () => {
  const read = async (): Promise<never> => {
    attempts++;
    await change();
    throw new LsmError('INVALID_ARGUMENT', 'no');
  };
  await expect(readWhileMoving(directory, read, always)).rejects.toThrow('no');
  expect(attempts).toBe(1);
});

test('a store that never rests is said to be so', async () => {
  const read = async (): Promise<never> => {
    attempts++;
    await change();
    throw missing;
  };
  await expect(readWhileMoving(directory, read, always)).rejects.toMatchObject({ code: 'LOCKED' });
  expect(attempts).toBeGreaterThan(3);
});

test('locks that come and go change nothing', async () => {
  const read = async (): Promise<never> => {
    attempts++;
    await writeFile(path.join(directory, `LOCK.${attempts}.tmp`), '');
    throw missing;
  };
  await expect(readWhileMoving(directory, read, always)).rejects.toBe(missing);
  expect(attempts).toBe(1);
});

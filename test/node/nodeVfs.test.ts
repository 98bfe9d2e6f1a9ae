// Node's disk does what every disk must, and refuses in words that help.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { crc32, crc32Portable } from '../../src/base/crc32.ts';
import { LsmError } from '../../src/base/errors.ts';
import { ioError } from '../../src/node/ioErrors.ts';
import { nodeEnvironment } from '../../src/node/nodeEnvironment.ts';
import { NodeVfs } from '../../src/node/nodeVfs.ts';
import { vfsContract } from '../support/vfsContract.ts';

function newDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'lsm-lens-vfs-'));
}

for (const descriptorsMax of [1, 500]) {
  vfsContract(`of Node with ${descriptorsMax} descriptors`, () => {
    const directory = newDirectory();
    const discard = (): void => rmSync(directory, { recursive: true });
    return { vfs: new NodeVfs({ descriptorsMax }), directory, discard };
  });
}

let directory = '';
beforeEach(() => {
  directory = newDirectory();
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

function read(file: { read(target: Uint8Array, o: number, n: number, p: number): number }): string {
  const bytes = new Uint8Array(100);
  return new TextDecoder().decode(bytes.subarray(0, file.read(bytes, 0, 100, 0)));
}

/** Files of a directory that this process has open. */
function openIn(where: string): number {
  const list = ['-c', `ls -l /proc/${process.pid}/fd`];
  return execFileSync('sh', list, { encoding: 'utf8' }).split(where).length - 1;
}

describe('reading many files', () => {
  test.runIf(existsSync('/proc/self/fd'))(
    'descriptors are given up and come back without the reader noticing',
    () => {
      const vfs = new NodeVfs({ descriptorsMax: 3 });
      const files = Array.from({ length: 20 }, (_, index) => {
        writeFileSync(join(directory, `f${index}`), `content ${index}`);
        return vfs.open(join(directory, `f${index}`), 'read');
      });
      for (let round = 0; round < 3; round++) {
        files.forEach((file, index) => expect(read(file)).toBe(`content ${index}`));
      }
      expect(openIn(directory)).toBe(3);
      for (const file of files) file.close();
      expect(openIn(directory)).toBe(0);
    },
  );

  test('a file replaced behind our back is not read as the old one', () => {
    const vfs = new NodeVfs({ descriptorsMax: 1 });
    writeFileSync(join(directory, 'a'), 'old');
    writeFileSync(join(directory, 'b'), 'other');
    const file = vfs.open(join(directory, 'a'), 'read');
    vfs.open(join(directory, 'b'), 'read');
    vfs.rename(join(directory, 'b'), join(directory, 'a'));
    expect(() => read(file)).toThrow(/replaced by another file/);
  });
});

describe('refusals', () => {
  test.runIf(process.platform !== 'win32')(
    'symbolic links and things that are no files are not opened',
    () => {
      const vfs = new NodeVfs();
      writeFileSync(join(directory, 'file'), 'x');
      symlinkSync(join(directory, 'file'), join(directory, 'link'));
      for (const mode of ['read', 'write', 'create'] as const) {
        expect(() => vfs.open(join(directory, 'link'), mode)).toThrow(/symbolic link|already/);
      }
      expect(vfs.stat(join(directory, 'link'))).toMatchObject({ kind: 'other' });
      execFileSync('sh', ['-c', `mkfifo ${join(directory, 'pipe')}`]);
      expect(() => vfs.open(join(directory, 'pipe'), 'read')).toThrow(/not a regular file/);
      expect(() => vfs.open(directory, 'read')).toThrow(/not a regular file/);
    },
  );

  test('the message says what to do, the error keeps code, path and cause', () => {
    const vfs = new NodeVfs();
    const missing = join(directory, 'none');
    expect(() => vfs.open(missing, 'read')).toThrow(
      expect.objectContaining({ code: 'IO', systemCode: 'ENOENT', file: missing }),
    );
    expect(() => vfs.open(missing, 'read')).toThrow(`cannot open ${missing}: no such file`);
    expect(() => vfs.open('/dev/full', 'write')).toThrow(/not a regular file/);
  });

  test('what the system refuses is told with what to do about it', () => {
    const refusal = (systemCode: string): string => {
      const thrown = Object.assign(new Error('raw'), { code: systemCode });
      const error = ioError(thrown, 'write', '/s/000007.log');
      expect(error).toMatchObject({ code: 'IO', systemCode, cause: thrown, file: '/s/000007.log' });
      return error.message;
    };
    expect(refusal('ENOSPC')).toMatch(/^cannot write \/s\/000007\.log: the disk is full; free/);
    expect(refusal('EACCES')).toMatch(/permission denied; check who owns/);
    expect(refusal('EMFILE')).toMatch(/ulimit -n/);
    expect(refusal('EROFS')).toMatch(/open the store read-only/);
    expect(refusal('EODD')).toBe('cannot write /s/000007.log: raw');
    const own = new LsmError('LOCKED', 'ours');
    expect(ioError(own, 'write', '/s')).toBe(own);
  });
});

test('the environment brings a native CRC-32 that gives the same', () => {
  const environment = nodeEnvironment({ seed: 4 });
  expect(environment.seed).toBe(4);
  const bytes = Uint8Array.from({ length: 5000 }, (_, index) => index * 31);
  expect(crc32(bytes, 3, 4999, 77)).toBe(crc32Portable(bytes, 3, 4999, 77));
});

test('clock and scheduler are of this world and hold nothing open', async () => {
  const { clock, scheduler } = nodeEnvironment();
  expect(Math.abs(clock.wallMicros() / 1000 - Date.now())).toBeLessThan(5000);
  const before = clock.monotonicMicros();
  let fired = 0;
  scheduler.after(1, () => fired++);
  scheduler.after(1, () => (fired += 100)).cancel();
  while (fired === 0) await scheduler.turn();
  expect(fired).toBe(1);
  expect(clock.monotonicMicros()).toBeGreaterThan(before);
  expect(Number.isInteger(clock.wallMicros()) && Number.isInteger(before)).toBe(true);
});

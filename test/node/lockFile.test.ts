// One process at a time: against another session, against real processes, alive and killed.

import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { acquireLock, newLockToken, releaseLockOf } from '../../src/node/lockFile.ts';
import { ownIdentity } from '../../src/node/processIdentity.ts';
import { bundleForNode } from '../support/bundleForNode.ts';
import type { Bundle } from '../support/bundleForNode.ts';

let bundle: Bundle;
let directory = '';
let path = '';
const children: ChildProcess[] = [];

beforeAll(async () => {
  bundle = await bundleForNode(new URL('lockHolder.ts', import.meta.url));
});
afterAll(() => bundle.discard());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'lsm-lens-lock-'));
  path = join(directory, 'LOCK');
});
afterEach(async () => {
  for (const child of children.splice(0)) await kill(child);
  rmSync(directory, { recursive: true });
});

const locked = (message: RegExp): unknown =>
  expect.objectContaining({ code: 'LOCKED', message: expect.stringMatching(message) });

/** A process that holds the lock. */
async function holder(): Promise<ChildProcess> {
  const child = spawn(process.execPath, [bundle.path, path, 'hold'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** A process number that nobody has. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

function writeRecord(changes: Record<string, unknown>): void {
  writeFileSync(path, JSON.stringify({ ...ownIdentity(), token: newLockToken(), ...changes }));
}

test('a second session of this process is refused, and nothing is left behind', () => {
  const lock = acquireLock(path, newLockToken());
  expect(() => acquireLock(path, newLockToken())).toThrow(
    locked(new RegExp(`in use by this process \\(${process.pid}\\)`)),
  );
  lock.release();
  lock.release();
  expect(readdirSync(directory)).toEqual([]);
  acquireLock(path, newLockToken()).release();
});

test('a living process keeps its lock and is named; a killed one loses it', async () => {
  const child = await holder();
  expect(() => acquireLock(path, newLockToken())).toThrow(
    locked(new RegExp(`in use by process ${child.pid};`)),
  );
  await kill(child);
  expect(existsSync(path)).toBe(true);
  const lock = acquireLock(path, newLockToken());
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid });
  lock.release();
  expect(readdirSync(directory)).toEqual([]);
});

test.runIf(process.platform === 'linux')('a number given to another process holds nothing', () => {
  writeRecord({ started: '1' });
  acquireLock(path, newLockToken()).release();
  expect(readdirSync(directory)).toEqual([]);
});

test('a process of before the last restart holds nothing', () => {
  writeRecord({ boot: 'an earlier one' });
  acquireLock(path, newLockToken()).release();
  expect(readdirSync(directory)).toEqual([]);
});

test('a process on another machine cannot be asked: its lock stands, with advice', () => {
  writeRecord({ host: `not-${hostname()}`, pid: deadPid() });
  expect(() => acquireLock(path, newLockToken())).toThrow(locked(/on not-.*delete/));
});

test.each(['', '\0\0\0\0', '{"pid":1', '{"pid":"1"}', 'x'.repeat(9000)])(
  'a record that a power failure ruined (%#) holds nothing',
  (content) => {
    writeFileSync(path, content);
    acquireLock(path, newLockToken()).release();
    expect(readdirSync(directory)).toEqual([]);
  },
);

test('a claim whose owner died on the way is taken over', () => {
  const stale = newLockToken();
  writeRecord({ pid: deadPid(), started: '1', token: stale });
  const claim = `${path}.claim-${stale}`;
  writeFileSync(claim, readFileSync(path, 'utf8').replace(stale, newLockToken()));
  acquireLock(path, newLockToken()).release();
  expect(readdirSync(directory)).toEqual([]);
});

test('a claim of a living process is waited for by nobody', () => {
  const stale = newLockToken();
  writeRecord({ pid: deadPid(), started: '1', token: stale });
  writeFileSync(`${path}.claim-${stale}`, JSON.stringify({ ...ownIdentity(), token: 'other' }));
  expect(() => acquireLock(path, newLockToken())).toThrow(locked(/in use by this process/));
});

test('whoever knows the token releases a dead thread\u2019s lock, and nobody else\u2019s', () => {
  const token = newLockToken();
  acquireLock(path, token);
  releaseLockOf(path, newLockToken());
  expect(existsSync(path)).toBe(true);
  releaseLockOf(path, token);
  releaseLockOf(path, token);
  expect(existsSync(path)).toBe(false);
});

test('processes racing for a stale lock never hold it together', async () => {
  for (let round = 0; round < 3; round++) {
    writeRecord({ pid: deadPid(), started: '1' });
    const racers = Array.from({ length: 4 }, () => {
      const child = spawn(process.execPath, [bundle.path, path, 'race', '60'], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      children.push(child);
      const output = { out: '', error: '' };
      child.stdout.on('data', (data) => (output.out += String(data)));
      child.stderr.on('data', (data) => (output.error += String(data)));
      return once(child, 'close').then(() => output);
    });
    const outputs = await Promise.all(racers);
    // Two inside at once would make one of them fail with EEXIST on the file inside.
    expect(outputs.map(({ error }) => error)).toEqual(['', '', '', '']);
    expect(outputs.some(({ out }) => Number(out) > 0)).toBe(true);
  }
  acquireLock(path, newLockToken()).release();
  expect(readdirSync(directory)).toEqual([]);
});

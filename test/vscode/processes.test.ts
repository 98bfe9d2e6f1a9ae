// The search for left-over processes finds one that has detached itself.

import { spawn } from 'node:child_process';
import { expect, onTestFinished, test } from 'vitest';
import { processesLeft, processesOfRun, runMark } from './processes.ts';

test('a detached process is found until it ends', async () => {
  const run = `self-test-${process.pid}`;
  expect(processesOfRun(run)).toEqual([]);
  const script = 'setInterval(() => undefined, 1000)';
  const child = spawn(process.execPath, ['-e', script], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, [runMark]: run },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await new Promise((resolve) => child.once('spawn', resolve));
  expect(await processesLeft(run, 0)).toEqual([
    { pid: child.pid, command: `${process.execPath} -e ${script}` },
  ]);
  child.kill('SIGKILL');
  expect(await processesLeft(run, 5000)).toEqual([]);
});

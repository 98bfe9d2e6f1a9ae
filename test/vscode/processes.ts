// Finds the processes that a test run started, however they detached themselves: each inherits an
// environment variable with the run's name. Linux only, as the tools are.

import { readdirSync, readFileSync } from 'node:fs';

/** The environment variable that marks a run's processes. */
export const runMark = 'LSM_LENS_TEST_RUN';

export interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}

/** Every living process of a run, this one aside. A defunct one has ended and does not count. */
export function processesOfRun(run: string): LeftProcess[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      const environment = read(name, 'environ').split('\0');
      if (!environment.includes(`${runMark}=${run}`)) return [];
      return [{ pid: Number(name), command: read(name, 'cmdline').replaceAll('\0', ' ').trim() }];
    });
}

/** Waits until a run has no process any more, and tells which are still there at the deadline. */
export async function processesLeft(run: string, waitMillisMax: number): Promise<LeftProcess[]> {
  const stepMillis = 50;
  for (let waited = 0; ; waited += stepMillis) {
    const left = processesOfRun(run);
    if (left.length === 0 || waited >= waitMillisMax) return left;
    await new Promise((resolve) => setTimeout(resolve, stepMillis));
  }
}

/** Empty for a process that has ended or belongs to somebody else. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}

// Tries mutants: the tests that watch over each are run on it, and one must fail.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';
import { equivalents } from './equivalents.ts';
import type { Equivalent } from './equivalents.ts';
import type { Mutant } from './mutants.ts';

const CONFIG = 'test/reliability/mutations/mutantConfig.ts';
/** A mutant that hangs its tests is noticed, too. */
const RUN_MILLIS_MAX = 300_000;

/** What became of a mutant. */
export interface Verdict {
  readonly mutant: Mutant;
  /** The tests that failed on it; `undefined` when all passed. */
  readonly noticedBy: string | undefined;
}

/** Runs what watches over a mutant, one file or folder after the other, until a test fails. */
export async function tryMutant(mutant: Mutant): Promise<Verdict> {
  for (const watcher of mutant.watchers) {
    if (!(await passes(watcher, mutant))) return { mutant, noticedBy: watcher };
  }
  return { mutant, noticedBy: undefined };
}

/** Why it does no harm that nobody notices this mutant; `undefined` when it does harm. */
export function excuseFor({ file, kind, start }: Mutant, source: string): string | undefined {
  const lineStart = source.lastIndexOf('\n', start);
  const line = source.slice(lineStart, source.indexOf('\n', start));
  const isKnown = (known: Equivalent): boolean => {
    if (known.file !== file || known.kind !== kind) return false;
    const before = start - lineStart - line.indexOf(known.text);
    return line.includes(known.text) && before >= 0 && before < known.text.length;
  };
  return equivalents.find(isKnown)?.reason;
}

function passes(watcher: string, mutant: Mutant): Promise<boolean> {
  const vitest = createRequire(path.join(process.cwd(), 'package.json')).resolve(
    'vitest/package.json',
  );
  const program = path.join(path.dirname(vitest), 'vitest.mjs');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'run', '--config', CONFIG, watcher], {
      cwd: process.cwd(),
      env: { ...process.env, LSM_LENS_MUTANT: mutant.id, LSM_LENS_LONG: '' },
      stdio: 'ignore',
      // Of a group of its own: the tests run in processes below this one.
      detached: true,
    });
    const timer = setTimeout(() => endGroup(child), RUN_MILLIS_MAX);
    child.once('error', reject);
    child.once('exit', (code) => {
      clearTimeout(timer);
      // A mutant that hangs leaves processes behind.
      endGroup(child);
      resolve(code === 0);
    });
  });
}

/** Ends a process with all that it has started. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // None of them is left.
  }
}

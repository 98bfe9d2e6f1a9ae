// The command line as scripts meet it: a bundle, started as a process of its own.

import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll } from 'vitest';
import { isBuildFresh } from '../../scripts/freshness.mjs';
import { root } from '../../scripts/paths.mjs';
import { environmentToHold } from '../support/holdReads.ts';
import type { HeldReads } from '../support/holdReads.ts';

/** How a run of a command ended. */
export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

let program = '';
let scratch = '';

/** Directories of a test file: `program` is ready, `fresh()` gives a path where nothing stands. */
export interface Workplace {
  /** A path in this file's scratch directory that does not exist yet. */
  fresh(): string;
}

/**
 * Prepares the bundles before the tests of a file and removes what they left. `dist/` is copied
 * when it is up to date, as in `npm test`, so that a build in the meantime does no harm; otherwise
 * the sources are bundled aside.
 */
export function prepareProgram(): Workplace {
  let made = 0;
  beforeAll(async () => {
    scratch = await mkdtemp(path.join(os.tmpdir(), 'lsm-lens-cli-'));
    // Commands that run as another user must get to the store before they are refused.
    await chmod(scratch, 0o755);
    const folder = path.join(scratch, 'program');
    await mkdir(folder);
    await cp(path.join(root, 'package.json'), path.join(folder, 'package.json'));
    const dist = path.join(folder, 'dist');
    if (isBuildFresh()) await cp(path.join(root, 'dist'), dist, { recursive: true });
    else await bundleInto(dist);
    program = path.join(dist, 'cli.cjs');
  });
  afterAll(() => rm(scratch, { recursive: true, force: true }));
  return { fresh: () => path.join(scratch, `place-${made++}`) };
}

async function bundleInto(dist: string): Promise<void> {
  const common = { absWorkingDir: root, bundle: true, outdir: dist } as const;
  await build({
    ...common,
    entryPoints: { cli: 'src/cli/main.ts', sessionWorker: 'src/session/sessionWorker.ts' },
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    outExtension: { '.js': '.cjs' },
  });
  await build({ ...common, entryPoints: { webview: 'webview/main.ts' }, format: 'esm' });
}

/** Starts a command; its home and cache are in the scratch directory, so no run meets another's. */
export function start(...args: readonly string[]): ChildProcessWithoutNullStreams {
  return startAs({}, ...args);
}

/** Whose rights a command runs with; nothing named means this process's own. */
export interface Rights {
  readonly uid?: number;
  readonly gid?: number;
}

/** Starts a command some of whose reads wait. */
export function startHeld(
  held: HeldReads,
  ...args: readonly string[]
): ChildProcessWithoutNullStreams {
  return startAs({ env: environmentToHold(held) }, ...args);
}

/** Starts a command with other rights than this process has. */
export function startAs(
  { env, ...rights }: Rights & { readonly env?: Readonly<Record<string, string>> },
  ...args: readonly string[]
): ChildProcessWithoutNullStreams {
  const own = { HOME: scratch, XDG_CACHE_HOME: path.join(scratch, 'cache'), CI: '1' };
  return spawn(process.execPath, [program, ...args], {
    cwd: scratch,
    env: { ...process.env, ...own, ...env },
    ...rights,
  });
}

/** Runs a command to its end. */
export function run(...args: readonly string[]): Promise<Outcome> {
  return outcomeOf(start(...args));
}

/** Waits for a started command to end, with everything it printed. */
export function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (piece: Buffer) => stdout.push(piece));
  child.stderr.on('data', (piece: Buffer) => stderr.push(piece));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({
        code,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      });
    });
  });
}

/** Runs a command that must succeed silently and print one object. */
export async function runJson(...args: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await run(...args, '--json');
  if (code !== 0 || stderr !== '') throw new Error(`exit code ${code}: ${stderr}${stdout}`);
  return JSON.parse(stdout) as Record<string, unknown>;
}

// Runs other programs to their end. Each gets a process group of its own, so that stopping this
// script stops them and whatever they started, and nothing else.

import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';

const ownGroups = process.platform !== 'win32';

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * Runs a program with this script's output streams and no input, in the project's folder.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env] Added to this script's own.
 * @returns {Promise<number>} Its exit code; 1 when it could not start or a signal ended it.
 */
export function run(command, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: ownGroups,
    });
    running.add(child);
    child.once('error', (error) => {
      console.error(`${command} could not start: ${error.message}`);
      running.delete(child);
      resolve(1);
    });
    child.once('exit', (code) => {
      running.delete(child);
      resolve(code ?? 1);
    });
  });
}

/**
 * Runs a command that an installed package brings along.
 *
 * @param {string} packageName
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
export function runTool(packageName, command, args, env = {}) {
  const folder = path.join(root, 'node_modules', packageName);
  const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = typeof bin === 'string' ? bin : bin[command];
  return run(process.execPath, [path.join(folder, file), ...args], env);
}

/**
 * Runs npm: the one that started this script, or else the one on the PATH.
 *
 * @param {readonly string[]} args
 */
export function runNpm(args) {
  const script = process.env['npm_execpath'];
  if (script !== undefined && path.basename(script) === 'npm-cli.js') {
    return run(process.execPath, [script, ...args]);
  }
  return run(process.platform === 'win32' ? 'npm.cmd' : 'npm', args);
}

/** @param {NodeJS.Signals} signal */
function stopChildren(signal) {
  for (const child of running) {
    if (child.pid === undefined) continue;
    try {
      process.kill(ownGroups ? -child.pid : child.pid, signal);
    } catch {
      // It ended in the meantime.
    }
  }
}

for (const [signal, code] of /** @type {const} */ ([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
])) {
  process.once(signal, () => {
    stopChildren('SIGTERM');
    process.exit(code);
  });
}

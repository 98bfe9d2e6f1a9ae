// Installs the packages that the lockfile names, when they are not there already.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { runNpm } from './child.mjs';
import { root } from './paths.mjs';

const attemptsMax = 3;

/** Makes node_modules agree with package-lock.json; throws with one line when that fails. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  console.log('Installing packages…');
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    // No package here needs its install script; without them nothing is compiled or fetched twice.
    const code = await runNpm(['ci', '--ignore-scripts', '--include=dev', '--loglevel=error']);
    if (code === 0) return;
  }
  throw new Error('npm ci failed: see above; it needs to reach the npm registry.');
}

/**
 * npm keeps what it installed in node_modules/.package-lock.json. Packages for other platforms are
 * missing there, and only those are optional.
 */
function isInstalled() {
  const wanted = lockedPackages('package-lock.json');
  const present = lockedPackages('node_modules/.package-lock.json');
  if (wanted === undefined || present === undefined) return false;
  return Object.entries(wanted).every(
    ([name, { version, optional }]) =>
      name === '' || optional === true || present[name]?.version === version,
  );
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean }> | undefined}
 */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(path.join(root, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

// Says whether dist/ was built from the sources as they are now.

import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { root } from './paths.mjs';
import { programs } from './programs.mjs';

const builtFrom = [
  'src',
  'webview',
  'scripts/build.mjs',
  'scripts/bundle.mjs',
  'scripts/programs.mjs',
  'package-lock.json',
];

/** @returns {boolean} */
export function isBuildFresh() {
  const oldestOutput = Math.min(...programs.map(({ output }) => modifiedMillis(output)));
  return builtFrom.every((source) => newestMillis(source) < oldestOutput);
}

/**
 * A folder's own time counts too: it changes when a file in it is removed.
 *
 * @param {string} relative
 * @returns {number} Milliseconds since 1970.
 */
function newestMillis(relative) {
  const full = path.join(root, relative);
  if (!statSync(full).isDirectory()) return modifiedMillis(relative);
  const inside = readdirSync(full).map((name) => newestMillis(path.join(relative, name)));
  return Math.max(modifiedMillis(relative), ...inside);
}

/** @param {string} relative */
function modifiedMillis(relative) {
  return statSync(path.join(root, relative), { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

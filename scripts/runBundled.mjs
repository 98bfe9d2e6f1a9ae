// Runs a program of the tests by itself: bundles it, as Node cannot read TypeScript everywhere, and
// passes this script's own arguments on.

import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { run } from './child.mjs';
import { root } from './paths.mjs';

/**
 * @param {string} entry From the project's folder.
 * @param {readonly string[]} args
 * @returns {Promise<number>} Its exit code.
 */
export async function runBundled(entry, args) {
  // The script must be usable where nothing is installed yet.
  const { build } = await import('esbuild');
  const folder = path.join(root, '.cache/programs');
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, `${entry.replaceAll(/\W/g, '-')}.mjs`);
  await build({
    entryPoints: [path.join(root, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  return run(process.execPath, [outfile, ...args]);
}

// Makes one program's bundle: a single file with everything in it, so that neither the .vsix nor
// the command line needs a node_modules folder. The library's entries are bundled together: two
// copies of the engine would not know each other's stores and errors.

import { chmod } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.mjs';

/** @typedef {import('./programs.mjs').Program} Program */

/** @type {import('esbuild').BuildOptions} */
const forNode = { platform: 'node', format: 'cjs', target: 'node20', sourcemap: 'linked' };

/** @type {Record<Exclude<Program['kind'], 'library'>, import('esbuild').BuildOptions>} */
const optionsByKind = {
  extension: { ...forNode, external: ['vscode'] },
  node: forNode,
  command: { ...forNode, banner: { js: '#!/usr/bin/env node' } },
  // Chrome 134 is what VS Code 1.101 runs on, the oldest one that engines.vscode admits.
  page: { platform: 'browser', format: 'esm', target: 'chrome134', minify: true },
};

/** @typedef {Program & { kind: Exclude<Program['kind'], 'library'> }} SingleFile */

/**
 * Writes a program's bundle, with its style sheet and licences beside it. Faults are printed, then
 * thrown.
 *
 * @param {SingleFile} program
 * @param {string} folder Where to, absolute.
 * @returns {Promise<import('esbuild').Metafile>} esbuild's account of what went into it.
 */
export async function bundleProgram({ entry, output, kind }, folder) {
  const outfile = path.join(folder, path.basename(output));
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    legalComments: 'external',
    logLevel: 'warning',
    ...optionsByKind[kind],
    metafile: true,
  });
  if (kind === 'command') await chmod(outfile, 0o755);
  return metafile;
}

/**
 * Writes the library's entries as modules, what they share beside them.
 *
 * @param {readonly Program[]} entries
 * @param {string} folder Where to, absolute.
 * @returns {Promise<import('esbuild').Metafile>} esbuild's account of what went into them.
 */
export async function bundleLibrary(entries, folder) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      entries.map(({ entry, output }) => [path.parse(output).name, entry]),
    ),
    outdir: folder,
    bundle: true,
    splitting: true,
    chunkNames: 'shared-[hash]',
    // Its users have it already, and their types are its own.
    external: ['abstract-level'],
    legalComments: 'external',
    logLevel: 'warning',
    ...forNode,
    format: 'esm',
    // It is not minified: a stack trace can be read as it is.
    sourcemap: false,
    metafile: true,
  });
  return metafile;
}

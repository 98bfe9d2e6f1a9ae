// Bundles the programs into dist/. Each is one file with everything in it, so that neither the
// .vsix nor the command line needs a node_modules folder. What went into each bundle is kept in
// dist/meta/ (esbuild's metafile): the tidy test reads there that no engine code reached the page.
// `node scripts/build.mjs webview cli` builds only those.

import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.mjs';
import { programs } from './programs.mjs';

/** @typedef {import('./programs.mjs').Program} Program */

/** @type {import('esbuild').BuildOptions} */
const forNode = { platform: 'node', format: 'cjs', target: 'node20', sourcemap: 'linked' };

/** @type {Record<Program['kind'], import('esbuild').BuildOptions>} */
const optionsByKind = {
  extension: { ...forNode, external: ['vscode'] },
  node: forNode,
  command: { ...forNode, banner: { js: '#!/usr/bin/env node' } },
  // Chrome 134 is what VS Code 1.101 runs on, the oldest one that engines.vscode admits.
  page: { platform: 'browser', format: 'esm', target: 'chrome134', minify: true },
};

/** @param {Program} program */
async function bundle({ entry, output, kind }) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: output,
    bundle: true,
    legalComments: 'external',
    logLevel: 'warning',
    ...optionsByKind[kind],
    metafile: true,
  });
  const name = `${path.basename(output)}.json`;
  await writeFile(path.join(root, 'dist/meta', name), JSON.stringify(metafile));
  if (kind === 'command') await chmod(path.join(root, output), 0o755);
  const sizeBytes = metafile.outputs[output]?.bytes ?? 0;
  console.log(`${output}  ${Math.ceil(sizeBytes / 1024)} KB`);
}

/** @param {Program} program */
async function bundleOrFail(program) {
  // A bundle that failed must not leave an older one behind: tests would pass on it.
  await rm(path.join(root, program.output), { force: true });
  try {
    await bundle(program);
  } catch {
    // esbuild has told why.
    console.error(`${program.output}  failed`);
    process.exitCode = 1;
  }
}

const wanted = process.argv.slice(2);
await mkdir(path.join(root, 'dist/meta'), { recursive: true });
for (const program of programs) {
  const { name } = path.parse(program.output);
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  await bundleOrFail(program);
}

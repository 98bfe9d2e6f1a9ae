// Bundles the four programs into dist/. Each is one file with everything in it, so that neither
// the .vsix nor the command line needs a node_modules folder. What went into each bundle is kept
// in dist/meta/ (esbuild's metafile); the tidy test reads it to see that no engine code reached
// the page.

import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './paths.mjs';

const forNode = {
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: 'linked',
};

const programs = [
  {
    entry: 'src/extension/extension.ts',
    output: 'dist/extension.cjs',
    options: { ...forNode, external: ['vscode'] },
  },
  {
    entry: 'src/session/sessionWorker.ts',
    output: 'dist/sessionWorker.cjs',
    options: forNode,
  },
  {
    entry: 'src/cli/main.ts',
    output: 'dist/cli.cjs',
    options: { ...forNode, banner: { js: '#!/usr/bin/env node' } },
    executable: true,
  },
  {
    entry: 'webview/main.ts',
    output: 'dist/webview.js',
    // Chromium of VS Code 1.101, the oldest one that engines.vscode admits.
    options: { platform: 'browser', format: 'esm', target: 'chrome134', minify: true },
  },
];

async function bundle({ entry, output, options, executable = false }) {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile: output,
    bundle: true,
    legalComments: 'external',
    metafile: true,
    logLevel: 'warning',
    ...options,
  });
  const name = path.basename(output);
  await writeFile(path.join(root, 'dist/meta', `${name}.json`), JSON.stringify(metafile));
  if (executable) await chmod(path.join(root, output), 0o755);
  const kilobytes = Math.ceil(metafile.outputs[output].bytes / 1024);
  console.log(`${output}  ${kilobytes} KB`);
}

await rm(path.join(root, 'dist'), { recursive: true, force: true });
await mkdir(path.join(root, 'dist/meta'), { recursive: true });
for (const program of programs) {
  if (existsSync(path.join(root, program.entry))) await bundle(program);
  else console.log(`${program.output}  skipped: ${program.entry} is not there yet`);
}

// Bundles the programs into dist/. What went into each is kept in dist/meta/: the tidy test reads
// there that no engine code reached the page. `node scripts/build.mjs webview cli` makes only
// those.

import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleProgram } from './bundle.mjs';
import { root } from './paths.mjs';
import { programs } from './programs.mjs';

const dist = path.join(root, 'dist');

/** @param {import('./programs.mjs').Program} program */
async function build(program) {
  const { output } = program;
  const file = path.join(root, output);
  // A bundle that failed must not leave an older one behind: tests would pass on it.
  await rm(file, { force: true });
  // esbuild tells what was wrong.
  const metafile = await bundleProgram(program, dist).catch(() => undefined);
  if (metafile === undefined) {
    console.error(`${output}  failed`);
    process.exitCode = 1;
    return;
  }
  const account = path.join(dist, 'meta', `${path.basename(output)}.json`);
  await writeFile(account, JSON.stringify(metafile));
  const { size: sizeBytes } = await stat(file);
  console.log(`${output}  ${Math.ceil(sizeBytes / 1024)} KB`);
}

const wanted = process.argv.slice(2);
await mkdir(path.join(dist, 'meta'), { recursive: true });
for (const program of programs) {
  const { name } = path.parse(program.output);
  if (wanted.length === 0 || wanted.includes(name)) await build(program);
}

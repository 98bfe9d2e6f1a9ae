// Bundles the programs into dist/. What went into each is kept in dist/meta/: the tidy test reads
// there that no engine code reached the page. `node scripts/build.mjs webview cli` makes only
// those; `library` stands for all its entries and their types.

import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundleLibrary, bundleProgram } from './bundle.mjs';
import { runTool } from './child.mjs';
import { copyDeclarations } from './declarations.mjs';
import { root } from './paths.mjs';
import { programs } from './programs.mjs';

const dist = path.join(root, 'dist');
const library = programs.filter(({ kind }) => kind === 'library');

/** @param {import('./bundle.mjs').SingleFile} program */
async function build(program) {
  const { output } = program;
  const file = path.join(root, output);
  // A bundle that failed must not leave an older one behind: tests would pass on it.
  await rm(file, { force: true });
  // esbuild tells what was wrong.
  const metafile = await bundleProgram(program, dist).catch(() => undefined);
  if (metafile === undefined) return fail(output);
  await keepAccount(path.basename(output), metafile);
  await tell(output);
}

async function buildLibrary() {
  const folder = path.join(dist, 'library');
  await rm(folder, { recursive: true, force: true });
  const metafile = await bundleLibrary(library, folder).catch(() => undefined);
  if (metafile === undefined) return fail('dist/library');
  await keepAccount('library', metafile);
  for (const { output } of library) await tell(output);
  if ((await runTool('typescript', 'tsc', ['-b', 'src/node'])) !== 0) return fail('its types');
  const entries = library.map(({ entry }) => entry);
  await copyDeclarations(entries, path.join(folder, 'types'));
}

/** @param {string} what */
function fail(what) {
  console.error(`${what}  failed`);
  process.exitCode = 1;
}

/**
 * @param {string} name
 * @param {import('esbuild').Metafile} metafile
 */
async function keepAccount(name, metafile) {
  await writeFile(path.join(dist, 'meta', `${name}.json`), JSON.stringify(metafile));
}

/** @param {string} output */
async function tell(output) {
  const { size: sizeBytes } = await stat(path.join(root, output));
  console.log(`${output}  ${Math.ceil(sizeBytes / 1024)} KB`);
}

const wanted = process.argv.slice(2);
/** @param {string} name */
const isWanted = (name) => wanted.length === 0 || wanted.includes(name);

await mkdir(path.join(dist, 'meta'), { recursive: true });
for (const program of programs) {
  const { kind, output } = program;
  if (kind !== 'library' && isWanted(path.parse(output).name)) await build({ ...program, kind });
}
if (isWanted('library')) await buildLibrary();

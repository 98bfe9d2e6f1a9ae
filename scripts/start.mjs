// `npm start`: from a fresh clone to the visualizer in the browser. Installs and builds what is
// missing or out of date, then runs `lsm-lens open` with the arguments given after `--`.

import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from './child.mjs';
import { isBuildFresh } from './freshness.mjs';
import { ensureInstalled } from './install.mjs';
import { root } from './paths.mjs';

async function prepare() {
  await ensureInstalled();
  if (isBuildFresh()) return;
  console.log('Building…');
  const code = await run(process.execPath, ['scripts/build.mjs']);
  if (code !== 0) throw new Error('The build failed: see above.');
}

try {
  await prepare();
  // npm runs scripts in the project's folder; a directory given by the user is meant from theirs.
  process.chdir(process.env['INIT_CWD'] ?? process.cwd());
  const program = path.join(root, 'dist/cli.cjs');
  process.argv = [process.execPath, program, 'open', ...process.argv.slice(2)];
  await import(pathToFileURL(program).href);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

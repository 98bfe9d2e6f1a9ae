// `npm run package`: builds and packs the extension into lsm-lens-<version>.vsix.

import { run, runTool } from './child.mjs';
import { ensureInstalled } from './install.mjs';
import { vsixFile } from './paths.mjs';

await ensureInstalled();
const built = await run(process.execPath, ['scripts/build.mjs']);
const options = [
  '--no-dependencies',
  // The README's links and pictures stay relative: there is no one place they could point to.
  '--allow-missing-repository',
  '--no-rewrite-relative-links',
  '--out',
  vsixFile,
];
process.exitCode =
  built === 0 ? await runTool('@vscode/vsce', 'vsce', ['package', ...options]) : built;

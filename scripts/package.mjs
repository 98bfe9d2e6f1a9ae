// `npm run package`: builds and packs the extension into lsm-lens-<version>.vsix.

import { run, runTool } from './child.mjs';
import { ensureInstalled } from './install.mjs';
import { vsixFile } from './paths.mjs';

await ensureInstalled();
const built = await run(process.execPath, ['scripts/build.mjs']);
const options = ['--no-dependencies', '--allow-missing-repository', '--out', vsixFile];
process.exitCode =
  built === 0 ? await runTool('@vscode/vsce', 'vsce', ['package', ...options]) : built;

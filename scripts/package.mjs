// `npm run package`: builds and packs the extension into lsm-lens-<version>.vsix.

import { run, runTool } from './child.mjs';
import { ensureInstalled } from './install.mjs';

await ensureInstalled();
const built = await run(process.execPath, ['scripts/build.mjs']);
const options = ['--no-dependencies', '--allow-missing-repository', '--skip-license'];
process.exitCode =
  built === 0 ? await runTool('@vscode/vsce', 'vsce', ['package', ...options]) : built;

// What counts as dead code: whatever no program, script or test reaches.

import type { KnipConfig } from 'knip';
import { programs } from './scripts/programs.mjs';

const config: KnipConfig = {
  entry: [
    ...programs.map(({ entry }) => entry),
    'scripts/*.mjs',
    'test/**/*.test.ts',
    'test/engine/hooksCost.ts',
    'test/reliability/*/main.ts',
    'test/reliability/mutations/mutantConfig.ts',
    'test/reliability/threads/jobProgram.ts',
  ],
  project: ['{src,webview,test}/**/*.ts', 'scripts/**/*.mjs'],
  // scripts/package.mjs runs it by its name.
  ignoreDependencies: ['@vscode/vsce'],
  ignoreBinaries: ['mkfifo', 'db_bench'],
  ignoreExportsUsedInFile: true,
};

export default config;

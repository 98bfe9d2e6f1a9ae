// Four projects: `unit` needs Node alone, `reliability` too but takes minutes, `browser` drives the
// page in a real Chromium, `vscode` drives the packaged extension in a real VS Code. A test's
// folder says which it is. The time zone and locale are fixed, so that no test can depend on the
// machine's.

import { defineConfig } from 'vitest/config';

process.env['TZ'] = 'UTC';
process.env['LC_ALL'] = 'C';

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/browser/**', 'test/vscode/**', 'test/reliability/**'],
          environment: 'node',
          pool: 'forks',
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'reliability',
          include: ['test/reliability/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          // Long enough for the exhaustive run on a busy machine.
          testTimeout: 3_600_000,
          hookTimeout: 600_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          // One browser at a time: animations are timed, and two pages would slow each other down.
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'vscode',
          include: ['test/vscode/**/*.test.ts'],
          environment: 'node',
          pool: 'forks',
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});

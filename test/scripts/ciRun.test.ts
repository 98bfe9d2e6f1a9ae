// .ci/run adds up what two commands count in their closing lines; npm is replaced by a stand-in.

import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { root } from '../../scripts/paths.mjs';

interface Run {
  readonly lastLine: string | undefined;
  readonly status: number | null;
}

/** Runs .ci/run with an npm that does `test` for `npm test` and `vscode` for the other command. */
function runCi(test: string, vscode: string): Run {
  const folder = mkdtempSync(path.join(tmpdir(), 'lsm-lens-ci-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const npm = path.join(folder, 'npm');
  writeFileSync(npm, `#!/bin/sh\nif [ "$1" = test ]; then ${test}; else ${vscode}; fi\n`);
  chmodSync(npm, 0o755);
  const { stdout, status } = spawnSync(path.join(root, '.ci/run'), [], {
    env: { ...process.env, PATH: `${folder}:${process.env['PATH']}` },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { lastLine: stdout.trimEnd().split('\n').at(-1), status };
}

const runs: [name: string, test: string, vscode: string, lastLine: string, status: number][] = [
  ['both pass', 'echo 5 passed, 0 failed', 'echo 2 passed, 0 failed', '7 passed, 0 failed', 0],
  [
    'skips',
    'echo 5 passed, 0 failed, 1 skipped',
    'echo 2 passed, 0 failed',
    '7 passed, 0 failed, 1 skipped',
    0,
  ],
  [
    'one fails',
    'echo 5 passed, 3 failed; exit 1',
    'echo 2 passed, 0 failed',
    '7 passed, 3 failed',
    1,
  ],
  ['no closing line', 'echo hello; exit 0', 'echo 2 passed, 0 failed', '2 passed, 1 failed', 1],
  [
    'a bad end',
    'echo 5 passed, 0 failed',
    'echo 2 passed, 0 failed; exit 9',
    '7 passed, 1 failed',
    1,
  ],
  [
    'a count inside a line',
    'echo "so 9 passed, 0 failed"',
    'echo 1 passed, 0 failed',
    '1 passed, 1 failed',
    1,
  ],
];

test.skipIf(process.platform === 'win32').for(runs)('%s', ([, first, second, lastLine, status]) => {
  expect(runCi(first, second)).toEqual({ lastLine, status });
});

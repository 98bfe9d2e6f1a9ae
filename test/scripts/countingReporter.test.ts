// The reporter counts each test once, and what fails outside of a test as well.

import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Counts } from '../../scripts/countingReporter.mjs';
import { root } from '../../scripts/paths.mjs';

/** Runs vitest over files of its own, inside the project so that they find its packages. */
function countsOf(files: Readonly<Record<string, string>>): Counts & { status: number | null } {
  const parent = path.join(root, '.cache/tests');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, 'reporter-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries({
    ...files,
    'vitest.config.mjs': 'export default {};',
  })) {
    writeFileSync(path.join(folder, name), text);
  }
  const report = path.join(folder, 'report.json');
  const reporter = path.join(root, 'scripts/countingReporter.mjs');
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', '--root', folder, `--reporter=${reporter}`];
  const env = { ...process.env, LSM_LENS_TEST_REPORT: report };
  const { status } = spawnSync(process.execPath, args, { env, stdio: 'ignore' });
  return { ...(JSON.parse(readFileSync(report, 'utf8')) as Counts), status };
}

test('passed, failed and skipped tests', () => {
  const text = `
    import { describe, expect, test } from 'vitest';
    test('one', () => {});
    describe('deep', () => {
      test.for([1, 2])('two %i', (n) => expect(n).toBe(1));
      test('three', ({ skip }) => skip('no disk'));
      test.skip('four', () => {});
    });`;
  expect(countsOf({ 'a.test.mjs': text })).toEqual({
    passed: 2,
    failed: ['a.test.mjs > deep > two 2'],
    skipped: ['a.test.mjs > deep > three: no disk', 'a.test.mjs > deep > four: no reason given'],
    status: 1,
  });
});

test('a file that cannot be loaded, a hook that throws, an error that nobody caught', () => {
  const loud = `
    import { beforeAll, describe, test } from 'vitest';
    describe('deep', () => {
      beforeAll(() => { throw new Error('hook\\nand more'); });
      test('one', () => {});
    });`;
  const stray = `
    import { test } from 'vitest';
    test('two', async () => {
      Promise.reject(new Error('stray'));
      await new Promise((resolve) => setTimeout(resolve, 50));
    });`;
  const counts = countsOf({
    'loud.test.mjs': loud,
    'stray.test.mjs': stray,
    'broken.test.mjs': `throw new Error('broken');`,
  });
  expect(counts.status).toBe(1);
  expect(counts.passed).toBe(1);
  expect(counts.skipped).toEqual([]);
  expect(counts.failed.toSorted()).toEqual([
    'broken.test.mjs: broken',
    'loud.test.mjs: hook',
    'unhandled error: stray',
  ]);
});

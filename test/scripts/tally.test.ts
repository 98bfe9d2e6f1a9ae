// The closing line of a test run, and its exit code.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Tally } from '../../scripts/tally.mjs';

const printed: string[] = [];

beforeEach(() => {
  printed.length = 0;
  vi.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line));
  vi.spyOn(console, 'error').mockImplementation((line: string) => void printed.push(line));
});

afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

test('all passed', async () => {
  const tally = new Tally();
  expect(await tally.step('one', async () => 0)).toBe(true);
  expect(await tally.step('two', async () => undefined)).toBe(true);
  tally.finish();
  expect(printed.at(-1)).toBe('2 passed, 0 failed');
  expect(process.exitCode).toBe(0);
});

test('an exit code and an error both fail, and the error is told', async () => {
  const tally = new Tally();
  expect(await tally.step('one', async () => 2)).toBe(false);
  const failing = async (): Promise<void> => {
    throw new Error('no network');
  };
  expect(await tally.step('two', failing)).toBe(false);
  await tally.step('three', async () => 0);
  tally.finish();
  expect(printed).toContain('no network');
  expect(printed.slice(-3)).toEqual(['failed: one', 'failed: two', '1 passed, 2 failed']);
  expect(process.exitCode).toBe(1);
});

test('skips are counted, each with its reason', () => {
  const tally = new Tally();
  tally.skips.push('a.test.ts > b: Windows has no signals');
  tally.finish();
  expect(printed.slice(-2)).toEqual([
    'skipped: a.test.ts > b: Windows has no signals',
    '0 passed, 0 failed, 1 skipped',
  ]);
});

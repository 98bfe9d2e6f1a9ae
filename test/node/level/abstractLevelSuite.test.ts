// The published suite of abstract-level, whole: what any Level database must do, and every optional
// feature that ours declares. The suite asks the manifest which parts apply, and runs all of it a
// second time on a sublevel. Each of its tests counts as one of ours.

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import suite from 'abstract-level/test';
import { afterAll, expect, test } from 'vitest';
import { LsmLevel } from '../../../src/node/level/lsmLevel.ts';
import { runTape } from './tapeSuite.ts';

// More than a thousand databases are made: in memory where the system has files there.
const memory = '/dev/shm';
const place = existsSync(memory) ? memory : tmpdir();
const directory = mkdtempSync(join(place, 'lsm-level-suite-'));
let databases = 0;

const factory = (options?: object): LsmLevel =>
  new LsmLevel(join(directory, String(++databases)), options);

const results = await runTape((harness) => suite({ test: harness, factory }), 240_000);

afterAll(() => rmSync(directory, { recursive: true, force: true }));

test.for(results)('$name', ({ failures, skipped }) => {
  expect(failures).toEqual([]);
  expect(skipped).toBe(0);
});

test('the suite ran whole, with every optional part', () => {
  const { supports } = new LsmLevel(join(directory, 'manifest'));
  const { streams, additionalMethods, encodings, events, signals, ...flags } = supports;
  expect(Object.entries(flags).filter(([, supported]) => !supported)).toEqual([]);
  // A package of its own gives any Level database streams; the flag is of older interfaces.
  expect(streams).toBe(false);
  expect(encodings).toMatchObject({ utf8: true, buffer: true, view: true });
  expect(signals).toEqual({ iterators: true });
  for (const name of Object.keys(additionalMethods)) {
    expect(LsmLevel.prototype).toHaveProperty(name);
  }
  expect(Object.keys(events).length).toBeGreaterThan(0);
  const assertions = results.reduce((total, result) => total + result.assertions, 0);
  expect(assertions).toBeGreaterThan(results.length);
  expect(results.length).toBeGreaterThan(1000);
});

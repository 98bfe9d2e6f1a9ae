// The strategies that go by age: first in first out, and windows of time.

import { describe, expect, test } from 'vitest';
import { fifo } from '../../../src/engine/compaction/fifo.ts';
import { timeWindow } from '../../../src/engine/compaction/timeWindow.ts';
import { familyOf } from '../../../src/engine/manifest/version.ts';
import { resolveOptions } from '../../../src/engine/options.ts';
import type { TableInfo } from '../../../src/protocol/events.ts';
import { table, versionOf } from '../tableFixture.ts';
import { busy, contextOf, inputsOf } from './strategyFixture.ts';

const HOUR_SECONDS = 3600;
const EPOCH_HOURS = 480_000;

/** A table of level 0 whose newest entry was written at an hour. */
function at(file: number, hour: number, rest: Partial<TableInfo> = {}): [number, TableInfo] {
  const largestTimestampMicros = (EPOCH_HOURS + hour) * HOUR_SECONDS * 1e6;
  return [0, table(file, 'a', 'z', { largestTimestampMicros, ...rest })];
}

const now = (hour: number): { nowMicros: number } => ({
  nowMicros: (EPOCH_HOURS + hour) * HOUR_SECONDS * 1e6,
});

describe('first in, first out', () => {
  const version = versionOf([
    at(9, 3),
    at(8, 2),
    at(7, 1),
    [2, table(5, 'a', 'c', { run: 0, largestTimestampMicros: 0 })],
    [2, table(6, 'd', 'f', { run: 0, largestTimestampMicros: 1 })],
  ]);

  test('drops the oldest until the others fit', () => {
    const limit = { fifoMaxSize: 3500 };
    const { plan, candidates } = fifo.decide(contextOf(version, {}, limit));
    expect(plan).toMatchObject({ manner: 'drop', reason: 'size-limit' });
    expect(inputsOf(plan)).toEqual(['2: 5, 6']);
    const exact = fifo.decide(contextOf(version, {}, { fifoMaxSize: 3000 }));
    expect(inputsOf(exact.plan)).toEqual(['2: 5, 6']);
    expect(candidates.map(({ why }) => why)).toEqual(['score-below-1', 'over-the-limit']);
    expect(inputsOf(fifo.decide(contextOf(version, {}, { fifoMaxSize: 2500 })).plan)).toEqual([
      '0: 7',
      '2: 5, 6',
    ]);
  });

  test('keeps the newest table whatever the limit', () => {
    const one = versionOf([at(9, 3, { sizeBytes: 5000 })]);
    expect(fifo.decide(contextOf(one, {}, { fifoMaxSize: 1024 })).plan).toBeUndefined();
  });

  test('drops what is past its time, never a table before an older one', () => {
    const ttl = { fifoTtlSeconds: 2 * HOUR_SECONDS };
    const younger = versionOf([at(9, 3), at(8, 0), at(7, 3), at(6, 1)]);
    const { plan } = fifo.decide(contextOf(younger, now(4), ttl));
    expect(plan).toMatchObject({ manner: 'drop', reason: 'expired' });
    expect(inputsOf(plan)).toEqual(['0: 6']);
    expect(fifo.decide(contextOf(younger, now(3), ttl)).plan).toBeUndefined();
  });

  test('waits for a compaction of what it would drop', () => {
    const running = [busy([5], 3, 'a', 'c')];
    const decision = fifo.decide(contextOf(version, { running }, { fifoMaxSize: 3500 }));
    expect(decision.plan).toBeUndefined();
    expect(decision.candidates[1]!.why).toBe('inputs-busy');
  });

  test('never holds writers back', () => {
    const { version: family, options } = contextOf(version, {}, { fifoMaxSize: 1024 });
    expect(fifo.backlog(family, options)).toEqual({ level0Runs: 0, pendingBytes: 0 });
    expect(() => resolveOptions({ compaction: 'fifo', l0StopTables: 20 })).not.toThrow();
  });
});

describe('windows of time', () => {
  const hourly = { timeWindowSeconds: HOUR_SECONDS, tierRuns: 3 };

  test('that are over become one run each, the fullest first', () => {
    const version = versionOf([at(9, 3), at(8, 2), at(7, 2), at(6, 1), at(5, 1), at(4, 1)]);
    const { plan, candidates } = timeWindow.decide(contextOf(version, {}, hourly));
    expect(inputsOf(plan)).toEqual(['0: 6, 5, 4']);
    expect(plan).toMatchObject({ outputLevel: 1, outputRun: 6, reason: 'window-closed' });
    expect(candidates.map(({ subject, why }) => `${subject}: ${why}`)).toEqual([
      'oldest table: score-below-1',
      'window 2024-10-04 03:00, open: score-below-1',
      'window 2024-10-04 02:00: lower-score',
      'window 2024-10-04 01:00: highest-score',
    ]);
  });

  test('keep runs of like size together while they are open', () => {
    const version = versionOf([at(9, 3), at(8, 3), at(7, 3, { sizeBytes: 90_000 })]);
    const { plan } = timeWindow.decide(contextOf(version, {}, hourly));
    expect(inputsOf(plan)).toEqual(['0: 9, 8']);
    expect(plan).toMatchObject({ outputLevel: 0, outputRun: 9, reason: 'size-ratio' });
  });

  test('take a run that says it is earlier than one before it as late as that', () => {
    const version = versionOf([at(9, 5), at(8, 1), at(7, 2)]);
    const { plan } = timeWindow.decide(contextOf(version, {}, hourly));
    expect(inputsOf(plan)).toEqual(['0: 8, 7']);
  });

  test('leave level 0 when they are over, the oldest first, never below an older one', () => {
    const version = versionOf([at(9, 5), at(8, 2), at(6, 1)]);
    const { plan } = timeWindow.decide(contextOf(version, {}, hourly));
    expect(inputsOf(plan)).toEqual(['0: 6']);
    expect(plan).toMatchObject({ outputLevel: 1, outputRun: 6, manner: 'move' });
    const running = [busy([6], 1, 'a', 'z')];
    expect(timeWindow.decide(contextOf(version, { running }, hourly)).plan).toBeUndefined();
    const above = versionOf([at(9, 5), at(8, 2), at(7, 2), at(6, 1)]);
    expect(inputsOf(timeWindow.decide(contextOf(above, {}, hourly)).plan)).toEqual(['0: 6']);
  });

  test('fill no level once each is one run, however many they are', () => {
    const options = resolveOptions({ compaction: 'time-window', ...hourly });
    const over = [4, 3, 2, 1].map((hour): [number, TableInfo] => [1, at(hour, hour)[1]]);
    const scores = (...above: [number, TableInfo][]): number[] =>
      timeWindow
        .targets(familyOf(versionOf([...above, ...over]), 0), options)
        .map(({ score }) => score);
    expect(scores(at(9, 9)).slice(0, 2)).toEqual([1 / 3, 0]);
    expect(scores(at(9, 9), at(8, 8), at(7, 8)).slice(0, 2)).toEqual([1, 0]);
    expect(scores(at(9, 9), at(8, 4)).slice(0, 2)).toEqual([1, 0]);
  });

  test('are dropped when all their entries are past their time', () => {
    const version = versionOf([at(9, 9), at(8, 2), at(7, 1)]);
    const ttl = { ...hourly, timeWindowTtlSeconds: 2 * HOUR_SECONDS };
    const { plan } = timeWindow.decide(contextOf(version, now(9), ttl));
    expect(plan).toMatchObject({ manner: 'drop', reason: 'expired' });
    expect(inputsOf(plan)).toEqual(['0: 7, 8']);
  });
});

import { expect, test } from 'vitest';
import type { TableInfo } from '../../../src/protocol/events.ts';
import { emptyState } from '../../../src/protocol/emptyState.ts';
import type { LevelState } from '../../../src/protocol/treeState.ts';
import { timeWindows, windowSeconds } from '../../../webview/model/timeWindows.ts';

const HOUR = 3600;
const noon = Date.UTC(2026, 10, 27, 12) / 1000;

function table(file: number, run: number, seconds: number): TableInfo {
  return { file, run, largestTimestampMicros: seconds * 1e6 } as TableInfo;
}

function level(number: number, ...tables: readonly TableInfo[]): LevelState {
  return { level: number, tables } as unknown as LevelState;
}

test('runs of one window share it, whichever level they lie in', () => {
  const levels = [
    level(0, table(5, 5, noon + 2 * HOUR + 9), table(4, 4, noon + 2 * HOUR)),
    level(1, table(3, 3, noon + 100), table(2, 3, noon + 60), table(1, 1, noon - 1)),
  ];
  const windows = timeWindows(levels, HOUR);
  const names = [1, 2, 3, 4, 5].map((file) => windows.get(file)!.names);
  expect(names).toEqual([
    ['2026-11-27 11:00–12:00', '11:00–12:00'],
    ['2026-11-27 12:00–13:00', '12:00–13:00'],
    ['2026-11-27 12:00–13:00', '12:00–13:00'],
    ['2026-11-27 14:00–15:00', '14:00–15:00'],
    ['2026-11-27 14:00–15:00', '14:00–15:00'],
  ]);
  expect(windows.get(2)).toBe(windows.get(3));
  expect(windows.get(4)).toBe(windows.get(5));
});

test('a clock that jumped back opens no earlier window', () => {
  const levels = [level(0, table(2, 2, noon - 5 * HOUR), table(1, 1, noon))];
  const windows = timeWindows(levels, HOUR);
  expect(windows.get(2)).toBe(windows.get(1));
});

test.each([
  [30, ['2026-11-27 12:00:00–12:00:30', '12:00:00–12:00:30']],
  [86_400, ['2026-11-27']],
  [7 * 86_400, ['2026-11-26 to before 2026-12-03', 'from 2026-11-26']],
])('windows of %i seconds are named as finely as they are', (seconds, names) => {
  expect(timeWindows([level(0, table(1, 1, noon))], seconds).get(1)!.names).toEqual(names);
});

test('only the strategy of windows has any', () => {
  const { store } = emptyState();
  const options = { timeWindowSeconds: HOUR };
  expect(windowSeconds({ ...store, strategy: 'time-window', options })).toBe(HOUR);
  expect(windowSeconds({ ...store, strategy: 'leveled', options })).toBe(0);
  expect(timeWindows([level(0, table(1, 1, noon))], 0).size).toBe(0);
});

import { expect, test } from 'vitest';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatMicros,
  formatRatio,
  formatShare,
  formatShortCount,
} from '../../../webview/model/format.ts';

const spaced = (text: string): string => text.replaceAll('\u202f', ' ');

test('figures as people read them', () => {
  expect([0, 999, 9999, 48_211, 1_234_567].map((count) => spaced(formatCount(count)))).toEqual([
    '0',
    '999',
    '9999',
    '48 211',
    '1 234 567',
  ]);
  expect([9999, 12_345, 123_456, 4_100_000].map(formatShortCount)).toEqual([
    '9999',
    '12.3k',
    '123k',
    '4.1M',
  ]);
  expect([0, 999, 1000, 4_299_162, 10 * 2 ** 30].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '0.98 KiB',
    '4.1 MiB',
    '10 GiB',
  ]);
  expect([0.9, 38, 2400, 1_200_000, 180_000_000].map(formatMicros)).toEqual([
    '0.9 µs',
    '38 µs',
    '2.4 ms',
    '1.2 s',
    '3 min',
  ]);
  expect([0, 0.0079, 0.62, 0.9951, 1].map(formatShare)).toEqual([
    '0 %',
    '0.79 %',
    '62 %',
    '99.5 %',
    '100 %',
  ]);
  expect([0.31, 1, 6.4, 12.04].map(formatRatio)).toEqual(['0.31', '1', '6.4', '12']);
  expect([72_402_000, 3_601_000_000].map(formatClock)).toEqual(['1:12.402', '1:00:01.000']);
});

// What the log's strip says a power failure would cost.

import { expect, test } from 'vitest';
import type { WalSegmentState } from '../../../src/protocol/treeState.ts';
import { walLayout } from '../../../webview/layout/walLayout.ts';

const REGION = { x: 0, y: 0, width: 1000, height: 40 };

test.each([
  { closed: 0, active: 0, warning: 'a power failure would lose nothing' },
  { closed: 0, active: 2, warning: '2 records would be lost by a power failure' },
  { closed: 0, active: null, warning: 'no file tells what is synced' },
  { closed: null, active: 0, warning: 'no file tells what is synced' },
])('closed $closed, active $active: $warning', ({ closed, active, warning }) => {
  const segments = [segment(4, closed), segment(7, active)];
  const { texts } = walLayout({ segments, active: 7 }, REGION, (text) => text.length * 6);
  expect(texts.find(({ key }) => key === 'wal-warning')?.text).toBe(warning);
});

function segment(file: number, recordsUnsynced: number | null): WalSegmentState {
  const syncedBytes = recordsUnsynced === null ? null : 300 - 100 * recordsUnsynced;
  return { file, sizeBytes: 300, syncedBytes, records: 3, recordsUnsynced };
}

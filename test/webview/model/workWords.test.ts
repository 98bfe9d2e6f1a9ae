import { expect, test } from 'vitest';
import type { Reply } from '../../../src/protocol/messages.ts';
import {
  copyEnded,
  countEnded,
  importEnded,
  progressText,
} from '../../../webview/model/workWords.ts';

const CANCELLED: Reply = { kind: 'error', code: 'CANCELLED', message: '', file: '', offset: -1 };
const FAILED: Reply = { ...CANCELLED, code: 'IO', message: 'the disk is full' };

test('how far it is, in its own unit', () => {
  const far = { done: 1_234_567, total: 2_000_000, message: '' };
  expect(progressText({ ...far, unit: 'entries' })).toBe('1 234 567 of 2 000 000 entries');
  const reading = { ...far, unit: 'bytes' as const, message: 'reading MANIFEST-000002' };
  expect(progressText(reading)).toBe('reading MANIFEST-000002: 1.2 MiB of 1.9 MiB');
  expect(progressText({ ...far, unit: 'lines', total: 0 })).toBe('1 234 567 lines');
});

test('what was stopped says what is left of it', () => {
  const last = { done: 24, total: 40, unit: 'tables', message: '' } as const;
  expect(copyEnded(CANCELLED, '/copy')).toBe(
    'Copying was stopped: none of its entries are left in /copy.',
  );
  expect(countEnded(CANCELLED, last)).toBe(
    'Counting was stopped after 24 of 40 tables: the others stay uncounted.',
  );
  expect(countEnded(CANCELLED, undefined)).toBe('Counting was stopped before the first table.');
  const report = { imported: 1, skipped: 0, problems: [] };
  expect(importEnded({ kind: 'import', report }, true)).toBe(
    'The import was stopped: 1 entry imported, 0 lines skipped, and they stay.',
  );
});

test('what failed says why, and what ended what came of it', () => {
  for (const words of [copyEnded(FAILED, ''), countEnded(FAILED, undefined)]) {
    expect(words).toBe('the disk is full');
  }
  expect(importEnded(FAILED, true)).toBe('the disk is full');
  const copied: Reply = { kind: 'copied', copy: 1, into: '/copy', entries: 342, families: [] };
  expect(copyEnded(copied, '/copy')).toBe('342 entries copied, each read back as it was.');
});

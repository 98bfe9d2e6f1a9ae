// A log in a file that was used before is written over what it held: a reader may come to a record
// of which only the beginning is there yet, with old bytes behind it.

import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { MemoryVfs } from '../../src/base/memoryVfs.ts';
import type { VfsFile } from '../../src/base/vfs.ts';
import { ProblemList } from '../../src/readers/problems.ts';
import { RecordLogReader } from '../../src/readers/recordLog/recordLogReader.ts';
import { walForm } from '../../src/readers/rocksdb/walForm.ts';
import { recordPiece } from './recordPieces.ts';

const NUMBERED_WHOLE = 5;

function record(log: number, text: string): Uint8Array {
  return recordPiece(NUMBERED_WHOLE, Uint8Array.of(log, 0, 0, 0, ...encodeUtf8(text)), 4);
}

const before = Buffer.concat(Array.from({ length: 9 }, (_, index) => record(2, `old ${index}`)));
const first = record(3, 'the first record');
const second = record(3, 'the second record');
/** The first record, and so much of the second that its header is there. */
const HALF = first.length + 20;

/** A file that was used before, with so many bytes of the new log. */
function reusedFile(bytes: number): VfsFile {
  const file = new MemoryVfs().open('log', 'create');
  file.write(before, 0, before.length, 0);
  writeUpTo(file, bytes);
  return file;
}

function writeUpTo(file: VfsFile, bytes: number): void {
  file.write(Buffer.concat([first, second]), 0, bytes, 0);
}

function textsOf(log: RecordLogReader): string[] {
  const texts: string[] = [];
  for (let next = log.next(); next !== undefined; next = log.next()) {
    texts.push(Buffer.from(next.bytes).toString());
  }
  return texts;
}

test('a record that is being written over old ones is waited for', () => {
  const file = reusedFile(HALF);
  const problems = new ProblemList();
  const log = new RecordLogReader(file, '000003.log', problems, walForm(3));
  expect(textsOf(log)).toEqual(['the first record']);
  expect(log.endedAtDamage).toBe(false);
  expect(problems.list()).toEqual([]);
  writeUpTo(file, first.length + second.length);
  expect(textsOf(log)).toEqual(['the second record']);
  log.reportTorn();
  expect(problems.list()).toEqual([]);
});

test('of a log that is only looked at it is told', () => {
  const problems = new ProblemList();
  const log = new RecordLogReader(reusedFile(HALF), '000003.log', problems, walForm(3));
  textsOf(log);
  log.reportTorn();
  expect(problems.list()).toEqual([
    expect.objectContaining({ code: 'CORRUPTION', offset: first.length }),
  ]);
});

test('when a later log is there it is damage, and ends the log', () => {
  const file = reusedFile(HALF);
  const problems = new ProblemList();
  const log = new RecordLogReader(file, '000003.log', problems, walForm(3));
  textsOf(log);
  log.endAtSuspect();
  expect(log.endedAtDamage).toBe(true);
  writeUpTo(file, first.length + second.length);
  expect(textsOf(log)).toEqual([]);
  expect(problems.list().map(({ offset }) => offset)).toEqual([first.length]);
});

test('what is left of its earlier use ends it without a word', () => {
  const problems = new ProblemList();
  const file = reusedFile(first.length);
  const log = new RecordLogReader(file, '000003.log', problems, walForm(3));
  expect(textsOf(log)).toEqual(['the first record']);
  log.endAtSuspect();
  log.reportTorn();
  expect(log.endedAtDamage).toBe(false);
  expect(problems.list()).toEqual([]);
});

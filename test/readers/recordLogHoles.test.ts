// Zeros in a log where a record should begin. LevelDB and RocksDB pass over what is left of their
// block without a word, Pebble ends there; a person is told, unless nothing but zeros follows.

import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { MemoryVfs } from '../../src/base/memoryVfs.ts';
import type { VfsFile } from '../../src/base/vfs.ts';
import { pebbleWalForm } from '../../src/readers/pebble/walForm.ts';
import { ProblemList } from '../../src/readers/problems.ts';
import { BLOCK_BYTES, HEADER_BYTES, LEVELDB_FORM } from '../../src/readers/recordLog/logForm.ts';
import type { LogForm } from '../../src/readers/recordLog/logForm.ts';
import { RecordLogReader } from '../../src/readers/recordLog/recordLogReader.ts';
import { walForm } from '../../src/readers/rocksdb/walForm.ts';
import { recordPiece } from './recordPieces.ts';

const [WHOLE, FIRST, LAST] = [1, 2, 4];
/** So many records fill a block to the byte. */
const PER_BLOCK = 64;
const PIECE_BYTES = BLOCK_BYTES / PER_BLOCK;

function piece(type: number, text: string, numberedBytes = 0): Uint8Array {
  const content = encodeUtf8(text.padEnd(PIECE_BYTES - HEADER_BYTES, '.'));
  return recordPiece(type, content, numberedBytes);
}

/** A log of records `0`, `1`, …, each of `PIECE_BYTES`. */
function logOf(records: number): Uint8Array {
  const bytes = new Uint8Array(records * PIECE_BYTES);
  for (let index = 0; index < records; index++) {
    bytes.set(piece(WHOLE, `${index}`), index * PIECE_BYTES);
  }
  return bytes;
}

function fileOf(bytes: Uint8Array): VfsFile {
  const file = new MemoryVfs().open('log', 'create');
  file.write(bytes, 0, bytes.length, 0);
  return file;
}

/** Numbers of the records that are read, and where problems are. */
function read(bytes: Uint8Array, form: LogForm): { records: number[]; problems: string[] } {
  const problems = new ProblemList();
  const log = new RecordLogReader(fileOf(bytes), '000003.log', problems, form);
  const records = recordsOf(log);
  log.reportTorn();
  return { records, problems: problems.list().map(({ code, offset }) => `${code} ${offset}`) };
}

function recordsOf(log: RecordLogReader): number[] {
  const records: number[] = [];
  for (let record = log.next(); record !== undefined; record = log.next()) {
    records.push(Number.parseInt(Buffer.from(record.bytes).toString(), 10));
  }
  return records;
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

const passing: readonly (readonly [string, LogForm])[] = [
  ['LevelDB', LEVELDB_FORM],
  ['RocksDB', walForm(3)],
];
const all = [...passing, ['Pebble', pebbleWalForm(3)] as const];

describe.each(passing)('%s', (_, form) => {
  test('passes over a hole in the middle of a block, and over what follows in it', () => {
    const bytes = logOf(3 * PER_BLOCK);
    bytes.fill(0, 70 * PIECE_BYTES, 72 * PIECE_BYTES);
    expect(read(bytes, form)).toEqual({
      records: [...numbers(0, 70), ...numbers(128, 192)],
      problems: [`CORRUPTION ${70 * PIECE_BYTES}`],
    });
  });

  test('passes over whole blocks', () => {
    const bytes = logOf(4 * PER_BLOCK);
    bytes.fill(0, BLOCK_BYTES, 3 * BLOCK_BYTES);
    expect(read(bytes, form)).toEqual({
      records: [...numbers(0, 64), ...numbers(192, 256)],
      problems: [`CORRUPTION ${BLOCK_BYTES}`],
    });
  });
});

test('the message says from where to where', () => {
  const bytes = logOf(2 * PER_BLOCK);
  bytes.fill(0, 10 * PIECE_BYTES, 11 * PIECE_BYTES);
  const problems = new ProblemList();
  recordsOf(new RecordLogReader(fileOf(bytes), '000003.log', problems));
  expect(problems.list()).toEqual([
    expect.objectContaining({
      file: '000003.log',
      message: expect.stringContaining(`up to byte ${BLOCK_BYTES}`) as string,
    }),
  ]);
});

test('Pebble reads nothing behind a hole', () => {
  const bytes = logOf(3 * PER_BLOCK);
  bytes.fill(0, 70 * PIECE_BYTES, 72 * PIECE_BYTES);
  expect(read(bytes, pebbleWalForm(3))).toEqual({
    records: numbers(0, 70),
    problems: [`CORRUPTION ${70 * PIECE_BYTES}`],
  });
});

test('what a file held before it was used again is no hole', () => {
  const bytes = new Uint8Array(2 * BLOCK_BYTES);
  const numbered = piece(WHOLE + 4, '\u0003\0\0\0', 4);
  bytes.set(numbered);
  bytes.fill(7, PIECE_BYTES + HEADER_BYTES, BLOCK_BYTES);
  expect(read(bytes, walForm(3)).problems).toEqual([]);
});

describe.each(all)('%s', (_, form) => {
  test('space that was allocated ahead is no fault', () => {
    const bytes = new Uint8Array(5 * BLOCK_BYTES + 100);
    bytes.set(logOf(70));
    expect(read(bytes, form)).toEqual({ records: numbers(0, 70), problems: [] });
  });

  test('a hole in the last block is told when bytes follow', () => {
    const bytes = logOf(100);
    bytes.fill(0, 90 * PIECE_BYTES, 91 * PIECE_BYTES);
    expect(read(bytes, form)).toEqual({
      records: numbers(0, 90),
      problems: [`CORRUPTION ${90 * PIECE_BYTES}`],
    });
  });

  test('so it is when the last byte is the only one', () => {
    const bytes = new Uint8Array(5 * BLOCK_BYTES);
    bytes.set(logOf(70));
    bytes[bytes.length - 1] = 1;
    expect(read(bytes, form).problems).toEqual([`CORRUPTION ${70 * PIECE_BYTES}`]);
  });

  test('zeros that are written over in time were none', () => {
    const whole = logOf(130);
    const file = fileOf(new Uint8Array(4 * BLOCK_BYTES));
    file.write(whole, 0, 70 * PIECE_BYTES, 0);
    const problems = new ProblemList();
    const log = new RecordLogReader(file, '000003.log', problems, form);
    expect(recordsOf(log)).toEqual(numbers(0, 70));
    file.write(whole, 70 * PIECE_BYTES, whole.length, 70 * PIECE_BYTES);
    expect(recordsOf(log)).toEqual(numbers(70, 130));
    expect(problems.list()).toEqual([]);
  });
});

/** A record of two pieces, and the block of its second one lost. */
function cutByHole(): Uint8Array {
  const bytes = logOf(3 * PER_BLOCK);
  bytes.set(piece(FIRST, '63'), 63 * PIECE_BYTES);
  bytes.set(piece(LAST, '63'), 64 * PIECE_BYTES);
  bytes.fill(0, BLOCK_BYTES, BLOCK_BYTES + PIECE_BYTES);
  return bytes;
}

test('a record that a hole cuts is never joined to what comes behind', () => {
  const bytes = cutByHole();
  bytes.set(piece(LAST, '128'), 128 * PIECE_BYTES);
  const { records } = read(bytes, LEVELDB_FORM);
  expect(records).toEqual([...numbers(0, 63), ...numbers(129, 192)]);
});

test('it ends RocksDB’s log', () => {
  expect(read(cutByHole(), walForm(3))).toEqual({
    records: numbers(0, 63),
    problems: [`CORRUPTION ${BLOCK_BYTES}`],
  });
});

test('what has come since the end was read is no torn tail', () => {
  const whole = logOf(12);
  const file = fileOf(whole.slice(0, 10 * PIECE_BYTES));
  const problems = new ProblemList();
  const log = new RecordLogReader(file, '000003.log', problems);
  expect(recordsOf(log)).toEqual(numbers(0, 10));
  file.write(whole, 10 * PIECE_BYTES, 2 * PIECE_BYTES, 10 * PIECE_BYTES);
  log.reportTorn();
  expect(problems.list()).toEqual([]);
});

describe('a piece of a type that is not known', () => {
  const bytes = logOf(2 * PER_BLOCK);
  bytes.set(piece(77, 'newer'), 10 * PIECE_BYTES);

  test('is passed over by LevelDB when its checksum fits', () => {
    expect(read(bytes, LEVELDB_FORM)).toEqual({
      records: [...numbers(0, 10), ...numbers(11, 128)],
      problems: [`NOT_SUPPORTED ${10 * PIECE_BYTES}`],
    });
  });

  test('is damage when it does not', () => {
    const damaged = bytes.slice();
    damaged[10 * PIECE_BYTES + HEADER_BYTES]! ^= 1;
    expect(read(damaged, LEVELDB_FORM)).toEqual({
      records: [...numbers(0, 10), ...numbers(64, 128)],
      problems: [`CORRUPTION ${10 * PIECE_BYTES}`],
    });
  });

  test('ends RocksDB’s log', () => {
    expect(read(bytes, walForm(3)).records).toEqual(numbers(0, 10));
  });
});

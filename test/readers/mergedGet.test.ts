// A get of a key of merge operands in RocksDB's directories: merged as RocksDB's own operators do,
// and told as our own engine tells it.

import { describe, expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../src/base/bytes.ts';
import { compareBytewise } from '../../src/readers/keyOrder.ts';
import { ForeignDirectory } from '../../src/readers/foreignDirectory.ts';
import { BlobFiles } from '../../src/readers/rocksdb/blobFiles.ts';
import { rocksdbUncompress } from '../../src/readers/rocksdb/compression.ts';
import { mergeOperatorOf } from '../../src/readers/rocksdb/mergeOperators.ts';
import { rocksdbRules } from '../../src/readers/rocksdb/valueRules.ts';
import { tracedGet } from '../../src/readers/tracedGet.ts';
import { RecordingSink } from '../engine/recordingSink.ts';
import { readerWorld } from './readerWorld.ts';

const world = await readerWorld();
const blobs = new BlobFiles(new ForeignDirectory(world.vfs, '/'), rocksdbUncompress(world));
const key = encodeUtf8('k');

test('operands are gathered through all places and told, and become one value', () => {
  const sink = new RecordingSink();
  const entry = (sequence: number, code: number, text: string) =>
    ({ key, sequence, code, value: encodeUtf8(text) }) as const;
  const operator = mergeOperatorOf('{id=StringAppendOperator;delimiter=-;}')!;
  const places = {
    rules: rocksdbRules(blobs, operator, 'StringAppendOperator', () => undefined),
    compare: compareBytewise,
    memtables: [
      { memtable: 2, entries: [entry(5, 2, 'c')] },
      { memtable: 1, entries: [entry(4, 2, 'b'), entry(3, 1, 'a'), entry(2, 2, 'older')] },
    ],
    lastSequence: 5,
    tables: [],
    open: () => expect.unreachable(),
    nowMicros: () => 0,
  };
  const value = tracedGet(places, key, { sink, operation: 7 })!;
  expect(decodeUtf8(value)).toBe('a-b-c');
  expect(sink.of('memtable.lookup').map(({ result }) => result)).toEqual(['operand', 'operand']);
  expect(sink.of('get.operand').map(({ sequence, operands }) => [sequence, operands])).toEqual([
    [5, 1],
    [4, 2],
  ]);
  expect(sink.of('get.merge')).toMatchObject([
    { operands: 2, baseSequence: 3, outcome: 'merged', valueSizeBytes: 5 },
  ]);
  expect(sink.of('get.end')).toMatchObject([{ result: 'found', operands: 2, sequence: 5 }]);
});

describe('an operator of RocksDB', () => {
  const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

  test.each([
    ['uint64add', [bytes(1, 0, 0, 0, 0, 0, 0, 0), bytes(9), bytes(2, 0, 0, 0, 0, 0, 0, 0)], 3],
    ['{id=UInt64AddOperator;}', [bytes(9)], 0],
    ['max', [bytes(2), bytes(5), bytes(3)], 5],
    ['BytesXOR', [bytes(6), bytes(3)], 5],
    ['put', [bytes(6), bytes(3)], 3],
  ])('%s merges as its name says', (option, [base, ...operands], first) => {
    const operator = mergeOperatorOf(option)!;
    const value = operands.length === 0 ? operator(undefined, [base!]) : operator(base, operands);
    expect(value[0]).toBe(first);
  });

  test("of the user's own is not known", () => {
    expect(mergeOperatorOf('com.example.Merge')).toBeUndefined();
    expect(mergeOperatorOf('')).toBeUndefined();
  });
});

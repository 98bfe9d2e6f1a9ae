import { expect, test } from 'vitest';
import { emptyState } from '../../../src/protocol/emptyState.ts';
import type { Problem, WalState } from '../../../src/protocol/treeState.ts';
import { AwaitedTails } from '../../../src/session/foreign/awaitedTails.ts';

const TORN: Problem = {
  code: 'CORRUPTION',
  message: 'the file ends inside of a record',
  file: '000028.log',
  offset: 500,
};
const DAMAGE: Problem = { ...TORN, offset: 100, message: 'a checksum does not fit' };

function wal(file: number, sizeBytes: number): WalState {
  const segment = { file, sizeBytes, records: 1, syncedBytes: null, recordsUnsynced: null };
  return { segments: [segment], active: file };
}

function tails(): AwaitedTails {
  return new AwaitedTails({ ...emptyState(), problems: [DAMAGE, TORN], wal: wal(28, 500) });
}

test('a torn end is told when it stays so, and damage at once', () => {
  const awaited = tails();
  expect(awaited.told([DAMAGE, TORN])).toEqual([DAMAGE]);
  const told = Array.from({ length: 6 }, () => awaited.afterLook(wal(28, 500)));
  expect(told.flat()).toEqual([TORN]);
  expect(told.at(0)).toEqual([]);
  expect(awaited.told([DAMAGE, TORN])).toEqual([DAMAGE, TORN]);
});

test.each([
  ['grew', wal(28, 900)],
  ['gave way to another log', wal(30, 10)],
])('one whose log %s was none', (_, later) => {
  const awaited = tails();
  const told = [wal(28, 500), later, later, later, later].map((at) => awaited.afterLook(at));
  expect(told.flat()).toEqual([]);
  expect(awaited.told([DAMAGE, TORN])).toEqual([DAMAGE]);
});

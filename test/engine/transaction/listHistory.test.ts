// The checker itself: it must see each anomaly, or the isolation tests prove nothing.

import { describe, expect, test } from 'vitest';
import { checkHistory } from './listHistory.ts';
import type { ListAction, ListTransaction } from './listHistory.ts';

const append = (list: string, element: number): ListAction => ({ kind: 'append', list, element });
const read = (list: string, ...elements: number[]): ListAction => ({
  kind: 'read',
  list,
  elements,
});

function check(transactions: readonly ListTransaction[], lists: Record<string, number[]>): object {
  return checkHistory(transactions, new Map(Object.entries(lists)));
}

describe('the history checker', () => {
  test('finds nothing in a serial history', () => {
    const serial = [[append('x', 1)], [read('x', 1), append('y', 2)], [read('y', 2), read('x', 1)]];
    expect(check(serial, { x: [1], y: [2] })).toEqual({
      badReads: [],
      cycle: '',
      snapshotCycle: '',
    });
  });

  test('G0: writes of two in opposite orders', () => {
    const dirty = [
      [append('x', 1), append('y', 2)],
      [append('x', 3), append('y', 4)],
    ];
    const found = check(dirty, { x: [1, 3], y: [4, 2] });
    expect(found).toMatchObject({
      cycle: expect.stringMatching(/ww/),
      snapshotCycle: expect.stringMatching(/ww/),
    });
  });

  test('G1c: each read what the other wrote', () => {
    const circular = [
      [append('x', 1), read('y', 2)],
      [append('y', 2), read('x', 1)],
    ];
    expect(check(circular, { x: [1], y: [2] })).toMatchObject({
      snapshotCycle: expect.stringMatching(/wr/),
    });
  });

  test('G-single: a read misses one write and sees another of the same transaction', () => {
    const skewed = [
      [append('x', 1), append('y', 2)],
      [read('x'), read('y', 2)],
    ];
    expect(check(skewed, { x: [1], y: [2] })).toMatchObject({
      snapshotCycle: expect.stringMatching(/rw/),
    });
  });

  test('lost update: two read the same and both wrote', () => {
    const lost = [
      [read('x'), append('x', 1)],
      [read('x'), append('x', 2)],
    ];
    expect(check(lost, { x: [1, 2] })).toMatchObject({
      snapshotCycle: expect.stringMatching(/rw/),
    });
    expect(check(lost, { x: [2] })).toMatchObject({ badReads: ['the append of 1 by 0 is lost'] });
  });

  test('write skew: a cycle, but none that snapshot isolation forbids', () => {
    const skew = [
      [read('x'), append('y', 1)],
      [read('y'), append('x', 2)],
    ];
    expect(check(skew, { x: [2], y: [1] })).toMatchObject({
      cycle: expect.stringMatching(/rw.*rw/),
      snapshotCycle: '',
    });
  });

  test('reads of what never was, or was rolled back', () => {
    expect(check([[read('x', 7)]], { x: [] })).toMatchObject({ badReads: ['0 read x=7'] });
    expect(check([], { x: [7] })).toMatchObject({ badReads: [expect.stringMatching(/by nobody/)] });
  });
});

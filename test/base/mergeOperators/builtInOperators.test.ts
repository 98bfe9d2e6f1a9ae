// The built-in operators, each against what it says, and all against what an operator promises:
// the same value whether operands are worked in at once or by parts.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../../src/base/bytes.ts';
import {
  BUILT_IN_OPERATORS,
  builtInOperator,
  decodeUint64,
  encodeUint64,
} from '../../../src/base/mergeOperators/builtInOperators.ts';
import type { MergeOperator } from '../../../src/base/mergeOperators/mergeOperator.ts';

const KEY = encodeUtf8('k');

function operatorOf(name: string): MergeOperator {
  const operator = builtInOperator(name);
  if (operator === undefined) throw new Error(`there is no ${name}`);
  return operator;
}

function merged(name: string, base: string | undefined, ...operands: string[]): string {
  const baseBytes = base === undefined ? undefined : encodeUtf8(base);
  return decodeUtf8(operatorOf(name).fullMerge(KEY, baseBytes, operands.map(encodeUtf8)));
}

test('uint64add adds modulo 2^64, and refuses what is no number', () => {
  const add = operatorOf('uint64add');
  const sum = (base: bigint | undefined, ...operands: bigint[]): bigint =>
    decodeUint64(
      add.fullMerge(
        KEY,
        base === undefined ? undefined : encodeUint64(base),
        operands.map(encodeUint64),
      ),
    );
  expect(sum(undefined, 5n)).toBe(5n);
  expect(sum(40n, 3n, -1n)).toBe(42n);
  expect(sum(2n ** 64n - 1n, 2n)).toBe(1n);
  expect([...encodeUint64(0x0102n)]).toEqual([2, 1, 0, 0, 0, 0, 0, 0]);
  expect(() => add.fullMerge(KEY, undefined, [encodeUtf8('1')])).toThrow(/1 bytes instead of 8/);
  expect(() => add.fullMerge(KEY, encodeUtf8('old'), [encodeUint64(1n)])).toThrow(RangeError);
});

test('uint64add gives what BigInt gives', () => {
  const add = operatorOf('uint64add');
  const numbers = fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 1 });
  fc.assert(
    fc.property(numbers, (all) => {
      const sum = all.reduce((total, number) => total + number, 0n);
      const value = add.fullMerge(KEY, undefined, all.map(encodeUint64));
      expect(decodeUint64(value)).toBe(BigInt.asUintN(64, sum));
    }),
  );
});

test('max and min choose by bytes, the value among the operands', () => {
  expect(merged('max', 'b', 'a', 'c', 'ba')).toBe('c');
  expect(merged('max', 'z', 'a')).toBe('z');
  expect(merged('max', undefined, 'a', 'aa')).toBe('aa');
  expect(merged('min', 'b', 'c', 'aa', 'ab')).toBe('aa');
  expect(merged('min', undefined, 'b')).toBe('b');
});

test('bytesxor keeps the end of the longer one', () => {
  const value = operatorOf('bytesxor').fullMerge(KEY, Uint8Array.of(1, 2, 3), [
    Uint8Array.of(1),
    Uint8Array.of(0, 2),
  ]);
  expect([...value]).toEqual([0, 0, 3]);
});

test('stringappend puts its delimiter between, and before nothing', () => {
  expect(merged('stringappend', 'a', 'b', 'c')).toBe('a,b,c');
  expect(merged('stringappend', undefined, 'b')).toBe('b');
  expect(merged('stringappend', '', 'b')).toBe(',b');
  expect(merged('stringappend:; ', undefined, 'a', 'b')).toBe('a; b');
  expect(merged('stringappend:', 'a', 'b')).toBe('ab');
  expect(builtInOperator('stringappendix')).toBeUndefined();
  expect(builtInOperator('UInt64AddOperator')).toBeUndefined();
});

describe.each([...BUILT_IN_OPERATORS, 'stringappend::'])('%s', (name) => {
  test('gives the same value at once, in two steps and with operands combined', () => {
    const part =
      name === 'uint64add'
        ? fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n - 1n }).map(encodeUint64)
        : fc.uint8Array({ maxLength: 5 });
    const operator = operatorOf(name);
    const operands = fc.array(part, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        fc.option(part, { nil: undefined }),
        operands,
        operands,
        (base, first, second) => {
          const copies = (): Uint8Array[] => [...first, ...second].map((each) => each.slice());
          const atOnce = operator.fullMerge(KEY, base?.slice(), copies());
          const before = operator.fullMerge(KEY, base, first);
          expect(operator.fullMerge(KEY, before, second)).toEqual(atOnce);
          const combined = operator.partialMerge!(KEY, second)!;
          expect(operator.fullMerge(KEY, base, [...first, combined])).toEqual(atOnce);
        },
      ),
    );
  });
});

// What RocksDB's own merge operators make of a value and its operands (utilities/merge_operators).
// Others belong to the program that wrote the store: theirs cannot be computed here.

import { loadUint32 } from '../../base/byteReader.ts';
import { compareBytes, concatBytes, encodeUtf8 } from '../../base/bytes.ts';
import { nestedOptions } from './optionsFile.ts';

/**
 * The value of a key.
 * @param base the value before the first operand; `undefined` when there was none.
 * @param operands oldest first, at least one.
 */
export type MergeOperator = (
  base: Uint8Array | undefined,
  operands: readonly Uint8Array[],
) => Uint8Array;

const NEW_LINE = encodeUtf8('\n');

/** Names, of classes and in OPTIONS. */
const OPERATORS: Readonly<Record<string, (delimiter: string) => MergeOperator>> = {
  UInt64AddOperator: () => addNumbers,
  uint64add: () => addNumbers,
  StringAppendOperator: appendTexts,
  StringAppendTESTOperator: appendTexts,
  stringappend: appendTexts,
  stringappendtest: appendTexts,
  PutOperator: () => takeNewest,
  put: () => takeNewest,
  MaxOperator: () => takeGreatest,
  max: () => takeGreatest,
  BytesXOR: () => xorBytes,
  bytesxor: () => xorBytes,
};

/**
 * The operator of an OPTIONS file's value, e.g. `{id=StringAppendOperator;delimiter=,;}`;
 * `undefined` when it is not RocksDB's own.
 */
export function mergeOperatorOf(option: string): MergeOperator | undefined {
  const { id = '', delimiter = ',' } = nestedOptions(option);
  const found = Object.hasOwn(OPERATORS, id) ? OPERATORS[id] : undefined;
  return found?.(delimiter);
}

/** What is shown where the operator is not known: all there is, oldest first, a line each. */
export const showOperands: MergeOperator = (base, operands) => {
  const parts = base === undefined ? operands : [base, ...operands];
  return concatBytes(parts.flatMap((part, index) => (index === 0 ? [part] : [NEW_LINE, part])));
};

/** Eight bytes, little-endian; others count as 0. The sum is taken modulo 2^64. */
function addNumbers(base: Uint8Array | undefined, operands: readonly Uint8Array[]): Uint8Array {
  let low = 0;
  let high = 0;
  for (const part of base === undefined ? operands : [base, ...operands]) {
    if (part.length !== 8) continue;
    low += loadUint32(part, 0);
    high += loadUint32(part, 4);
    if (low > 0xffff_ffff) {
      low -= 0x1_0000_0000;
      high++;
    }
    high %= 0x1_0000_0000;
  }
  const sum = new Uint8Array(8);
  const view = new DataView(sum.buffer);
  view.setUint32(0, low, true);
  view.setUint32(4, high, true);
  return sum;
}

function appendTexts(delimiter: string): MergeOperator {
  const between = encodeUtf8(delimiter);
  return (base, operands) => {
    const parts = base === undefined ? operands : [base, ...operands];
    return concatBytes(parts.flatMap((part, index) => (index === 0 ? [part] : [between, part])));
  };
}

function takeNewest(_base: Uint8Array | undefined, operands: readonly Uint8Array[]): Uint8Array {
  return operands.at(-1)!;
}

function takeGreatest(base: Uint8Array | undefined, operands: readonly Uint8Array[]): Uint8Array {
  const parts = base === undefined ? operands : [base, ...operands];
  return parts.reduce((greatest, part) => (compareBytes(part, greatest) > 0 ? part : greatest));
}

/** The longer one goes on where the shorter ends. */
function xorBytes(base: Uint8Array | undefined, operands: readonly Uint8Array[]): Uint8Array {
  const parts = base === undefined ? operands : [base, ...operands];
  const result = new Uint8Array(Math.max(...parts.map(({ length }) => length)));
  for (const part of parts) part.forEach((byte, index) => (result[index]! ^= byte));
  return result;
}

// The merge operators that every store knows. Names and bytes are RocksDB's (utilities/
// merge_operators), but for `min`, which it does not have, and for values of a wrong length, which
// it takes for 0 and these refuse. Names are stored with stores: DO NOT CHANGE what one does.
//
//   uint64add          sum of numbers of 8 bytes, little-endian, modulo 2^64
//   max, min           the greatest, or smallest, of all by their bytes
//   bytesxor           exclusive or, byte by byte; the longer one's end stays as it is
//   stringappend       all, one after the other, with a comma between
//   stringappend:TEXT  the same, with TEXT (UTF-8, perhaps empty) between

import { loadUint32 } from '../byteReader.ts';
import { storeUint32 } from '../byteWriter.ts';
import { compareBytes, encodeUtf8 } from '../bytes.ts';
import { viewOf } from '../words.ts';
import { associativeOperator } from './mergeOperator.ts';
import type { MergeOperator } from './mergeOperator.ts';

const UINT64_BYTES = 8;
const APPEND = 'stringappend';

/** Names of the built-in operators, each once; `stringappend` also takes a delimiter. */
export const BUILT_IN_OPERATORS: readonly string[] = [
  'uint64add',
  'max',
  'min',
  'bytesxor',
  APPEND,
];

/** The built-in operator of a name; `undefined` for every other name. */
export function builtInOperator(name: string): MergeOperator | undefined {
  switch (name) {
    case 'uint64add':
      return uint64Add;
    case 'max':
      return greatest;
    case 'min':
      return smallest;
    case 'bytesxor':
      return exclusiveOr;
    case APPEND:
      return append(name, ',');
    default:
      return name.startsWith(`${APPEND}:`)
        ? append(name, name.slice(APPEND.length + 1))
        : undefined;
  }
}

/**
 * A number as `uint64add` takes it: 8 bytes, little-endian, modulo 2^64. A number below 0 takes
 * away.
 */
export function encodeUint64(value: bigint): Uint8Array {
  const bytes = new Uint8Array(UINT64_BYTES);
  viewOf(bytes).setBigUint64(0, BigInt.asUintN(64, value), true);
  return bytes;
}

/**
 * The number that `uint64add` made.
 * @throws RangeError when it has not 8 bytes.
 */
export function decodeUint64(bytes: Uint8Array): bigint {
  checkUint64(bytes);
  return viewOf(bytes).getBigUint64(0, true);
}

const uint64Add: MergeOperator = {
  name: 'uint64add',
  // A lone operand is looked at, too: nothing becomes a value that is no number.
  fullMerge: (_key, base, operands) => sum(base === undefined ? operands : [base, ...operands]),
  partialMerge: (_key, operands) => sum(operands),
};

/** In two halves: a BigInt for each operand takes several times as long. */
function sum(numbers: readonly Uint8Array[]): Uint8Array {
  let low = 0;
  let high = 0;
  for (const number of numbers) {
    checkUint64(number);
    low += loadUint32(number, 0);
    high += loadUint32(number, 4) + (low > 0xffff_ffff ? 1 : 0);
    low >>>= 0;
    high >>>= 0;
  }
  const total = new Uint8Array(UINT64_BYTES);
  storeUint32(total, 0, low);
  storeUint32(total, 4, high);
  return total;
}

function checkUint64({ length }: Uint8Array): void {
  if (length === UINT64_BYTES) return;
  throw new RangeError(`a number has ${length} bytes instead of ${UINT64_BYTES}`);
}

const greatest = associativeOperator('max', (earlier, later) =>
  compareBytes(later, earlier) > 0 ? later : earlier,
);

const smallest = associativeOperator('min', (earlier, later) =>
  compareBytes(later, earlier) < 0 ? later : earlier,
);

const exclusiveOr = associativeOperator('bytesxor', (earlier, later) => {
  const [longer, shorter] = earlier.length < later.length ? [later, earlier] : [earlier, later];
  const result = longer.slice();
  for (const [index, byte] of shorter.entries()) result[index]! ^= byte;
  return result;
});

function append(name: string, delimiter: string): MergeOperator {
  const between = encodeUtf8(delimiter);
  return {
    name,
    fullMerge: (_key, base, operands) =>
      joined(base === undefined ? operands : [base, ...operands], between),
    partialMerge: (_key, operands) => joined(operands, between),
  };
}

/** In one pass: appending one by one would copy the beginning again and again. */
function joined(parts: readonly Uint8Array[], between: Uint8Array): Uint8Array {
  const length = parts.reduce((total, part) => total + part.length + between.length, 0);
  const result = new Uint8Array(length - between.length);
  let position = 0;
  for (const [index, part] of parts.entries()) {
    if (index > 0) {
      result.set(between, position);
      position += between.length;
    }
    result.set(part, position);
    position += part.length;
  }
  return result;
}

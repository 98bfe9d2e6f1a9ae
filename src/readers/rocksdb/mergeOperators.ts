// What RocksDB's own merge operators make of a value and its operands (utilities/merge_operators).
// Others belong to the program that wrote the store: theirs cannot be computed here.

import { concatBytes, encodeUtf8 } from '../../base/bytes.ts';
import { builtInOperator } from '../../base/mergeOperators/builtInOperators.ts';
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
const NO_KEY = new Uint8Array(0);
const NUMBER_BYTES = 8;

/** Names, of classes and in OPTIONS. */
const OPERATORS: Readonly<Record<string, (delimiter: string) => MergeOperator>> = {
  // Pebble's own: no delimiter.
  'pebble.concatenate': () => (base, operands) =>
    concatBytes(base === undefined ? operands : [base, ...operands]),
  UInt64AddOperator: () => addNumbers,
  uint64add: () => addNumbers,
  StringAppendOperator: appendTexts,
  StringAppendTESTOperator: appendTexts,
  stringappend: appendTexts,
  stringappendtest: appendTexts,
  PutOperator: () => takeNewest,
  put: () => takeNewest,
  MaxOperator: () => builtIn('max'),
  max: () => builtIn('max'),
  BytesXOR: () => builtIn('bytesxor'),
  bytesxor: () => builtIn('bytesxor'),
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

/** As our own of the same name, but what has not eight bytes counts as 0. */
function addNumbers(base: Uint8Array | undefined, operands: readonly Uint8Array[]): Uint8Array {
  const numbers = (base === undefined ? operands : [base, ...operands]).filter(
    ({ length }) => length === NUMBER_BYTES,
  );
  return builtIn('uint64add')(new Uint8Array(NUMBER_BYTES), numbers);
}

function appendTexts(delimiter: string): MergeOperator {
  return builtIn(`stringappend:${delimiter}`);
}

function takeNewest(_base: Uint8Array | undefined, operands: readonly Uint8Array[]): Uint8Array {
  return operands.at(-1)!;
}

/** Our own, which does what RocksDB's does. */
function builtIn(name: string): MergeOperator {
  const operator = builtInOperator(name)!;
  return (base, operands) => operator.fullMerge(NO_KEY, base, operands);
}

// Makes values of operands, for one column family. A user's operator may do anything: whatever it
// throws, and whatever it gives that is no value, becomes one kind of error that names key and
// operator.

import { copyOfRange } from '../../base/bytes.ts';
import { LsmError } from '../../base/errors.ts';
import type { MergeOperator } from '../../base/mergeOperators/mergeOperator.ts';
import { VALUE_SIZE_MAX } from '../options.ts';
import { shownKey } from '../shownKey.ts';

/** Merges with the operator that the family names, if it is there. */
export class OperandMerger {
  /** `undefined`: what needs it is refused. */
  readonly operator: MergeOperator | undefined;
  private readonly family: string;
  private readonly name: string | null;

  /**
   * @param family its name, for messages.
   * @param name of its operator; `null` when it has none.
   * @param operator the one of that name; `undefined` when the store does not know it.
   */
  constructor(family: string, name: string | null, operator: MergeOperator | undefined) {
    this.family = family;
    this.name = name;
    this.operator = operator;
  }

  /**
   * @throws LsmError `NOT_SUPPORTED` when the family has no operator, or the store was opened
   * without it.
   */
  requireOperator(): MergeOperator {
    if (this.operator !== undefined) return this.operator;
    const cure =
      this.name === null
        ? 'has no merge operator; open the store with one as mergeOperator'
        : `is merged by "${this.name}", which this store was opened without; ` +
          'open it with that operator in mergeOperators';
    throw new LsmError('NOT_SUPPORTED', `the column family "${this.family}" ${cure}`);
  }

  /**
   * The value of `key`.
   * @param operands oldest first, at least one. All arrays are given away.
   * @throws LsmError `NOT_SUPPORTED` as `requireOperator`; `MERGE_FAILED` naming key and operator.
   */
  merge(
    key: Uint8Array,
    base: Uint8Array | undefined,
    operands: readonly Uint8Array[],
  ): Uint8Array {
    const operator = this.requireOperator();
    let value: unknown;
    try {
      value = operator.fullMerge(key.slice(), base, operands);
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw failed(operator, key, operands.length, reason, cause);
    }
    if (value instanceof Uint8Array && value.length <= VALUE_SIZE_MAX) return whole(value);
    const reason =
      value instanceof Uint8Array
        ? `it gave ${value.length} bytes, at most ${VALUE_SIZE_MAX} are allowed`
        : 'it gave no Uint8Array';
    throw failed(operator, key, operands.length, reason, undefined);
  }

  /**
   * One operand for several (oldest first, at least two); `undefined` when they stay apart. Never
   * throws: operands that cannot be combined are as good as they were.
   */
  combine(key: Uint8Array, operands: readonly Uint8Array[]): Uint8Array | undefined {
    try {
      const operand: unknown = this.operator?.partialMerge?.(key.slice(), operands);
      if (!(operand instanceof Uint8Array)) return undefined;
      return operand.length <= VALUE_SIZE_MAX ? whole(operand) : undefined;
    } catch {
      return undefined;
    }
  }
}

/** A view of a larger buffer, copied: it would keep all of that in memory. */
function whole(value: Uint8Array): Uint8Array {
  const { length } = value;
  return length === value.buffer.byteLength ? value : copyOfRange(value, 0, length);
}

function failed(
  { name }: MergeOperator,
  key: Uint8Array,
  operands: number,
  reason: string,
  cause: unknown,
): LsmError {
  const what = operands === 1 ? 'an operand' : `${operands} operands`;
  return new LsmError(
    'MERGE_FAILED',
    `"${name}" made no value of ${what} for the key ${shownKey(key)}: ${reason}; ` +
      'put or delete the key to go on without them',
    { cause },
  );
}

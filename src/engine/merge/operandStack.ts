// The operands of one key, gathered by a reader from the newest to the oldest, or the other way
// when it walks backward, down to what they stand on. They are merged only when somebody wants the
// value: a walk over keys alone costs no merge.

import { copyBytes } from '../../base/bytes.ts';
import type { Entry } from '../iterator/entry.ts';
import type { OperandMerger } from './operandMerger.ts';

/** Where the bytes of a value lie; they do not change while they can be reached. */
type ValuePlace = Pick<Entry, 'valueBytes' | 'valueOffset' | 'valueLength'>;

/** Keeps places; copies are made for the operator alone, which may keep or change them. */
export class OperandStack {
  private operands: ValuePlace[] = [];
  private base: ValuePlace | undefined;
  private isOldestFirst = false;

  /** Forgets all; from now on operands come from the newest to the oldest, or the other way. */
  clear(order: 'newest-first' | 'oldest-first'): void {
    this.operands = [];
    this.base = undefined;
    this.isOldestFirst = order === 'oldest-first';
  }

  /** The entry is the next operand. */
  push(entry: Entry): void {
    this.operands.push(placeOf(entry));
  }

  /** The entry is the value that they are merged onto. */
  setBase(entry: Entry): void {
    this.base = placeOf(entry);
  }

  /**
   * The value that they make.
   * @throws LsmError as `OperandMerger.merge`.
   */
  mergeWith(merger: OperandMerger, key: Uint8Array): Uint8Array {
    const { base, operands } = this;
    const copies = copiesOf(operands);
    const ordered = this.isOldestFirst ? copies : copies.reverse();
    return merger.merge(key, base === undefined ? undefined : copiesOf([base])[0], ordered);
  }
}

function placeOf({ valueBytes, valueOffset, valueLength }: Entry): ValuePlace {
  return { valueBytes, valueOffset, valueLength };
}

/**
 * Copies of values, in their order. They share one buffer: to make one for each costs more than to
 * copy what is in it.
 */
export function copiesOf(values: readonly ValuePlace[]): Uint8Array[] {
  const length = values.reduce((sum, { valueLength }) => sum + valueLength, 0);
  const all = new Uint8Array(length);
  let end = 0;
  return values.map(({ valueBytes, valueOffset, valueLength }) => {
    const start = end;
    end += valueLength;
    copyBytes(valueBytes, valueOffset, valueLength, all, start);
    return new Uint8Array(all.buffer, start, valueLength);
  });
}

// The operands of one key, gathered by a reader from the newest to the oldest, or the other way
// when it walks backward, down to what they stand on. They are merged only when somebody wants the
// value: a walk over keys alone costs no merge.

import type { Entry } from '../iterator/entry.ts';
import type { OperandMerger } from './operandMerger.ts';

/** Keeps where bytes lie, which do not change while they can be reached. */
export class OperandStack {
  /** Oldest first when `isOldestFirst`. */
  private operands: Uint8Array[] = [];
  private base: Uint8Array | undefined;
  private isOldestFirst = false;

  /** Operands on it. */
  get count(): number {
    return this.operands.length;
  }

  /** Forgets all; from now on operands come from the newest to the oldest, or the other way. */
  clear(order: 'newest-first' | 'oldest-first'): void {
    this.operands = [];
    this.base = undefined;
    this.isOldestFirst = order === 'oldest-first';
  }

  /** The entry is the next operand. */
  push({ valueBytes, valueOffset, valueLength }: Entry): void {
    this.operands.push(valueBytes.subarray(valueOffset, valueOffset + valueLength));
  }

  /** The entry is the value that they are merged onto. */
  setBase({ valueBytes, valueOffset, valueLength }: Entry): void {
    this.base = valueBytes.subarray(valueOffset, valueOffset + valueLength);
  }

  /**
   * The value that they make.
   * @throws LsmError as `OperandMerger.merge`.
   */
  mergeWith(merger: OperandMerger, key: Uint8Array): Uint8Array {
    const ordered = this.isOldestFirst ? this.operands : this.operands.toReversed();
    // Copies: operators may keep or change what they get.
    return merger.merge(
      key,
      this.base?.slice(),
      ordered.map((operand) => operand.slice()),
    );
  }
}

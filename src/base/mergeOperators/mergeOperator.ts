// What a merge operator is. A merge writes no value but an operand: what is to be done to the value
// that is there, told without reading it. The value comes of all operands later, when somebody
// reads the key or a compaction meets them.
//
// Operands may be worked in by parts, in one step or in several, but never in another order. So an
// operator must give the same value for
//
//   fullMerge(base, [a, b, c])   and   fullMerge(fullMerge(base, [a, b]), [c])
//
// and, when it has `partialMerge`, for
//
//   fullMerge(base, [a, b, c])   and   fullMerge(base, [a, partialMerge([b, c])])
//
// The two are RocksDB's FullMerge and PartialMerge (MergeOperator in merge_operator.h).

/** Makes values of operands; must depend on its arguments alone. */
export interface MergeOperator {
  /** Stored with each column family that uses it: another meaning needs another name. */
  readonly name: string;
  /**
   * The value of `key`.
   * @param base what the operands are merged onto; `undefined` when the key had no value.
   * @param operands oldest first, at least one. All arrays are the operator's own.
   * @throws anything, when they make no value; the key cannot be read then until it is put or
   * deleted.
   */
  fullMerge(
    key: Uint8Array,
    base: Uint8Array | undefined,
    operands: readonly Uint8Array[],
  ): Uint8Array;
  /**
   * One operand that does what `operands` (oldest first, at least two) do one after the other;
   * `undefined` when there is none. Lets compactions shorten what waits for its base. Left out:
   * they wait one by one.
   */
  partialMerge?(key: Uint8Array, operands: readonly Uint8Array[]): Uint8Array | undefined;
}

/**
 * An operator that treats the base as one more operand (RocksDB's AssociativeMergeOperator).
 * @param join does what both say, the earlier first.
 */
export function associativeOperator(
  name: string,
  join: (earlier: Uint8Array, later: Uint8Array) => Uint8Array,
): MergeOperator {
  return {
    name,
    fullMerge: (_key, base, operands) =>
      base === undefined ? operands.reduce(join) : operands.reduce(join, base),
    partialMerge: (_key, operands) => operands.reduce(join),
  };
}

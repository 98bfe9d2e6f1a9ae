// How many bits of filter a key gets, depending on where its table lies: Monkey (Dayan,
// Athanassoulis and Idreos: "Monkey: optimal navigable key-value store", SIGMOD 2017).
//
// A get of an absent key asks every run, and looks into as many in vain as the sum of their false
// positive rates. With b bits a key a filter errs at the rate p = e^(-b ln² 2). For a given total
// of bits that sum is least where p is proportional to the run's number of keys: the small runs
// above get many bits a key, which costs little, and the largest a few less. A run for which p
// would exceed 1 gets no filter, and the others share what it leaves.

const LN2_SQUARED = Math.LN2 ** 2;
/** More would buy nothing that anyone could measure. */
const BITS_MAX = 40;

/**
 * Bits for each key of a run of `entries`, when it and `others` together have `bitsPerKey` on
 * average. In steps of a tenth.
 * @param others entries of every other run.
 */
export function monkeyBitsPerKey(
  bitsPerKey: number,
  entries: number,
  others: readonly number[],
): number {
  const runs = [entries, ...others].filter((count) => count > 0).toSorted((a, b) => a - b);
  const budget = bitsPerKey * runs.reduce((sum, count) => sum + count, 0);
  for (; runs.length > 0; runs.pop()) {
    // p = scale · count for each; the bits of all add up to the budget.
    const keys = runs.reduce((sum, count) => sum + count, 0);
    const weighted = runs.reduce((sum, count) => sum + count * Math.log(count), 0);
    const logScale = -(budget * LN2_SQUARED + weighted) / keys;
    if (logScale + Math.log(runs.at(-1)!) >= 0) continue;
    const bits = -(logScale + Math.log(entries)) / LN2_SQUARED;
    return Math.min(BITS_MAX, Math.max(0, Math.round(10 * bits) / 10));
  }
  return 0;
}

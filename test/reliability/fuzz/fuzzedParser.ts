// What is fuzzed.

/** A parser under test. */
export interface FuzzedParser {
  readonly name: string;
  /** It reads at least the first of them well. */
  readonly seeds: readonly Uint8Array[];
  /** Reads all of it; throws only `LsmError`. */
  readonly read: (bytes: Uint8Array) => unknown;
  /** Makes checksums right again after a mutation, so that what lies behind them is reached. */
  readonly repair?: (bytes: Uint8Array) => Uint8Array;
  /** Of one that waits for something: how often it runs at least, in place of the usual. */
  readonly runsMin?: number;
}

// What the versions of one key come to, as each engine has it: in LevelDB the newest counts alone;
// where there are operands to merge, older ones matter too.

import type { FoundVersion } from './sst/sstLookup.ts';

/** The kind of a version that holds its value as it is. */
export const CODE_PUT = 1;

/** An engine's rules. */
export interface ValueRules {
  /** Whether what is older than a version of this kind matters too. */
  readonly needsOlder: (code: number) => boolean;
  /** Name of what makes values of operands; empty when it is not known. */
  readonly mergedBy: string;
  /**
   * The value of a key; `undefined` when it has none.
   * @param versions newest first, the last one perhaps one that needs older ones of which there are
   * none.
   * @throws LsmError when a value lies elsewhere and cannot be read.
   */
  readonly valueOf: (key: Uint8Array, versions: readonly FoundVersion[]) => Uint8Array | undefined;
}

/** LevelDB's: the newest version is a value or a tombstone. */
export const NEWEST_ALONE: ValueRules = {
  needsOlder: () => false,
  mergedBy: '',
  valueOf: (_, [newest]) => (newest?.code === CODE_PUT ? newest.value : undefined),
};

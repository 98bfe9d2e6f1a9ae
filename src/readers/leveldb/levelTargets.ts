// How full LevelDB holds its levels to be (db/version_set.cc): level 0 by its tables against 4, the
// deeper ones by their bytes against 10 MiB, ten times as many in each further level, the last
// without a limit.

import type { LevelTarget } from '../../protocol/events.ts';

export const LEVEL_COUNT = 7;
const L0_TABLES = 4;
const LEVEL_1_BYTES = 10 * 1024 * 1024;

/** @param levels tables and bytes of each level, by its number */
export function leveldbTargets(
  levels: readonly { readonly tables: number; readonly sizeBytes: number }[],
): LevelTarget[] {
  return levels.map(({ tables, sizeBytes }, level) => {
    if (level === 0) {
      return { level, score: tables / L0_TABLES, measure: 'files', limit: L0_TABLES };
    }
    if (level >= LEVEL_COUNT - 1) return { level, score: 0, measure: 'bytes', limit: 0 };
    const limit = LEVEL_1_BYTES * 10 ** (level - 1);
    return { level, score: sizeBytes / limit, measure: 'bytes', limit };
  });
}

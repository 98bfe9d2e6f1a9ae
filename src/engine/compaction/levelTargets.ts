// How many bytes each level of a leveled tree may hold, and into which level level 0 is merged.
//
// Fixed: from level 1 down, limit(n) = levelBaseSize · levelMultiplier^(n−1).
//
// Dynamic: from the deepest level in use up, each level a levelMultiplier-th of the one below, as
// long as that is above levelBaseSize. The levels between stay empty and level 0 is merged into the
// first that is not. So the deepest level always holds about nine tenths of the data, whatever its
// size, and what is overwritten takes at most about a ninth more (RocksDB's
// level_compaction_dynamic_level_bytes; Dong et al., Optimizing Space Amplification in RocksDB,
// CIDR 2017).

import type { FamilyVersion } from '../manifest/version.ts';
import type { ResolvedOptions } from '../options.ts';

/** The limits of a version's levels. */
export interface LevelLimits {
  /** Level 0 is merged into this one. */
  readonly baseLevel: number;
  /** Bytes, index = level; 0 for level 0 and for the last, which has no limit. */
  readonly bytes: readonly number[];
}

/** The limits of every level as the tables lie now. */
export function limitsOf(version: FamilyVersion, options: ResolvedOptions): LevelLimits {
  return options.dynamicLevelBytes
    ? dynamicLimits(version, options)
    : fixedLimits(version, options);
}

function fixedLimits(version: FamilyVersion, options: ResolvedOptions): LevelLimits {
  const { levelBaseSize, levelMultiplier } = options;
  const last = version.levels.length - 1;
  const bytes = version.levels.map(({ level }) =>
    level === 0 || level === last ? 0 : levelBaseSize * levelMultiplier ** (level - 1),
  );
  return { baseLevel: 1, bytes };
}

function dynamicLimits({ levels }: FamilyVersion, options: ResolvedOptions): LevelLimits {
  const { levelBaseSize, levelMultiplier } = options;
  const last = levels.length - 1;
  const bytes = levels.map(() => 0);
  const firstUsed = levels.findIndex(({ level, tableCount }) => level > 0 && tableCount > 0);
  if (firstUsed === -1) return { baseLevel: last, bytes };
  let baseLevel = last;
  let limit = Math.max(...levels.slice(1).map(({ sizeBytes }) => sizeBytes));
  // As many levels as the data needs, and down from whatever is in use already.
  while (baseLevel > 1 && (baseLevel > firstUsed || limit > levelBaseSize)) {
    baseLevel--;
    limit /= levelMultiplier;
    bytes[baseLevel] = Math.max(limit, levelBaseSize / levelMultiplier);
  }
  return { baseLevel, bytes };
}

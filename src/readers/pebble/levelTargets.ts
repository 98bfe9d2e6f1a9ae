// How full Pebble holds its levels to be (compaction_picker.go, calculateL0FillFactor and
// calculateLevelSizes), by the options it was opened with.
//
// Level 0 by its sublevels, twice their number against a threshold, or by its tables when those
// are more urgent. The last level holds all data but a tenth; each one above may have a tenth of
// the one below, up to the first that may have no more than the base size: into that one level 0 is
// merged. The multiplier between them is then made smaller, until the base has its size.

import type { LevelTarget } from '../../protocol/events.ts';
import type { LevelFigures } from '../rocksdb/levelTargets.ts';
import { numberOption } from '../rocksdb/optionsFile.ts';
import type { OptionSection } from '../rocksdb/optionsFile.ts';

/** Pebble's defaults, for what the options do not tell. */
const L0_THRESHOLD = 4;
const L0_FILE_THRESHOLD = 500;
const BASE_BYTES = 64 * 1024 * 1024;
const MULTIPLIER = 10;

/** @param levels by their numbers */
export function pebbleTargets(
  levels: readonly LevelFigures[],
  options: OptionSection,
): LevelTarget[] {
  const limits = byteLimits(levels, options);
  return levels.map((figures, level) => {
    if (level === 0) return topTarget(figures, options);
    const limit = Math.round(limits[level] ?? 0);
    const score = limit > 0 ? figures.sizeBytes / limit : 0;
    return { level, score, measure: 'bytes', limit };
  });
}

function topTarget({ tables, sublevels }: LevelFigures, options: OptionSection): LevelTarget {
  const threshold = numberOption(options, 'l0_compaction_threshold', L0_THRESHOLD);
  const fileThreshold = numberOption(options, 'l0_compaction_file_threshold', L0_FILE_THRESHOLD);
  const byFiles = tables / Math.max(1, fileThreshold);
  if (sublevels === undefined)
    return { level: 0, score: byFiles, measure: 'files', limit: fileThreshold };
  const limit = Math.ceil(threshold / 2);
  const score = Math.max((2 * sublevels) / Math.max(1, threshold), byFiles);
  return { level: 0, score, measure: 'sublevels', limit };
}

/** 0 for a level without a limit. */
function byteLimits(levels: readonly LevelFigures[], options: OptionSection): number[] {
  const limits = levels.map(() => 0);
  const baseBytes = numberOption(options, 'lbase_max_bytes', BASE_BYTES);
  const multiplier = Math.max(2, numberOption(options, 'level_multiplier', MULTIPLIER));
  const last = levels.length - 1;
  const first = levels.findIndex(({ sizeBytes }, level) => level > 0 && sizeBytes > 0);
  if (first === -1) return limits;
  const allBytes = levels.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const lastBytes = allBytes - allBytes / multiplier;
  let base = first;
  let size = lastBytes / multiplier ** (last - first);
  while (base > 1 && size > baseBytes) {
    base--;
    size /= multiplier;
  }
  const steps = last - base;
  const smoothed = steps === 0 ? 1 : (lastBytes / baseBytes) ** (1 / steps);
  const isTooSteep = smoothed > multiplier;
  const start = isTooSteep ? size : baseBytes;
  for (let level = base; level <= last; level++) {
    limits[level] = start * (isTooSteep ? multiplier : smoothed) ** (level - base);
  }
  return limits;
}

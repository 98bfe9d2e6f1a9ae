// How full RocksDB holds its levels to be (db/version_set.cc, CalculateBaseBytes and
// ComputeCompactionScore), by the options it was opened with.
//
// Leveled: level 0 by its tables against a trigger, deeper ones by their bytes. With dynamic sizes
// the last level gives the measure: each one above may have a tenth of it, up to the first that may
// have no more than the base size; those above that are left empty. Universal: the number of sorted
// runs. FIFO: all bytes together.

import type { LevelTarget } from '../../protocol/events.ts';
import { nestedOptions, numberOption, textOption } from './optionsFile.ts';
import type { OptionSection } from './optionsFile.ts';

const MIB = 1024 * 1024;
/** RocksDB's defaults, for what the options do not tell. */
const LEVEL_COUNT = 7;
const L0_TABLES = 4;
const BASE_BYTES = 256 * MIB;
const MULTIPLIER = 10;
const FIFO_BYTES = 1024 * MIB;

/** A level's tables and bytes. */
export interface LevelFigures {
  readonly tables: number;
  readonly sizeBytes: number;
  /** How many there are, where level 0 is divided into them. */
  readonly sublevels?: number | undefined;
}

/** How many levels a family has. */
export function levelCountOf(options: OptionSection): number {
  return numberOption(options, 'num_levels', LEVEL_COUNT);
}

/** What the family's compaction is called here. */
export function strategyOf(options: OptionSection): string {
  switch (textOption(options, 'compaction_style')) {
    case 'kCompactionStyleUniversal':
      return 'universal';
    case 'kCompactionStyleFIFO':
      return 'fifo';
    case 'kCompactionStyleNone':
      return 'none';
    default:
      return 'leveled';
  }
}

/** @param levels by their numbers */
export function rocksdbTargets(
  levels: readonly LevelFigures[],
  options: OptionSection,
): LevelTarget[] {
  const trigger = numberOption(options, 'level0_file_num_compaction_trigger', L0_TABLES);
  switch (strategyOf(options)) {
    case 'universal':
      return universalTargets(levels, trigger);
    case 'fifo':
      return fifoTargets(levels, options);
    case 'none':
      return levels.map((_, level) => unlimited(level));
    default:
      return leveledTargets(levels, options, trigger);
  }
}

function leveledTargets(
  levels: readonly LevelFigures[],
  options: OptionSection,
  trigger: number,
): LevelTarget[] {
  const limits = byteLimits(levels, options);
  return levels.map(({ tables, sizeBytes }, level) => {
    if (level === 0) {
      return { level, score: ratio(tables, trigger), measure: 'files', limit: trigger };
    }
    const limit = Math.round(limits[level] ?? 0);
    return { level, score: ratio(sizeBytes, limit), measure: 'bytes', limit };
  });
}

/** 0 for a level without a limit. */
function byteLimits(levels: readonly LevelFigures[], options: OptionSection): number[] {
  const base = numberOption(options, 'max_bytes_for_level_base', BASE_BYTES);
  const multiplier = numberOption(options, 'max_bytes_for_level_multiplier', MULTIPLIER);
  const last = levels.length - 1;
  if (options['level_compaction_dynamic_level_bytes'] === true) {
    return dynamicLimits(levels, base, multiplier);
  }
  return levels.map((_, level) => (level === last ? 0 : base * multiplier ** (level - 1)));
}

function dynamicLimits(
  levels: readonly LevelFigures[],
  base: number,
  multiplier: number,
): number[] {
  const limits = levels.map(() => 0);
  const last = levels.length - 1;
  const sizes = levels.map(({ sizeBytes }, level) => (level === 0 ? 0 : sizeBytes));
  const largest = Math.max(...sizes);
  let first = sizes.findIndex((sizeBytes) => sizeBytes > 0);
  if (first === -1) return limits;
  let size = largest / multiplier ** (last - first);
  while (first > 1 && size > base) {
    first--;
    size /= multiplier;
  }
  size = Math.min(base, Math.max(size, base / multiplier + 1));
  for (let level = first; level < last; level++)
    limits[level] = size * multiplier ** (level - first);
  return limits;
}

function universalTargets(levels: readonly LevelFigures[], trigger: number): LevelTarget[] {
  const runs = (levels[0]?.tables ?? 0) + levels.slice(1).filter(({ tables }) => tables > 0).length;
  return levels.map((_, level) =>
    level === 0
      ? { level, score: ratio(runs, trigger), measure: 'runs', limit: trigger }
      : unlimited(level),
  );
}

function fifoTargets(levels: readonly LevelFigures[], options: OptionSection): LevelTarget[] {
  const nested = nestedOptions(textOption(options, 'compaction_options_fifo'));
  const limit = Number(nested['max_table_files_size'] ?? FIFO_BYTES);
  const sizeBytes = levels.reduce((sum, level) => sum + level.sizeBytes, 0);
  return levels.map((_, level) =>
    level === 0
      ? { level, score: ratio(sizeBytes, limit), measure: 'bytes', limit }
      : unlimited(level),
  );
}

function unlimited(level: number): LevelTarget {
  return { level, score: 0, measure: 'bytes', limit: 0 };
}

function ratio(value: number, limit: number): number {
  return limit > 0 ? value / limit : 0;
}

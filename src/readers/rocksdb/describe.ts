// A RocksDB directory as the state that viewers draw.

import { compareBytes } from '../../base/bytes.ts';
import type { TableInfo } from '../../protocol/events.ts';
import type { FamilyState, LevelState } from '../../protocol/treeState.ts';
import { levelFigures } from './history.ts';
import type { Dialect } from './dialect.ts';
import { levelCountOf } from './levelTargets.ts';
import type { FamilyVersion } from './manifest.ts';
import type { FamilyMemtables } from './memtables.ts';
import type { RocksdbTable } from './newFile.ts';
import { numberOption, textOption } from './optionsFile.ts';
import type { FamilyOptions, OptionValue, StoreOptions } from './optionsFile.ts';

/** RocksDB's default. */
const WRITE_BUFFER_BYTES = 64 * 1024 * 1024;
/** A viewer takes at most so many. */
const OPTIONS_MAX = 900;
const OPTION_CHARACTERS_MAX = 2000;

/** How large a family's memtables may grow. */
export function memtableCapacity({ values }: FamilyOptions): number {
  return numberOption(values, 'write_buffer_size', WRITE_BUFFER_BYTES);
}

/** One family. */
export function describeFamily(
  family: FamilyVersion,
  memtables: FamilyMemtables,
  options: FamilyOptions,
  infoOf: (level: number, table: RocksdbTable) => TableInfo,
  targetsOf: Dialect['targetsOf'],
): FamilyState {
  const capacity = memtableCapacity(options);
  const figures = levelFigures(family, levelCountOf(options.values));
  const targets = targetsOf(figures, options.values);
  const levels = figures.map(({ sizeBytes }, level): LevelState => {
    const tables = [...(family.levels[level]?.values() ?? [])].map((table) => infoOf(level, table));
    return { level, tables: tables.sort(drawingOrder), sizeBytes, target: targets[level]! };
  });
  return {
    family: family.id,
    name: family.name,
    memtable: memtables.active.describe(capacity),
    immutables: memtables.sealed.map((memtable) => memtable.describe(capacity)),
    levels,
    ghosts: [],
    stall: null,
  };
}

/** As the fold of events orders them: newest run first, within a run ascending by bytes. */
function drawingOrder(left: TableInfo, right: TableInfo): number {
  return right.run - left.run || compareBytes(left.smallestKey, right.smallestKey);
}

/** What the store was opened with, as its OPTIONS file names it; families' by their name. */
export function describeOptions(
  options: StoreOptions,
  identity: string,
): Readonly<Record<string, OptionValue>> {
  const shown: [string, OptionValue][] = identity === '' ? [] : [['identity', identity]];
  for (const [name, value] of Object.entries(options.database)) shown.push([name, value]);
  for (const [family, { values, tableFormat, table }] of options.families) {
    const times = timeToLive({ values });
    const own = family === 'default' ? '' : `${family}: `;
    const format = tableFormat === '' ? {} : { table_format: tableFormat };
    for (const [name, value] of Object.entries({ ...times, ...values, ...format, ...table })) {
      shown.push([`${own}${name}`, value]);
    }
  }
  return Object.fromEntries(
    shown
      .slice(0, OPTIONS_MAX)
      .map(([name, value]) => [
        name,
        typeof value === 'string' ? value.slice(0, OPTION_CHARACTERS_MAX) : value,
      ]),
  );
}

/** The utility that lets values expire puts the time of writing behind each, 4 bytes. */
function timeToLive({ values }: Pick<FamilyOptions, 'values'>): Record<string, OptionValue> {
  const hasTimes = ['compaction_filter_factory', 'compaction_filter'].some((name) =>
    textOption(values, name).includes('TtlCompactionFilter'),
  );
  return hasTimes ? { values_end_with: '4 bytes: when they were written' } : {};
}

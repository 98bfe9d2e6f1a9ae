// Which column families the new store has: those that the manifest names, with their names and
// options; and where its end could not be read, every other one of which anything was saved.

import type { FamilyRecord, FamilyRecords } from '../manifest/familyRecord.ts';
import type { FamilyOptions } from '../options.ts';
import type { DamagedStore } from './damagedStore.ts';

/**
 * @param saved numbers of the families of which there are tables or log entries.
 * @param chosen options given for the new store.
 */
export function repairedFamilies(
  { record, isComplete }: Pick<DamagedStore, 'record' | 'isComplete'>,
  saved: Iterable<number>,
  chosen: FamilyOptions,
): FamilyRecords {
  const named = record.families.map((family) => {
    const options = family.id === 0 ? { ...family.options, ...chosen } : family.options;
    return { ...family, options };
  });
  const isNamed = (id: number): boolean => named.some((family) => family.id === id);
  const unnamed = isComplete ? [] : [...saved].filter((id) => !isNamed(id));
  const families = [...named, ...unnamed.map(found)].toSorted((left, right) => left.id - right.id);
  const after = families.at(-1)!.id + 1;
  return { families, nextFamily: Math.max(record.nextFamily, after) };
}

function found(id: number): FamilyRecord {
  return { id, name: `recovered family ${id}`, options: {}, flushedSequence: 0 };
}

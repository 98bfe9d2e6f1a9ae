// The column families as the manifest has them: which there are, what was chosen for each, and how
// much of each lies in tables.

import { encodeUtf8 } from '../../base/bytes.ts';
import { DEFAULT_FAMILY_NAME, FAMILY_NAME_SIZE_MAX } from '../family/columnFamily.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import type { FamilyOptions } from '../options.ts';
import { EditMismatch } from './version.ts';
import type { VersionEdit } from './versionEdit.ts';

/** One family. */
export interface FamilyRecord {
  readonly id: number;
  readonly name: string;
  /** Those that were chosen, at its making or at a later opening. */
  readonly options: FamilyOptions;
  /** All its entries up to this sequence number are in its tables. */
  readonly flushedSequence: SequenceNumber;
}

/** All families, ascending, and the number of the next one: what misses below it was dropped. */
export interface FamilyRecords {
  readonly families: readonly FamilyRecord[];
  readonly nextFamily: number;
}

/** The families of a new store. */
export function firstFamilies(options: FamilyOptions): FamilyRecords {
  const family = { id: 0, name: DEFAULT_FAMILY_NAME, options, flushedSequence: 0 };
  return { families: [family], nextFamily: 1 };
}

/**
 * The families after an edit.
 * @throws EditMismatch when it makes one that was there or had been, or changes one that is not.
 */
export function familiesAfter(before: FamilyRecords, edit: VersionEdit): FamilyRecords {
  const { createdFamilies, droppedFamilies, familyOptions, flushed } = edit;
  let { families, nextFamily } = before;
  for (const { id, name } of createdFamilies) {
    checkNew({ families, nextFamily }, id, name);
    families = [...families, { id, name, options: {}, flushedSequence: 0 }];
    nextFamily = id + 1;
  }
  for (const { family, options } of familyOptions) {
    families = changed(families, family, (record) => ({ ...record, options }));
  }
  for (const { family, sequence } of flushed) {
    families = changed(families, family, (record) => ({ ...record, flushedSequence: sequence }));
  }
  for (const id of droppedFamilies) {
    if (id === 0) throw new EditMismatch('the default column family is dropped');
    families = families.toSpliced(indexOf(families, id), 1);
  }
  return { families, nextFamily: Math.max(nextFamily, edit.nextFamily ?? 0) };
}

function checkNew({ families, nextFamily }: FamilyRecords, id: number, name: string): void {
  if (id < nextFamily) throw new EditMismatch(`column family ${id} is created a second time`);
  if (families.some((family) => family.name === name)) {
    throw new EditMismatch(`a second column family is called "${name}"`);
  }
  const { length } = encodeUtf8(name);
  if (length === 0 || length > FAMILY_NAME_SIZE_MAX) {
    throw new EditMismatch(`column family ${id} has a name of ${length} bytes`);
  }
}

function changed(
  families: readonly FamilyRecord[],
  id: number,
  change: (record: FamilyRecord) => FamilyRecord,
): readonly FamilyRecord[] {
  const index = indexOf(families, id);
  return families.with(index, change(families[index]!));
}

function indexOf(families: readonly FamilyRecord[], id: number): number {
  const index = families.findIndex((family) => family.id === id);
  if (index === -1) throw new EditMismatch(`there is no column family ${id}`);
  return index;
}

/** The part of an edit that says all of it. The default family needs no making. */
export function wholeFamilies({
  families,
  nextFamily,
}: FamilyRecords): Pick<
  VersionEdit,
  'createdFamilies' | 'familyOptions' | 'flushed' | 'nextFamily'
> {
  return {
    createdFamilies: families.slice(1).map(({ id, name }) => ({ id, name })),
    familyOptions: families
      .filter(({ options }) => Object.keys(options).length > 0)
      .map(({ id, options }) => ({ family: id, options })),
    flushed: families
      .filter(({ flushedSequence }) => flushedSequence > 0)
      .map(({ id, flushedSequence }) => ({ family: id, sequence: flushedSequence })),
    nextFamily,
  };
}

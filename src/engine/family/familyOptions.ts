// Where a family's options come from. What is chosen for a family is stored in the manifest, so
// that a store opens with what it was made with; what is given when it is opened wins, and is
// stored then. The default family's are what every other family has unless it says otherwise.
//
//   defaults < stored of `default` < given for the store < stored of the family < given for it

import { LsmError } from '../../base/errors.ts';
import type { FamilyRecord } from '../manifest/familyRecord.ts';
import { FAMILY_OPTION_NAMES, resolveOptions } from '../options.ts';
import type { FamilyOptions, LsmOptions, ResolvedOptions } from '../options.ts';
import { DEFAULT_FAMILY_NAME } from './columnFamily.ts';

/** Those of a family's options that have a value. */
export function chosenOptions(options: FamilyOptions): FamilyOptions {
  const chosen = FAMILY_OPTION_NAMES.map((name) => [name, options[name]] as const);
  return Object.fromEntries(chosen.filter(([, value]) => value !== undefined));
}

/** What a family has chosen: stored, or given now. */
export function chosenFor(record: FamilyRecord, given: LsmOptions): FamilyOptions {
  const forAll = record.name === DEFAULT_FAMILY_NAME ? chosenOptions(given) : {};
  return { ...record.options, ...forAll, ...chosenOptions(given.families?.[record.name] ?? {}) };
}

/**
 * All options of a family.
 * @param base chosen for the default family.
 * @param own chosen for this one.
 * @throws LsmError `INVALID_ARGUMENT` naming the option that is out of bounds.
 */
export function familyOptionsOf(
  given: LsmOptions,
  base: FamilyOptions,
  own: FamilyOptions,
): ResolvedOptions {
  return resolveOptions({ ...given, ...base, ...own });
}

/** @throws LsmError `INVALID_ARGUMENT` for an option that is not a family's own. */
export function refuseForeignOptions(family: string, options: FamilyOptions): void {
  const names: readonly string[] = FAMILY_OPTION_NAMES;
  for (const name of Object.keys(options)) {
    if (names.includes(name)) continue;
    throw new LsmError(
      'INVALID_ARGUMENT',
      `${name} is no option of a column family, so "${family}" cannot have its own`,
    );
  }
}

export function sameOptions(left: FamilyOptions, right: FamilyOptions): boolean {
  return FAMILY_OPTION_NAMES.every(
    (name) => JSON.stringify(left[name]) === JSON.stringify(right[name]),
  );
}

/**
 * Operands that one operator was to merge mean something else to every other one.
 * @param stored what the family was merged by so far; `null` when by nothing.
 * @throws LsmError `INVALID_ARGUMENT` when `chosen` is another.
 */
export function refuseOtherOperator(
  family: string,
  chosen: string | null,
  stored: string | null,
): void {
  if (stored === null || chosen === stored) return;
  throw new LsmError(
    'INVALID_ARGUMENT',
    `the column family "${family}" is merged by "${stored}", so mergeOperator cannot be ` +
      `${chosen === null ? 'null' : `"${chosen}"`}; leave it out, or copy into another family`,
  );
}

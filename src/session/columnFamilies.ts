// Column families by their names, and what a store says to a name that it does not have.

import { LsmError } from '../base/errors.ts';
import type { Lsm } from '../engine/db.ts';
import type { ColumnFamily } from '../engine/family/columnFamily.ts';

/**
 * The family that a viewer named; `undefined` for the default one.
 * @throws LsmError `INVALID_ARGUMENT` when there is none of this name.
 */
export function familyNamed(store: Lsm, name: string | undefined): ColumnFamily | undefined {
  if (name === undefined) return undefined;
  const family = store.family(name);
  if (family === undefined) throw noColumnFamily(name, store.families);
  return family;
}

/** The refusal of a name, with those that there are. */
export function noColumnFamily(
  name: string,
  families: readonly { readonly name: string }[],
): LsmError {
  const known = families.map((family) => family.name).join(', ');
  return new LsmError(
    'INVALID_ARGUMENT',
    `there is no column family "${name}"; there are: ${known}`,
  );
}

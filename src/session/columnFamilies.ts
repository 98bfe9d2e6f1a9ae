// What a store says to the name of a column family that it does not have.

import { LsmError } from '../base/errors.ts';

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

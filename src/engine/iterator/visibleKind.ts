// What the newest visible entry of a key means for a reader.

import { LsmError } from '../../base/errors.ts';
import { KIND_DELETE, KIND_MERGE, KIND_PUT, KIND_SINGLE_DELETE } from '../entryKind.ts';

/**
 * Whether an entry of this kind gives its key a value, a merge together with what is older;
 * otherwise it hides the key.
 * @throws LsmError `NOT_SUPPORTED` for kinds that only a later version can resolve.
 */
export function givesValue(kind: number): boolean {
  if (kind === KIND_PUT || kind === KIND_MERGE) return true;
  if (kind === KIND_DELETE || kind === KIND_SINGLE_DELETE) return false;
  throw new LsmError(
    'NOT_SUPPORTED',
    `an entry has kind ${kind}, which this version cannot read; a newer version wrote it`,
  );
}

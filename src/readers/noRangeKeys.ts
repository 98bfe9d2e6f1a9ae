// LevelDB and RocksDB have no values for ranges of keys.

import { LsmError } from '../base/errors.ts';

/** What is said of a store that cannot have them. */
export function noRangeKeys(engine: string): LsmError {
  return new LsmError('NOT_SUPPORTED', `${engine} has no range keys; Pebble has`);
}

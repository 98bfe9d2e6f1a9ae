// Which tables of a run a scan over one prefix has to look into: those whose range holds any key of
// it, but for those whose filter knows that there is none.
//
// A filter can answer only when every key that begins with the scan's bytes has the same prefix as
// the table's writer saw it, and has one at all. That is so when the scan's bytes alone have one:
// they are long enough, or hold the delimiting byte. The table's own extractor counts, which it
// names, not the store's: options may change.

import { hash64 } from '../../base/hash.ts';
import { prefixEnd } from '../../base/bytes.ts';
import type { FileNumber, TableInfo } from '../../protocol/events.ts';
import type { TableCache } from '../cache/tableCache.ts';
import { overlapping } from '../manifest/version.ts';
import type { Run } from '../manifest/version.ts';
import { PREFIX_SEED } from '../table/filter.ts';
import { prefixLength } from '../table/prefixExtractor.ts';
import type { TableReader } from '../table/tableReader.ts';

const hash = new Uint32Array(2);

/** A table that a filter spared a scan. */
export interface SkippedTable {
  readonly level: number;
  readonly file: FileNumber;
}

/**
 * The tables that may hold keys beginning with `prefix`, ascending.
 * @param skipped receives those that the filter excludes.
 * @throws LsmError when a table must be opened and cannot.
 */
export function tablesWithPrefix(
  run: Run,
  level: number,
  prefix: Uint8Array,
  tables: TableCache,
  skipped: SkippedTable[],
): readonly TableInfo[] {
  const inRange = overlapping(run, { from: prefix, to: prefixEnd(prefix) });
  return inRange.filter((table) => {
    const mayHold = mayHoldPrefix(tables.reader(table), prefix);
    if (!mayHold) skipped.push({ level, file: table.file });
    return mayHold;
  });
}

function mayHoldPrefix({ filter, prefixExtractor }: TableReader, prefix: Uint8Array): boolean {
  if (filter === undefined || prefixExtractor === null) return true;
  const length = prefixLength(prefixExtractor, prefix, 0, prefix.length);
  if (length === 0) return true;
  hash64(prefix, 0, length, PREFIX_SEED, hash);
  return filter.mayContain(hash, null);
}

// Tables for tests of versions and strategies: figures without a file behind them.

import { encodeUtf8 } from '../../src/base/bytes.ts';
import { tableFileName } from '../../src/engine/fileNames.ts';
import { EMPTY_EDIT } from '../../src/engine/manifest/versionEdit.ts';
import type { VersionEdit } from '../../src/engine/manifest/versionEdit.ts';
import { applyEdit, emptyVersion, withLevels } from '../../src/engine/manifest/version.ts';
import type { Version } from '../../src/engine/manifest/version.ts';
import type { TableInfo } from '../../src/protocol/events.ts';

/** A table from `smallest` to `largest`; `run` is its own number unless given. */
export function table(
  file: number,
  smallest: string,
  largest: string,
  rest: Partial<TableInfo> = {},
): TableInfo {
  return {
    file,
    name: tableFileName(file),
    run: file,
    sizeBytes: 1000,
    entries: 10,
    tombstones: 0,
    rangeDeletes: 0,
    smallestKey: encodeUtf8(smallest),
    largestKey: encodeUtf8(largest),
    smallestSequence: 1,
    largestSequence: 10,
    createdMicros: 1_700_000_000_000_000,
    largestTimestampMicros: 1_700_000_000_000_000,
    rawKeyBytes: 100,
    rawValueBytes: 900,
    dataBlocks: 1,
    filterSizeBytes: 64,
    indexSizeBytes: 32,
    compression: 'none',
    madeBy: 'flush',
    ...rest,
  };
}

/** An edit that adds tables to family 0, by level. */
export function addition(places: readonly (readonly [number, TableInfo])[]): VersionEdit {
  const added = places.map(([level, info]) => ({ family: 0, level, table: info }));
  return { ...EMPTY_EDIT, added };
}

/** A version of one family with the given tables, by level, and at least so many levels. */
export function versionOf(
  places: readonly (readonly [number, TableInfo])[],
  levelCount = 7,
): Version {
  const { families } = applyEdit(emptyVersion(), addition(places));
  return { families: families.map((family) => withLevels(family, levelCount)) };
}

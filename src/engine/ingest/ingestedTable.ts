// What tables say of ingested ones. An ingested table's file is as it was written outside: it holds
// neither its family nor its sequence number, which only the manifest knows. So that a repair finds
// them where there is no manifest any more, every table that is written later tells of the ingested
// ones that it shares keys with; one that was under way when they came does not, and is older.

import { compareBytes } from '../../base/bytes.ts';
import type { TableInfo } from '../../protocol/events.ts';
import type { FamilyVersion } from '../manifest/version.ts';

/** An ingested table of a version. */
export type IngestedTable = Pick<
  TableInfo,
  'file' | 'smallestSequence' | 'smallestKey' | 'largestKey'
>;

/** The ingested tables of a family. */
export function ingestedTablesOf({ levels }: FamilyVersion): IngestedTable[] {
  const ingested: IngestedTable[] = [];
  for (const level of levels) {
    for (const run of level.runs) {
      for (const { madeBy, file, smallestSequence, smallestKey, largestKey } of run.tables) {
        if (madeBy !== 'ingest') continue;
        ingested.push({ file, smallestSequence, smallestKey, largestKey });
      }
    }
  }
  return ingested;
}

/** A span of keys, both ends included. */
type KeySpan = Pick<TableInfo, 'smallestKey' | 'largestKey'>;

/** Whether two spans have keys in common. */
export function shareKeys(left: KeySpan, right: KeySpan): boolean {
  return (
    compareBytes(left.smallestKey, right.largestKey) <= 0 &&
    compareBytes(right.smallestKey, left.largestKey) <= 0
  );
}

/**
 * What a table with the keys of `span` has in its properties: the number of each ingested table
 * that it shares keys with, followed by the sequence number of all entries of that one.
 */
export function toldBy(span: KeySpan, ingested: readonly IngestedTable[]): number[] {
  return ingested
    .filter((table) => shareKeys(span, table))
    .flatMap(({ file, smallestSequence }) => [file, smallestSequence]);
}

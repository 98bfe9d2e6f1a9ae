// What a manifest says of a table, worked out from the table itself.

import type { FileNumber, TableInfo } from '../../protocol/events.ts';
import { tableFileName } from '../fileNames.ts';
import type { TableReader } from './tableReader.ts';

/** The figures of an open table, as number `file` and member of run `run`. */
export function tableInfoOf(reader: TableReader, file: FileNumber, run: number): TableInfo {
  const { properties, footer } = reader;
  return {
    file,
    name: tableFileName(file),
    run,
    sizeBytes: footer.fileSizeBytes,
    entries: properties.entries,
    tombstones: properties.tombstones,
    rangeDeletes: properties.rangeDeletes,
    smallestKey: properties.smallestKey,
    largestKey: properties.largestKey,
    smallestSequence: properties.smallestSequence,
    largestSequence: properties.largestSequence,
    createdMicros: properties.createdMicros,
    largestTimestampMicros: properties.largestTimestampMicros,
    rawKeyBytes: properties.rawKeyBytes,
    rawValueBytes: properties.rawValueBytes,
    dataBlocks: properties.dataBlocks,
    filterSizeBytes: footer.filter.sizeBytes,
    indexSizeBytes: footer.index.sizeBytes,
    compression: properties.compression,
    madeBy: properties.madeBy,
  };
}

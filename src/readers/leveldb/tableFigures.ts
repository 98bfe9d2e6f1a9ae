// The figures of a LevelDB table. LevelDB keeps none, so they are counted, by reading the table
// whole.

import type { CompressionName } from '../../base/compression/blockCodec.ts';
import type { TableInfo } from '../../protocol/events.ts';
import { sequenceAt, TRAILER_BYTES } from '../internalKey.ts';
import type { ProblemList } from '../problems.ts';
import type { BlockBasedReader } from '../sst/blockBasedReader.ts';
import { uncountedTable } from '../tableInfo.ts';
import type { NamedTable } from '../tableInfo.ts';
import { compressionName } from './compression.ts';

const CODE_DELETE = 0;

/** The same with every figure counted; blocks that cannot be read are listed and left out. */
export function countedTable(
  named: NamedTable,
  reader: BlockBasedReader,
  problems: ProblemList,
): TableInfo {
  let entries = 0;
  let tombstones = 0;
  let rawKeyBytes = 0;
  let rawValueBytes = 0;
  let smallestSequence = Infinity;
  let largestSequence = 0;
  reader.forEach(problems, ({ key, keyLength, valueStart, valueEnd }) => {
    const end = keyLength - TRAILER_BYTES;
    if (end < 0) return;
    const sequence = sequenceAt(key, end);
    entries++;
    if (key[end] === CODE_DELETE) tombstones++;
    rawKeyBytes += end;
    rawValueBytes += valueEnd - valueStart;
    smallestSequence = Math.min(smallestSequence, sequence);
    largestSequence = Math.max(largestSequence, sequence);
  });
  let filterSizeBytes = 0;
  for (const [name, { sizeBytes }] of reader.metaBlocks) {
    if (name.startsWith('filter.')) filterSizeBytes += sizeBytes;
  }
  const { uncounted: _uncounted, ...known } = uncountedTable(named);
  return {
    ...known,
    entries,
    tombstones,
    rawKeyBytes,
    rawValueBytes,
    smallestSequence: entries === 0 ? known.smallestSequence : smallestSequence,
    largestSequence: entries === 0 ? known.largestSequence : largestSequence,
    dataBlocks: reader.index.length,
    compression: compressionOf(reader, problems),
    filterSizeBytes,
    indexSizeBytes: reader.indexHandle.sizeBytes,
  };
}

/** Of the first data block: a table is compressed alike, but for blocks that would gain nothing. */
export function compressionOf(reader: BlockBasedReader, problems: ProblemList): CompressionName {
  const first = reader.index[0];
  if (first === undefined) return 'none';
  try {
    const { compression, head } = reader.blocks.read(first.handle);
    return compressionName(compression, head) ?? 'none';
  } catch (thrown) {
    problems.addThrown(thrown, reader.name);
    return 'none';
  }
}

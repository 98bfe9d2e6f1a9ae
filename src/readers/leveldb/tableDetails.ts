// A LevelDB table laid open for the inspector: where each of its parts lies and what it holds.

import type { TableDetails } from '../../protocol/messages.ts';
import type { ProblemList } from '../problems.ts';
import type { BlockBasedReader } from '../sst/blockBasedReader.ts';
import { describeDataBlock, describePart } from '../sst/tableParts.ts';
import { compressionOf } from './tableFigures.ts';

/** Every part of the file in file order; data blocks that cannot be read are listed. */
export function describeSst(
  file: number,
  reader: BlockBasedReader,
  problems: ProblemList,
): TableDetails {
  const blocks = reader.index.map((_, index) => describeDataBlock(reader, index, problems));
  for (const [name, handle] of reader.metaBlocks) {
    if (name.startsWith('filter.')) blocks.push(describePart('filter', handle));
  }
  blocks.push(describePart('index', reader.indexHandle));
  blocks.push(describePart('footer', reader.footer.handle));
  const properties = {
    compression: compressionOf(reader, problems),
    filter: [...reader.metaBlocks.keys()].join(', ') || 'none',
    dataBlocks: reader.index.length,
    indexSizeBytes: reader.indexHandle.sizeBytes,
    fileSizeBytes: reader.blocks.file.sizeBytes(),
  };
  return { file, properties, blocks };
}

// A LevelDB table laid open for the inspector: where each of its parts lies and what it holds.

import type { BlockDetails, TableDetails } from '../../protocol/messages.ts';
import { TRAILER_BYTES } from '../internalKey.ts';
import type { ProblemList } from '../problems.ts';
import { Block, BlockCursor } from '../sst/block.ts';
import type { BlockHandle } from '../sst/blockHandle.ts';
import type { BlockBasedReader } from '../sst/blockBasedReader.ts';
import { compressionName } from './compression.ts';

const NO_KEY = new Uint8Array(0);

/** Every part of the file in file order; data blocks that cannot be read are listed. */
export function describeSst(
  file: number,
  reader: BlockBasedReader,
  problems: ProblemList,
): TableDetails {
  const compressions = new Set<string>();
  const blocks = reader.index.map(({ handle }) =>
    describeBlock(reader, handle, compressions, problems),
  );
  for (const [name, handle] of reader.metaBlocks) {
    if (name.startsWith('filter.')) blocks.push(part('filter', handle));
  }
  blocks.push(part('index', reader.indexHandle));
  blocks.push(part('footer', reader.footer.handle));
  const properties = {
    compression: [...compressions].join(', '),
    filter: [...reader.metaBlocks.keys()].join(', ') || 'none',
    dataBlocks: reader.index.length,
    indexSizeBytes: reader.indexHandle.sizeBytes,
    fileSizeBytes: reader.blocks.file.sizeBytes(),
  };
  return { file, properties, blocks };
}

function describeBlock(
  reader: BlockBasedReader,
  handle: BlockHandle,
  compressions: Set<string>,
  problems: ProblemList,
): BlockDetails {
  const { offset, sizeBytes } = handle;
  const known = { blockKind: 'data', offset, sizeBytes } as const;
  try {
    const stored = reader.blocks.read(handle);
    compressions.add(compressionName(stored.compression, stored.head) ?? 'unknown');
    const cursor = new BlockCursor(new Block(stored.bytes, reader.name, offset));
    let entries = 0;
    let firstKey: Uint8Array = NO_KEY;
    for (cursor.first(); cursor.valid; cursor.next()) {
      if (entries === 0) firstKey = cursor.copyKey().slice(0, -TRAILER_BYTES);
      entries++;
    }
    return { ...known, rawSizeBytes: stored.bytes.length, entries, firstKey };
  } catch (thrown) {
    problems.addThrown(thrown, reader.name);
    return { ...known, rawSizeBytes: sizeBytes, entries: 0, firstKey: NO_KEY };
  }
}

function part(blockKind: BlockDetails['blockKind'], handle: BlockHandle): BlockDetails {
  const { offset, sizeBytes } = handle;
  return { blockKind, offset, sizeBytes, rawSizeBytes: sizeBytes, entries: 0, firstKey: NO_KEY };
}

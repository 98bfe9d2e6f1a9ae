// The parts of a table for the inspector: where each lies, and what a data block holds.

import type { BlockDetails } from '../../protocol/messages.ts';
import { TRAILER_BYTES } from '../internalKey.ts';
import type { ProblemList } from '../problems.ts';
import { BlockCursor } from './block.ts';
import type { BlockHandle } from './blockHandle.ts';
import type { SstReader } from './sstReader.ts';

const NO_KEY = new Uint8Array(0);

/** A data block; what cannot be read is listed. */
export function describeDataBlock(
  reader: SstReader,
  index: number,
  problems: ProblemList,
): BlockDetails {
  const { offset, sizeBytes } = reader.index[index]!.handle;
  const known = { blockKind: 'data', offset, sizeBytes } as const;
  try {
    const block = reader.dataBlock(index);
    const cursor = new BlockCursor(block);
    let entries = 0;
    let firstKey: Uint8Array = NO_KEY;
    for (cursor.first(); cursor.valid; cursor.next()) {
      if (entries === 0) firstKey = cursor.copyKey().slice(0, -TRAILER_BYTES);
      entries++;
    }
    return { ...known, rawSizeBytes: block.bytes.length, entries, firstKey };
  } catch (thrown) {
    problems.addThrown(thrown, reader.name);
    return { ...known, rawSizeBytes: sizeBytes, entries: 0, firstKey: NO_KEY };
  }
}

/** A part of which only the place is told. */
export function describePart(
  blockKind: BlockDetails['blockKind'],
  { offset, sizeBytes }: BlockHandle,
): BlockDetails {
  return { blockKind, offset, sizeBytes, rawSizeBytes: sizeBytes, entries: 0, firstKey: NO_KEY };
}

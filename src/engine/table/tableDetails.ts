// A table laid open for the inspector: its properties and where each of its parts lies.

import type { BlockDetails, TableDetails } from '../../protocol/messages.ts';
import { encodeHex } from '../../base/bytes.ts';
import { BlockIterator } from './blockIterator.ts';
import { FOOTER_BYTES } from './footer.ts';
import type { BlockHandle } from './footer.ts';
import { PartitionedIndex } from './partitionedIndex.ts';
import { ReadAhead } from './readAhead.ts';
import type { TableIndex } from './tableIndex.ts';
import type { TableReader } from './tableReader.ts';

const NO_KEY = new Uint8Array(0);

/**
 * Properties and layout of a table. Reads every data block, past the cache.
 * @throws LsmError `CORRUPTION`, `IO`.
 */
export function describeTable(reader: TableReader): TableDetails {
  return { file: reader.file, properties: describeProperties(reader), blocks: layout(reader) };
}

/** Every part of the file in file order. */
export function layout(reader: TableReader): BlockDetails[] {
  const { footer, index, properties } = reader;
  const blocks: BlockDetails[] = [];
  const iterator = new BlockIterator();
  const ahead = new ReadAhead();
  for (let block = 0; block < index.blockCount; block++) {
    iterator.open(reader.loadDataBlock(block, ahead));
    iterator.first();
    blocks.push({
      blockKind: 'data',
      offset: index.offsetOf(block),
      sizeBytes: index.sizeOf(block),
      rawSizeBytes: index.rawSizeOf(block),
      entries: index.entriesOf(block),
      firstKey: iterator.entry.copyKey(),
    });
  }
  blocks.push(...partitions(index));
  if (reader.filter !== undefined) {
    blocks.push(part('filter', footer.filter, reader.filter.keys));
  }
  blocks.push(part('index', footer.index, index.blockCount));
  if (footer.rangeTombstones.sizeBytes > 0) {
    blocks.push(part('range-tombstones', footer.rangeTombstones, properties.rangeDeletes));
  }
  blocks.push(part('properties', footer.properties, 0));
  const offset = footer.fileSizeBytes - FOOTER_BYTES;
  blocks.push(part('footer', { offset, sizeBytes: FOOTER_BYTES }, 0));
  return blocks;
}

/** The parts of an index in two levels. */
function partitions(index: TableIndex): BlockDetails[] {
  if (!(index instanceof PartitionedIndex)) return [];
  const { top } = index;
  return Array.from({ length: top.blockCount }, (_, number) => {
    const handle = { offset: top.offsetOf(number), sizeBytes: top.sizeOf(number) };
    return part('index', handle, top.entriesOf(number));
  });
}

function part(
  blockKind: BlockDetails['blockKind'],
  handle: BlockHandle,
  entries: number,
): BlockDetails {
  const { offset, sizeBytes } = handle;
  return { blockKind, offset, sizeBytes, rawSizeBytes: sizeBytes, entries, firstKey: NO_KEY };
}

/** The properties as text and numbers: keys in hexadecimal, lists joined. */
function describeProperties(reader: TableReader): Record<string, string | number> {
  const { smallestKey, largestKey, inputs, ...plain } = reader.properties;
  const described: Record<string, string | number> = {};
  for (const [name, value] of Object.entries(plain)) {
    if (typeof value === 'string' || typeof value === 'number') described[name] = value;
  }
  return {
    ...described,
    smallestKeyHex: encodeHex(smallestKey),
    largestKeyHex: encodeHex(largestKey),
    inputs: inputs.join(', '),
    filterProbes: reader.filter?.probes ?? 0,
    filterBits: reader.filter?.bitCount ?? 0,
    predictedFalsePositiveRate: reader.filter?.predictedRate ?? 1,
    filterSizeBytes: reader.footer.filter.sizeBytes,
    indexSizeBytes: reader.footer.index.sizeBytes,
    fileSizeBytes: reader.footer.fileSizeBytes,
  };
}

// A RocksDB table laid open for the inspector: where each of its parts lies and what it holds, and
// all that it says of itself.

import type { BlockDetails, TableDetails } from '../../protocol/messages.ts';
import type { ProblemList } from '../problems.ts';
import type { SstReader } from '../sst/sstReader.ts';
import type { TableProperties } from '../sst/tableProperties.ts';
import { describeDataBlock, describePart } from '../sst/tableParts.ts';

/** Parts of a table by the names that its metaindex gives them. */
const PART_KINDS: readonly (readonly [RegExp, BlockDetails['blockKind']])[] = [
  [/filter/i, 'filter'],
  [/^rocksdb\.range_del$/, 'range-tombstones'],
  [/^rocksdb\.(properties|stats)$/, 'properties'],
  [/index/i, 'index'],
];

/** Every part of the file in file order; data blocks that cannot be read are listed. */
export function describeTable(
  file: number,
  reader: SstReader,
  problems: ProblemList,
): TableDetails {
  const { footer, properties } = reader;
  const blocks = reader.index.map((_, index) => describeDataBlock(reader, index, problems));
  for (const [name, handle] of reader.metaBlocks) {
    const kind = PART_KINDS.find(([pattern]) => pattern.test(name))?.[1];
    if (kind !== undefined) blocks.push(describePart(kind, handle));
  }
  if (footer.index !== undefined) blocks.push(describePart('index', footer.index));
  blocks.push(describePart('footer', footer.handle));
  const described = {
    kind: footer.kind,
    formatVersion: footer.formatVersion,
    checksum: footer.checksumType,
    ...(properties === undefined ? {} : plainProperties(properties)),
    parts: [...reader.metaBlocks.keys()].join(', '),
    fileSizeBytes: reader.sizeBytes,
  };
  blocks.sort((left, right) => left.offset - right.offset);
  return { file, properties: described, blocks };
}

function plainProperties(properties: TableProperties): Record<string, string | number> {
  const { all: _all, ...typed } = properties;
  return Object.fromEntries(
    Object.entries(typed).map(([name, value]) => [
      name,
      typeof value === 'boolean' ? String(value) : value,
    ]),
  );
}

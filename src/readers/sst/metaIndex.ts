// What a table says of itself beside its data: the metaindex, a block whose keys are names and
// whose values are handles of further blocks, and among those RocksDB's properties.

import { LsmError } from '../../base/errors.ts';
import { Block } from './block.ts';
import type { BlockFile } from './blockFile.ts';
import type { BlockHandle } from './blockHandle.ts';
import { PLAIN_FORM, readIndex } from './indexBlock.ts';
import { clearGlobalSequence, readTableProperties } from './tableProperties.ts';
import type { TableProperties } from './tableProperties.ts';

/** The second was its name until 2014. */
const PROPERTIES_NAMES = ['rocksdb.properties', 'rocksdb.stats'];

/** Further blocks by name. @throws LsmError as `BlockFile.read` */
export function readMetaIndex(
  blocks: BlockFile,
  handle: BlockHandle,
): ReadonlyMap<string, BlockHandle> {
  // Its keys are names: an index of user keys, as it were.
  const entries = readIndex(blocks.readBlock(handle), { ...PLAIN_FORM, keysAreUserKeys: true });
  return new Map(entries.map(({ key, handle: named }) => [String.fromCharCode(...key), named]));
}

/** The properties; `undefined` where there are none, as in LevelDB. @throws LsmError as above */
export function readProperties(
  blocks: BlockFile,
  metaBlocks: ReadonlyMap<string, BlockHandle>,
): TableProperties | undefined {
  const handle = PROPERTIES_NAMES.map((name) => metaBlocks.get(name)).find(
    (found) => found !== undefined,
  );
  if (handle === undefined) return undefined;
  const { name } = blocks;
  try {
    return readTableProperties(blocks.readBlock(handle));
  } catch (thrown) {
    if (!(thrown instanceof LsmError) || thrown.code !== 'CORRUPTION') throw thrown;
    const { bytes } = blocks.readRestored(handle, (stored) =>
      clearGlobalSequence(stored.subarray(0, handle.sizeBytes), name, handle.offset),
    );
    return readTableProperties(new Block(bytes, name, handle.offset));
  }
}

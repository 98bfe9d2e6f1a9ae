// Whose directory a path is, and its reader with Node's disk, clock and decompressors.

import type { Environment } from '../../base/environment.ts';
import { recognise } from '../../engine/open/storeRecognition.ts';
import { LeveldbReader } from '../../readers/leveldb/leveldbReader.ts';
import { PebbleReader } from '../../readers/pebble/pebbleReader.ts';
import { recogniseEngine } from '../../readers/recogniseEngine.ts';
import type { ReadableEngine } from '../../readers/recogniseEngine.ts';
import { RocksdbReader } from '../../readers/rocksdb/rocksdbReader.ts';
import type { ReaderWorld, StoreReader } from '../../readers/storeReader.ts';
import { uncompressWith } from './uncompress.ts';

const READERS: Readonly<
  Record<ReadableEngine, new (directory: string, world: ReaderWorld) => StoreReader>
> = { leveldb: LeveldbReader, rocksdb: RocksdbReader, pebble: PebbleReader };

/**
 * A reader of the directory; `undefined` when it belongs to no engine that can be read here.
 * @throws LsmError `IO`, `NOT_A_STORE`.
 */
export async function openForeign(
  directory: string,
  { vfs, clock, codecs }: Environment,
): Promise<StoreReader | undefined> {
  // What might be our own is our own: its file names are LevelDB's too.
  if (recognise(vfs, directory).kind !== 'other') return undefined;
  if (vfs.stat(directory)?.kind !== 'directory') return undefined;
  const engine = recogniseEngine(vfs.list(directory));
  if (engine === undefined) return undefined;
  await codecs.prepare(['zstd']);
  return new READERS[engine](directory, { vfs, clock, uncompress: uncompressWith(codecs) });
}

// Whose directory a path is, and its reader with Node's disk, clock and decompressors.

import type { Environment } from '../../base/environment.ts';
import { recognise } from '../../engine/open/storeRecognition.ts';
import { ForeignDirectory } from '../../readers/foreignDirectory.ts';
import type { Progress } from '../../protocol/messages.ts';
import { LeveldbReader } from '../../readers/leveldb/leveldbReader.ts';
import { PebbleReader } from '../../readers/pebble/pebbleReader.ts';
import { recogniseEngine } from '../../readers/recogniseEngine.ts';
import type { ReadableEngine } from '../../readers/recogniseEngine.ts';
import { RocksdbReader } from '../../readers/rocksdb/rocksdbReader.ts';
import type { ReaderWorld, StoreReader } from '../../readers/storeReader.ts';
import { uncompressWith } from './uncompress.ts';

/** Loads the quick decoder of Zstandard where Node has none; without it a slow one serves. */
export function prepareForeign({ codecs }: Environment): Promise<void> {
  return codecs.prepare(['zstd']);
}

const READERS: Readonly<
  Record<ReadableEngine, new (directory: string, world: ReaderWorld) => StoreReader>
> = { leveldb: LeveldbReader, rocksdb: RocksdbReader, pebble: PebbleReader };

/**
 * A reader of the directory; `undefined` when it belongs to no engine that can be read here.
 * Whoever reads much of it calls `prepareForeign` first.
 * @param onProgress hears how far the reading of its manifest is.
 * @throws LsmError `IO`, `NOT_A_STORE`.
 */
export function openForeign(
  directory: string,
  { vfs, clock, codecs }: Environment,
  onProgress?: (progress: Progress) => void,
): StoreReader | undefined {
  // What might be our own is our own: its file names are LevelDB's too.
  if (recognise(vfs, directory).kind !== 'other') return undefined;
  if (vfs.stat(directory)?.kind !== 'directory') return undefined;
  const engine = recogniseEngine(new ForeignDirectory(vfs, directory));
  if (engine === undefined) return undefined;
  const uncompress = uncompressWith(codecs);
  return new READERS[engine](directory, { vfs, clock, uncompress, onProgress });
}

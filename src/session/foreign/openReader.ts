// Whose directory a path is, and its reader with Node's disk, clock and decompressors.

import type { Environment } from '../../base/environment.ts';
import { recognise } from '../../engine/open/storeRecognition.ts';
import { LeveldbReader } from '../../readers/leveldb/leveldbReader.ts';
import { recogniseEngine } from '../../readers/recogniseEngine.ts';
import type { StoreReader } from '../../readers/storeReader.ts';
import { uncompressWith } from './uncompress.ts';

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
  if (recogniseEngine(vfs.list(directory)) === undefined) return undefined;
  await codecs.prepare(['zstd']);
  return new LeveldbReader(directory, { vfs, clock, uncompress: uncompressWith(codecs) });
}

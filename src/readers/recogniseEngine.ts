// Whose directory it is. Mostly the names in it tell, the more particular signs first: RocksDB's
// and Pebble's directories hold most of LevelDB's names too. A directory of RocksDB's that has lost
// OPTIONS and IDENTITY has no other names than LevelDB's: then its manifest is asked, whose records
// have fields that LevelDB does not know, and its newest table, whose last bytes are of a form of
// RocksDB's own.

import { LsmError } from '../base/errors.ts';
import type { ForeignDirectory } from './foreignDirectory.ts';
import { decodeLeveldbEdit } from './leveldb/versionEdit.ts';
import { ProblemList } from './problems.ts';
import { RecordLogReader } from './recordLog/recordLogReader.ts';
import { decodeRocksdbEdit } from './rocksdb/versionEdit.ts';
import { ReleasableFile } from './releasableFile.ts';
import { readFooter } from './sst/footer.ts';

/** Engines whose directories can be read. */
export type ReadableEngine = 'leveldb' | 'rocksdb' | 'pebble';

interface Signs {
  readonly engine: ReadableEngine;
  /** Each must match some name. */
  readonly all: readonly RegExp[];
}

const MANIFEST = /^MANIFEST-\d+$/;
const TABLE = /^\d+\.(ldb|sst)$/;

const ENGINES: readonly Signs[] = [
  { engine: 'pebble', all: [/^marker\.(manifest|format-version)\./] },
  { engine: 'rocksdb', all: [/^OPTIONS-\d+$/, MANIFEST] },
  { engine: 'rocksdb', all: [/^IDENTITY$/, MANIFEST] },
  // It never is without a log or a table: a manifest alone may be anything.
  { engine: 'leveldb', all: [MANIFEST, /^\d+\.(ldb|sst|log)$/] },
];

/** Records of a manifest that are looked at: RocksDB's first table is among its first. */
const RECORDS_MAX = 200;

/**
 * The engine that wrote a directory; `undefined` when none is known here.
 * @throws LsmError `IO`.
 */
export function recogniseEngine(directory: ForeignDirectory): ReadableEngine | undefined {
  const names = directory.names();
  const found = ENGINES.find(({ all }) =>
    all.every((sign) => names.some((name) => sign.test(name))),
  );
  if (found?.engine !== 'leveldb') return found?.engine;
  return isRocksdbInside(directory, names) ? 'rocksdb' : 'leveldb';
}

function isRocksdbInside(directory: ForeignDirectory, names: readonly string[]): boolean {
  const manifest = names.findLast((name) => MANIFEST.test(name))!;
  const table = names.findLast((name) => TABLE.test(name));
  return (
    hasRocksdbRecords(directory, manifest) ||
    (table !== undefined && hasRocksdbFooter(directory, table))
  );
}

/** Whether some record is RocksDB's and not LevelDB's. */
function hasRocksdbRecords(directory: ForeignDirectory, manifest: string): boolean {
  if (!directory.has(manifest)) return false;
  const file = directory.open(manifest);
  try {
    const log = new RecordLogReader(file, manifest, new ProblemList());
    for (let read = 0; read < RECORDS_MAX; read++) {
      const record = log.next();
      if (record === undefined) return false;
      const { bytes, offset } = record;
      const isLeveldbs = isReadable(() => decodeLeveldbEdit(bytes, manifest, offset));
      if (!isLeveldbs) return isReadable(() => decodeRocksdbEdit(bytes, manifest, offset));
    }
    return false;
  } finally {
    file.close();
  }
}

function hasRocksdbFooter(directory: ForeignDirectory, name: string): boolean {
  if (!directory.has(name)) return false;
  const file = new ReleasableFile(directory, name);
  try {
    const { kind, formatVersion } = readFooter(file, name);
    return kind !== 'block-based' || formatVersion > 0;
  } catch (thrown) {
    if (thrown instanceof LsmError) return thrown.code === 'NOT_SUPPORTED';
    throw thrown;
  } finally {
    file.release();
  }
}

function isReadable(decode: () => unknown): boolean {
  try {
    decode();
    return true;
  } catch (thrown) {
    if (thrown instanceof LsmError) return false;
    throw thrown;
  }
}

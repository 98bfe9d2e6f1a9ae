// A Pebble directory: read as RocksDB's are, in Pebble's way.

import { RocksdbReader } from '../rocksdb/rocksdbReader.ts';
import type { ReaderWorld } from '../storeReader.ts';
import { PebbleDialect } from './pebbleDialect.ts';

/** Reads one Pebble directory. */
export class PebbleReader extends RocksdbReader {
  /** @throws LsmError `NOT_A_STORE` when it has no manifest; `IO`. */
  constructor(path: string, world: ReaderWorld) {
    super(path, world, new PebbleDialect());
  }
}

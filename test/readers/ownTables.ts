// The tables in test/fixtures/rocksdb-tables, each written by RocksDB with options of its own.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { encodeHex } from '../../src/base/bytes.ts';
import { MemoryVfs } from '../../src/base/memoryVfs.ts';
import type { EntryCursor } from '../../src/readers/entryCursor.ts';
import { ForeignDirectory } from '../../src/readers/foreignDirectory.ts';
import { ReleasableFile } from '../../src/readers/releasableFile.ts';

const root = path.resolve('test/fixtures/rocksdb-tables');

/** What `sst_dump` found in a table. */
export interface OwnTruth {
  readonly name: string;
  readonly entries: number;
  /** Of the lines of `entryLine`, each but the last followed by a line feed. */
  readonly sha256: string;
}

/** Every table. */
export const ownTables: readonly OwnTruth[] = JSON.parse(
  readFileSync(path.join(root, 'expected.json'), 'utf8'),
) as OwnTruth[];

/** Names and bytes of the tables and blob files. */
export const ownFiles: ReadonlyMap<string, Uint8Array> = new Map(
  readdirSync(root).map((name) => [name, new Uint8Array(readFileSync(path.join(root, name)))]),
);

/** A directory in memory that holds these files. */
export function directoryWith(files: Iterable<readonly [string, Uint8Array]>): ForeignDirectory {
  const vfs = new MemoryVfs();
  vfs.makeDirectory('/db');
  for (const [name, bytes] of files) {
    const file = vfs.open(vfs.join('/db', name), 'create');
    file.write(bytes, 0, bytes.length, 0);
    file.close();
  }
  return new ForeignDirectory(vfs, '/db');
}

/** One file with these bytes. */
export function fileOf(name: string, bytes: Uint8Array): ReleasableFile {
  return new ReleasableFile(directoryWith([[name, bytes]]), name);
}

/** The entry that a cursor stands on. */
export function entryLine(cursor: EntryCursor): string {
  const { key, keyLength, sequence, code } = cursor;
  return `${encodeHex(key.slice(0, keyLength))} ${sequence} ${code} ${encodeHex(cursor.value())}`;
}

/** The digest that `sha256` holds. */
export function digestOfLines(lines: readonly string[]): string {
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

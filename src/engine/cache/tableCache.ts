// The open tables of a store by file number. A table is opened when it is first read and keeps its
// index and filter in memory; of more tables than may be open, the one unused for longest gives its
// memory and its descriptor back. An iterator that stands in such a table goes on: it holds the
// reader, and the file opens again when it reads.

import type { Vfs } from '../../base/vfs.ts';
import type { FileNumber, TableInfo } from '../../protocol/events.ts';
import { tableFileName } from '../fileNames.ts';
import type { ReadContext } from '../table/readContext.ts';
import { TableReader } from '../table/tableReader.ts';
import { OpenFiles } from './openFiles.ts';
import type { BoundedFile } from './openFiles.ts';

interface OpenTable {
  readonly reader: TableReader;
  readonly file: BoundedFile;
  /** Count of `TableCache.clock` at its last use. */
  lastUsed: number;
}

/** Finds or opens a table's reader. */
export class TableCache {
  private readonly vfs: Vfs;
  private readonly directory: string;
  private readonly context: ReadContext;
  private readonly openMax: number;
  private readonly files: OpenFiles;
  private readonly tables = new Map<FileNumber, OpenTable>();
  private clock = 0;

  /** @param openMax tables in memory, and file descriptors, at most. */
  constructor(vfs: Vfs, directory: string, context: ReadContext, openMax: number) {
    this.vfs = vfs;
    this.directory = directory;
    this.context = context;
    this.openMax = openMax;
    this.files = new OpenFiles(vfs, openMax);
  }

  /** Tables whose index and filter are in memory. */
  get openTables(): number {
    return this.tables.size;
  }

  /** Bytes that their indexes and filters take. */
  get memoryBytes(): number {
    let bytes = 0;
    for (const { reader } of this.tables.values()) bytes += reader.memoryBytes;
    return bytes;
  }

  /**
   * The reader of a table of the current version, or of one that a pinned version holds.
   * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED`, `IO` when it must be opened and cannot.
   */
  reader(table: TableInfo): TableReader {
    const known = this.tables.get(table.file) ?? this.open(table);
    known.lastUsed = ++this.clock;
    return known.reader;
  }

  /** Closes a table whose file no version needs any more, and forgets its blocks. */
  drop(file: FileNumber): void {
    this.tables.delete(file);
    this.files.closePath(this.vfs.join(this.directory, tableFileName(file)));
    this.context.cache.dropFile(file);
  }

  /** Closes every table. */
  close(): void {
    this.tables.clear();
    this.files.closeAll();
  }

  private open(table: TableInfo): OpenTable {
    const file = this.files.openForReading(this.vfs.join(this.directory, table.name));
    const reader = TableReader.open(file, table.name, table, this.context);
    const known = { reader, file, lastUsed: 0 };
    if (this.tables.size >= this.openMax) this.forgetLeastRecent();
    this.tables.set(table.file, known);
    return known;
  }

  private forgetLeastRecent(): void {
    let oldest: readonly [FileNumber, OpenTable] | undefined;
    for (const entry of this.tables) {
      if (oldest === undefined || entry[1].lastUsed < oldest[1].lastUsed) oldest = entry;
    }
    oldest![1].file.suspend();
    this.tables.delete(oldest![0]);
  }
}

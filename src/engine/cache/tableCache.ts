// The open tables of a store by file number. A table is opened when it is first read and keeps its
// index and filter in memory until its file is dropped.

import type { Vfs } from '../../base/vfs.ts';
import type { FileNumber, TableInfo } from '../../protocol/events.ts';
import type { ReadContext } from '../table/readContext.ts';
import { TableReader } from '../table/tableReader.ts';
import { OpenFiles } from './openFiles.ts';

/** Files kept open at most; half of what systems grant a process by default at the least. */
const OPEN_FILES_MAX = 128;

/** Finds or opens a table's reader. */
export class TableCache {
  private readonly vfs: Vfs;
  private readonly directory: string;
  private readonly context: ReadContext;
  private readonly files: OpenFiles;
  private readonly readers = new Map<FileNumber, TableReader>();

  constructor(
    vfs: Vfs,
    directory: string,
    context: ReadContext,
    openFilesMax: number = OPEN_FILES_MAX,
  ) {
    this.vfs = vfs;
    this.directory = directory;
    this.context = context;
    this.files = new OpenFiles(vfs, openFilesMax);
  }

  /** Tables whose index and filter are in memory. */
  get openTables(): number {
    return this.readers.size;
  }

  /**
   * The reader of a table of the current version, or of one that a pinned version holds.
   * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED`, `IO` when it must be opened and cannot.
   */
  reader(table: TableInfo): TableReader {
    return this.readers.get(table.file) ?? this.open(table);
  }

  /** Closes a table whose file no version needs any more, and forgets its blocks. */
  drop(file: FileNumber): void {
    this.readers.get(file)?.close();
    this.readers.delete(file);
    this.context.cache.dropFile(file);
  }

  /** Closes every table. */
  close(): void {
    for (const reader of this.readers.values()) reader.close();
    this.readers.clear();
  }

  private open(table: TableInfo): TableReader {
    const handle = this.files.openForReading(this.vfs.join(this.directory, table.name));
    const reader = TableReader.open(handle, table.name, table, this.context);
    this.readers.set(table.file, reader);
    return reader;
  }
}

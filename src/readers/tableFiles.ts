// The tables of a store that are being read, at most so many; the one not used for longest
// lets its descriptor go first.

import type { ForeignDirectory } from './foreignDirectory.ts';
import { MissingFile } from './liveReads.ts';
import type { LiveReads } from './liveReads.ts';
import type { ProblemList } from './problems.ts';
import { ReleasableFile } from './releasableFile.ts';
import type { SstReader } from './sst/sstReader.ts';

const OPEN_MAX = 200;
/** Mostly enough for all of a table but its data. */
const TAIL_BYTES = 8 * 1024;

/** How an engine's tables are found and opened. */
export interface TableForm<Reader extends SstReader> {
  /** The tables among the names in the directory. */
  readonly namesIn: (
    names: readonly string[],
  ) => readonly { readonly name: string; readonly number: number }[];
  /** Of a table that is not there. */
  readonly usualName: (file: number) => string;
  /** @throws LsmError `IO`, `CORRUPTION` or `NOT_SUPPORTED`. */
  readonly open: (handle: ReleasableFile, name: string, file: number) => Reader;
}

/** Opens tables by their number. */
export class TableFiles<Reader extends SstReader> {
  private readonly directory: ForeignDirectory;
  private readonly form: TableForm<Reader>;
  private readonly problems: ProblemList;
  private readonly hasChanged: () => boolean;
  private readonly open = new Map<number, Reader>();
  /** Found by listing the directory: thousands of questions would take longer. */
  private readonly names = new Map<number, string>();
  /** Of every table ever read: a cursor may still read one that is no longer kept. */
  private readonly files = new Map<string, ReleasableFile>();

  /** @param hasChanged whether the manifest may say by now that a missing table is not needed. */
  constructor(
    directory: ForeignDirectory,
    form: TableForm<Reader>,
    problems: ProblemList,
    hasChanged: () => boolean = () => false,
  ) {
    this.hasChanged = hasChanged;
    this.directory = directory;
    this.form = form;
    this.problems = problems;
  }

  /**
   * The table; `undefined` when it cannot be read at all, which is listed then, unless it has been
   * merged away meanwhile.
   */
  tryReader(file: number): Reader | undefined {
    try {
      return this.reader(file);
    } catch (thrown) {
      const isGone = thrown instanceof MissingFile && this.hasChanged();
      if (!isGone) this.problems.addThrown(thrown, this.nameOf(file));
      return undefined;
    }
  }

  /**
   * The same for a walk.
   * @param reads carries the walk over changes; left out: it goes on without the table.
   * @throws MissingFile when looking again may tell what has taken its place.
   */
  walkedReader(file: number, reads?: LiveReads): Reader | undefined {
    try {
      return this.reader(file);
    } catch (thrown) {
      if (thrown instanceof MissingFile && reads?.isLost(thrown) === false) throw thrown;
      this.problems.addThrown(thrown, this.nameOf(file));
      return undefined;
    }
  }

  /** @throws LsmError `IO`, `CORRUPTION` or `NOT_SUPPORTED`. */
  reader(file: number): Reader {
    const known = this.open.get(file);
    if (known !== undefined) {
      this.open.delete(file);
      this.open.set(file, known);
      return known;
    }
    const name = this.nameOf(file);
    if (!this.directory.has(name)) {
      throw new MissingFile(name, 'the manifest names it');
    }
    const handle = this.files.get(name) ?? new ReleasableFile(this.directory, name, TAIL_BYTES);
    this.files.set(name, handle);
    const reader = this.form.open(handle, name, file);
    if (this.open.size >= OPEN_MAX) this.releaseOldest();
    this.open.set(file, reader);
    return reader;
  }

  nameOf(file: number): string {
    const known = this.names.get(file);
    if (known !== undefined) return known;
    for (const { name, number } of this.form.namesIn(this.directory.names())) {
      this.names.set(number, name);
    }
    const name = this.names.get(file) ?? this.form.usualName(file);
    this.names.set(file, name);
    return name;
  }

  /** Idempotent. */
  close(): void {
    for (const handle of this.files.values()) handle.release();
    this.files.clear();
    this.open.clear();
  }

  private releaseOldest(): void {
    const [file, reader] = this.open.entries().next().value!;
    reader.release();
    this.open.delete(file);
  }
}

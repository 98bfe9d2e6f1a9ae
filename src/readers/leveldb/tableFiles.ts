// The tables of a LevelDB store that are being read, at most so many; the one not used for longest
// lets its descriptor go first.

import { LsmError } from '../../base/errors.ts';
import type { ForeignDirectory } from '../foreignDirectory.ts';
import type { ProblemList } from '../problems.ts';
import { ReleasableFile } from '../releasableFile.ts';
import type { Uncompress } from '../sst/blockFile.ts';
import { BlockBasedReader } from '../sst/blockBasedReader.ts';
import { numberedNames } from './fileNames.ts';

const OPEN_MAX = 200;

/** Opens tables by their number. */
export class TableFiles {
  private readonly directory: ForeignDirectory;
  private readonly uncompress: Uncompress;
  private readonly problems: ProblemList;
  private readonly open = new Map<number, BlockBasedReader>();
  /** Found by listing the directory: thousands of questions would take longer. */
  private readonly names = new Map<number, string>();
  /** Of every table ever read: a cursor may still read one that is no longer kept. */
  private readonly files = new Map<string, ReleasableFile>();

  constructor(directory: ForeignDirectory, uncompress: Uncompress, problems: ProblemList) {
    this.directory = directory;
    this.uncompress = uncompress;
    this.problems = problems;
  }

  /** The table; `undefined` when it cannot be read at all, which is listed then. */
  tryReader(file: number): BlockBasedReader | undefined {
    try {
      return this.reader(file);
    } catch (thrown) {
      this.problems.addThrown(thrown, this.nameOf(file));
      return undefined;
    }
  }

  /** @throws LsmError `IO`, `CORRUPTION` or `NOT_SUPPORTED`. */
  reader(file: number): BlockBasedReader {
    const known = this.open.get(file);
    if (known !== undefined) {
      this.open.delete(file);
      this.open.set(file, known);
      return known;
    }
    const name = this.nameOf(file);
    if (!this.directory.has(name)) {
      const message = `${name} is missing: the manifest names it`;
      throw new LsmError('CORRUPTION', message, { file: name, offset: -1 });
    }
    const handle = this.files.get(name) ?? new ReleasableFile(this.directory, name);
    this.files.set(name, handle);
    const reader = BlockBasedReader.open(handle, name, this.uncompress);
    if (this.open.size >= OPEN_MAX) this.releaseOldest();
    this.open.set(file, reader);
    return reader;
  }

  /** `.ldb`, or `.sst` as it was called until 2012. */
  nameOf(file: number): string {
    const known = this.names.get(file);
    if (known !== undefined) return known;
    for (const { name, number } of numberedNames(this.directory.names(), 'table')) {
      this.names.set(number, name);
    }
    const name = this.names.get(file) ?? `${String(file).padStart(6, '0')}.ldb`;
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

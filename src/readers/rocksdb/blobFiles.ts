// The blob files of one directory, opened when a value in them is asked for.

import type { ForeignDirectory } from '../foreignDirectory.ts';
import { MissingFile } from '../liveReads.ts';
import { ReleasableFile } from '../releasableFile.ts';
import type { Uncompress } from '../sst/blockFile.ts';
import { BlobFile } from './blobFile.ts';
import type { BlobReference } from './blobIndex.ts';

/** At most so many descriptors are kept. */
const OPEN_MAX = 32;

/** Reads values by reference. */
export class BlobFiles {
  private readonly directory: ForeignDirectory;
  private readonly uncompress: Uncompress;
  private readonly open = new Map<
    number,
    { readonly file: ReleasableFile; readonly blobs: BlobFile }
  >();

  constructor(directory: ForeignDirectory, uncompress: Uncompress) {
    this.directory = directory;
    this.uncompress = uncompress;
  }

  /**
   * As `BlobFile.value`.
   * @throws LsmError `CORRUPTION` when the file is missing or damaged, `NOT_SUPPORTED`, `IO`.
   */
  value(reference: BlobReference, key: Uint8Array): Uint8Array {
    return this.blobFile(reference.file).value(reference, key);
  }

  /** @throws LsmError as `value` */
  blobFile(number: number): BlobFile {
    const known = this.open.get(number);
    if (known !== undefined) return known.blobs;
    const name = `${String(number).padStart(6, '0')}.blob`;
    if (!this.directory.has(name)) {
      throw new MissingFile(name, 'a table refers to it');
    }
    const file = new ReleasableFile(this.directory, name);
    try {
      const blobs = new BlobFile(file, name, this.uncompress);
      if (this.open.size >= OPEN_MAX) this.releaseOldest();
      this.open.set(number, { file, blobs });
      return blobs;
    } catch (thrown) {
      file.release();
      throw thrown;
    }
  }

  /** Idempotent. */
  close(): void {
    for (const { file } of this.open.values()) file.release();
    this.open.clear();
  }

  private releaseOldest(): void {
    const [number, { file }] = this.open.entries().next().value!;
    file.release();
    this.open.delete(number);
  }
}

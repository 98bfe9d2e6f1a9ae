// A file seen through a window of bounded memory that follows the reader.

import { assert } from '../../base/assert.ts';
import { crc32 } from '../../base/crc32.ts';
import { LsmError } from '../../base/errors.ts';
import type { VfsFile } from '../../base/vfs.ts';

const WINDOW_SIZE_BYTES = 256 * 1024;

/**
 * Reads ranges of a file of fixed size; a range longer than the window widens it while it is
 * needed.
 */
export class FileWindow {
  readonly fileSizeBytes: number;
  /** What `load` answers indexes of; replaced and overwritten by the next `load`. */
  bytes: Uint8Array = new Uint8Array(WINDOW_SIZE_BYTES);
  private readonly file: VfsFile;
  private start = 0;
  private end = 0;

  constructor(file: VfsFile) {
    this.file = file;
    this.fileSizeBytes = file.sizeBytes();
  }

  /**
   * Makes `[offset, offset + lengthBytes)` of the file readable.
   * @returns the index in `bytes` at which it begins.
   * @throws LsmError `IO` when the file has become shorter or reading fails.
   */
  load(offset: number, lengthBytes: number): number {
    if (offset >= this.start && offset + lengthBytes <= this.end) return offset - this.start;
    assert(offset + lengthBytes <= this.fileSizeBytes, 'a range lies within the file');
    if (lengthBytes > this.bytes.length) this.bytes = new Uint8Array(lengthBytes);
    else if (this.bytes.length > WINDOW_SIZE_BYTES && lengthBytes <= WINDOW_SIZE_BYTES) {
      this.bytes = new Uint8Array(WINDOW_SIZE_BYTES);
    }
    this.start = offset;
    this.end = Math.min(offset + this.bytes.length, this.fileSizeBytes);
    const wanted = this.end - offset;
    const came = this.file.read(this.bytes, 0, wanted, offset);
    if (came < wanted) {
      this.end = this.start;
      const { path } = this.file;
      throw new LsmError('IO', `${path} became shorter while it was read`, { file: path, offset });
    }
    return 0;
  }

  /** CRC-32 of `[start, end)` of the file, continuing `previous`, a window at a time. */
  crc32(start: number, end: number, previous: number): number {
    let crc = previous;
    for (let offset = start; offset < end;) {
      const length = Math.min(WINDOW_SIZE_BYTES, end - offset);
      const index = this.load(offset, length);
      crc = crc32(this.bytes, index, index + length, crc);
      offset += length;
    }
    return crc;
  }
}

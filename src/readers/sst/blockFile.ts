// Reads blocks of one file: each is followed by a trailer of five bytes, its compression's number
// and the masked CRC-32C of the stored bytes and that number. Checked first, then uncompressed.

import { loadUint32 } from '../../base/byteReader.ts';
import { unmaskCrc32 } from '../../base/crc32.ts';
import { crc32c } from '../../base/crc32c.ts';
import { corruption } from '../../base/errors.ts';
import type { ReadableFile } from '../releasableFile.ts';
import { Block } from './block.ts';
import type { BlockHandle } from './blockHandle.ts';

const TRAILER_BYTES = 5;

/**
 * Uncompresses what an engine stored under a number.
 * @throws LsmError `CORRUPTION` when the bytes are not what the number says, `NOT_SUPPORTED` for a
 * number that is not known.
 */
export type Uncompress = (
  compression: number,
  bytes: Uint8Array,
  file: string,
  offset: number,
) => Uint8Array;

/** A block as it came from the disk. */
export interface StoredBlock {
  /** Uncompressed. */
  readonly bytes: Uint8Array;
  /** The compression's number. */
  readonly compression: number;
  readonly checksum: number;
  /** The first bytes as they are stored: some forks tell their compression by them alone. */
  readonly head: Uint8Array;
}

/** The blocks of one file. */
export class BlockFile {
  readonly name: string;
  readonly file: ReadableFile;
  private readonly uncompress: Uncompress;

  constructor(file: ReadableFile, name: string, uncompress: Uncompress) {
    this.file = file;
    this.name = name;
    this.uncompress = uncompress;
  }

  /** @throws LsmError `CORRUPTION`, `NOT_SUPPORTED` or `IO`. */
  read(handle: BlockHandle): StoredBlock {
    const { name, file } = this;
    const { offset, sizeBytes } = handle;
    const fileSize = file.sizeBytes();
    if (offset + sizeBytes + TRAILER_BYTES > fileSize) {
      const place = `a block of ${sizeBytes} bytes at ${offset}`;
      throw corruption(`${place} does not fit into ${fileSize} bytes`, name, offset);
    }
    const stored = new Uint8Array(sizeBytes + TRAILER_BYTES);
    file.read(stored, 0, stored.length, offset);
    const checksum = unmaskCrc32(loadUint32(stored, sizeBytes + 1));
    if (crc32c(stored, 0, sizeBytes + 1) !== checksum) {
      throw corruption('the checksum of a block does not fit', name, offset);
    }
    const compression = stored[sizeBytes]!;
    const content = stored.subarray(0, sizeBytes);
    const bytes = compression === 0 ? content : this.uncompress(compression, content, name, offset);
    return { bytes, compression, checksum, head: stored.slice(0, Math.min(4, sizeBytes)) };
  }

  /** A block with restart points. */
  readBlock(handle: BlockHandle): Block {
    return new Block(this.read(handle).bytes, this.name, handle.offset);
  }
}

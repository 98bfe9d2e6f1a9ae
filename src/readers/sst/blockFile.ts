// Reads blocks of one file: each is followed by a trailer of five bytes, its compression's number
// and the checksum of the stored bytes and that number. Checked first, then uncompressed. Tables
// that are not block-based have no trailers.

import { loadUint32 } from '../../base/byteReader.ts';
import { corruption } from '../../base/errors.ts';
import type { ReadableFile } from '../releasableFile.ts';
import { Block } from './block.ts';
import { checksumOf, contextOf } from './blockChecksum.ts';
import type { BlockHandle } from './blockHandle.ts';
import type { Footer } from './footer.ts';
import type { ReadAhead } from './readAhead.ts';

/** A block as it is stored, and what is needed to uncompress it. */
export interface CompressedBlock {
  /** The compression's number on disk, not 0. */
  readonly compression: number;
  readonly bytes: Uint8Array;
  /** The table's, as its footer has it. */
  readonly formatVersion: number;
  /** What the block was compressed with, when its table has a dictionary. */
  readonly dictionary: Uint8Array | undefined;
  readonly file: string;
  readonly offset: number;
}

/**
 * Uncompresses what an engine stored under a number.
 * @throws LsmError `CORRUPTION` when the bytes are not what the number says, `NOT_SUPPORTED` for a
 * number that is not known.
 */
export type Uncompress = (block: CompressedBlock) => Uint8Array;

/** A block as it came from the disk. */
export interface StoredBlock {
  /** Uncompressed. */
  readonly bytes: Uint8Array;
  /** The compression's number. */
  readonly compression: number;
  /** The first bytes as they are stored: some forks tell their compression by them alone. */
  readonly head: Uint8Array;
}

/** The blocks of one file. */
export class BlockFile {
  readonly name: string;
  readonly file: ReadableFile;
  private readonly footer: Footer;
  /** A table is written once: it is not asked for again with each block. */
  private readonly fileSizeBytes: number;
  private readonly uncompress: Uncompress;

  constructor(file: ReadableFile, name: string, footer: Footer, uncompress: Uncompress) {
    this.file = file;
    this.name = name;
    this.footer = footer;
    this.fileSizeBytes = file.sizeBytes();
    this.uncompress = uncompress;
  }

  /**
   * @param dictionary for data blocks, in tables that have one.
   * @param ahead what a walk reads through: the block is valid until its next one then.
   * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED` or `IO`.
   */
  read(handle: BlockHandle, dictionary?: Uint8Array, ahead?: ReadAhead): StoredBlock {
    const stored = this.readStored(handle, ahead);
    this.check(stored, handle);
    return this.uncompressed(stored, handle, dictionary);
  }

  /**
   * Reads a block that may have been changed in one place after its checksum was made.
   * @param restore puts back, in the stored bytes, what was there; `false` when it found no such
   * place.
   * @throws LsmError as `read`.
   */
  readRestored(handle: BlockHandle, restore: (stored: Uint8Array) => boolean): StoredBlock {
    const stored = this.readStored(handle);
    const original = stored.slice();
    if (!restore(original)) return this.read(handle);
    this.check(original, handle);
    return this.uncompressed(stored, handle, undefined);
  }

  /** A block with restart points. @throws LsmError as `read` */
  readBlock(handle: BlockHandle, dictionary?: Uint8Array, ahead?: ReadAhead): Block {
    return new Block(this.read(handle, dictionary, ahead).bytes, this.name, handle.offset);
  }

  private readStored({ offset, sizeBytes }: BlockHandle, ahead?: ReadAhead): Uint8Array {
    const { name, file, fileSizeBytes } = this;
    const storedBytes = sizeBytes + this.footer.trailerBytes;
    if (offset + storedBytes > fileSizeBytes) {
      const place = `a block of ${sizeBytes} bytes at ${offset}`;
      throw corruption(`${place} does not fit into ${fileSizeBytes} bytes`, name, offset);
    }
    if (ahead !== undefined) return ahead.view(file, name, fileSizeBytes, offset, storedBytes);
    const stored = new Uint8Array(storedBytes);
    if (file.read(stored, 0, storedBytes, offset) < storedBytes) {
      throw corruption('the file has become shorter', name, offset);
    }
    return stored;
  }

  private uncompressed(
    stored: Uint8Array,
    { offset, sizeBytes }: BlockHandle,
    dictionary: Uint8Array | undefined,
  ): StoredBlock {
    const compression = stored[sizeBytes] ?? 0;
    const content = stored.subarray(0, sizeBytes);
    const head = stored.slice(0, Math.min(4, sizeBytes));
    if (compression === 0) return { bytes: content, compression, head };
    const { name: file, footer } = this;
    const { formatVersion } = footer;
    const block = { compression, bytes: content, formatVersion, dictionary, file, offset };
    return { bytes: this.uncompress(block), compression, head };
  }

  private check(stored: Uint8Array, { offset, sizeBytes }: BlockHandle): void {
    const { checksumType, baseContextChecksum, trailerBytes } = this.footer;
    if (checksumType === 'none' || trailerBytes === 0) return;
    const found = checksumOf(checksumType, stored, sizeBytes + 1);
    const context = contextOf(baseContextChecksum, offset);
    if ((found + context) >>> 0 !== loadUint32(stored, sizeBytes + 1)) {
      throw corruption('the checksum of a block does not fit', this.name, offset);
    }
  }
}

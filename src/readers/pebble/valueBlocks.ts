// Values that a Pebble table does not keep beside their keys (sstable/valblk, sstable/blob). What
// stands there instead begins with a byte: its two highest bits say where the value is.
//
//   00  here, behind the byte
//   10  in a value block of the table: length, block, where in the block (varints)
//   01  in a blob file: which of the table's blob files, length, block, which value (varints)
//
// The table's value blocks are listed in one block, under `pebble.value_index` in the metaindex:
// handle, then the widths of number, offset and length, a byte each; the list has one line a block.

import { ByteReader } from '../../base/byteReader.ts';
import { corruption } from '../../base/errors.ts';
import type { BlockFile } from '../sst/blockFile.ts';
import { readBlockHandle } from '../sst/blockHandle.ts';
import type { BlockHandle } from '../sst/blockHandle.ts';

/** A value in a blob file, as a table names it. */
export interface BlobPlace {
  /** Which of the blob files that the table refers to. */
  readonly reference: number;
  readonly block: number;
  /** Which value of the block. */
  readonly value: number;
}

/** @throws LsmError when it cannot be read. */
export type FetchBlobValue = (place: BlobPlace) => Uint8Array;

const KIND_MASK = 0xc0;
const KIND_IN_BLOCK = 0x80;
const KIND_IN_BLOB = 0x40;
const WIDTH_MAX = 6;

/** Fetches the values of one table. */
export class ValueBlocks {
  private readonly blocks: BlockFile;
  private readonly indexHandle: Uint8Array | undefined;
  private readonly blobValue: FetchBlobValue;
  private handles: readonly BlockHandle[] | undefined;
  private kept: { readonly block: number; readonly bytes: Uint8Array } | undefined;

  /** @param indexHandle what the metaindex says of the list of value blocks, if there are any. */
  constructor(blocks: BlockFile, indexHandle: Uint8Array | undefined, blobValue: FetchBlobValue) {
    this.blocks = blocks;
    this.indexHandle = indexHandle;
    this.blobValue = blobValue;
  }

  /**
   * @param stored what stands beside the key, the byte that tells where the value lies first.
   * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED`, `IO`
   */
  fetch(stored: Uint8Array, { offset }: { readonly offset: number }): Uint8Array {
    const reader = new ByteReader(stored, this.blocks.name, offset);
    const kind = reader.readUint8('the place of a value') & KIND_MASK;
    if (kind === 0) return stored.subarray(1);
    if (kind === KIND_IN_BLOB) {
      const reference = reader.readVarint32('a blob file');
      reader.readVarint32('the length of a value');
      const block = reader.readVarint32('a block of a blob file');
      return this.blobValue({ reference, block, value: reader.readVarint32('a value') });
    }
    if (kind !== KIND_IN_BLOCK) throw reader.damage('a value lies nowhere');
    const length = reader.readVarint32('the length of a value');
    const bytes = this.blockBytes(reader.readVarint32('a value block'), offset);
    const start = reader.readVarint32('the place of a value');
    if (start + length > bytes.length) throw reader.damage('a value does not fit into its block');
    return bytes.subarray(start, start + length);
  }

  private blockBytes(block: number, offset: number): Uint8Array {
    if (this.kept?.block === block) return this.kept.bytes;
    this.handles ??= this.readHandles();
    const handle = this.handles[block];
    if (handle === undefined) {
      throw corruption(`the table has no value block ${block}`, this.blocks.name, offset);
    }
    const { bytes } = this.blocks.read(handle);
    this.kept = { block, bytes };
    return bytes;
  }

  private readHandles(): BlockHandle[] {
    const { blocks, indexHandle } = this;
    if (indexHandle === undefined) return [];
    const reader = new ByteReader(indexHandle, blocks.name);
    const handle = readBlockHandle(reader);
    const widths = [0, 1, 2].map(() => reader.readUint8('the width of a number'));
    if (widths.some((width) => width > WIDTH_MAX)) throw reader.damage('numbers are too wide');
    const list = new ByteReader(blocks.read(handle).bytes, blocks.name, handle.offset);
    const handles: BlockHandle[] = [];
    const width = widths.reduce((sum, each) => sum + each, 0);
    while (width > 0 && list.remaining > 0) {
      const [, offset = 0, sizeBytes = 0] = widths.map((each) => readNumber(list, each));
      handles.push({ offset, sizeBytes });
    }
    return handles;
  }
}

/** Little-endian, of any width. */
function readNumber(reader: ByteReader, width: number): number {
  const bytes = reader.readBytes(width, 'a number');
  return bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
}

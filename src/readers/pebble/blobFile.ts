// A file of values that Pebble keeps apart from its tables (sstable/blob):
//
//   value blocks, columnar: one column of values | index block, columnar | footer
//   index    custom header: number of blocks before the file was rewritten, uint32
//            column: of those, which block holds its values now, and from which value on (the
//            higher 32 bits) | column: where each block begins, and where the last ends, trailers
//            counted
//   footer   checksum 4 | index offset 8 | index size 8 | checksum type 1 | version 1
//            | file number at first 8 | in version 2: properties handle 16, metaindex handle 16
//            | magic number 8
//
// The checksum is the masked CRC-32C of the rest of the footer.

import { ByteReader, loadUint32 } from '../../base/byteReader.ts';
import { unmaskCrc32 } from '../../base/crc32.ts';
import { crc32c } from '../../base/crc32c.ts';
import { corruption } from '../../base/errors.ts';
import type { ReleasableFile } from '../releasableFile.ts';
import { CHECKSUM_TYPES } from '../sst/blockChecksum.ts';
import { BlockFile } from '../sst/blockFile.ts';
import type { Uncompress } from '../sst/blockFile.ts';
import { BLOCK_TRAILER_BYTES } from '../sst/blockHandle.ts';
import type { BlockHandle } from '../sst/blockHandle.ts';
import type { Footer } from '../sst/footer.ts';
import { ColumnarBlock } from './columnarBlock.ts';
import type { NumberColumn } from './columnarBlock.ts';

const MAGIC_BYTES = 8;
const MAGIC_LOW = 0xb3aa9ff0;
/** The last four bytes of the magic numbers, by the size of their footers. */
const FOOTERS: readonly { readonly magicHigh: number; readonly sizeBytes: number }[] = [
  { magicHigh: 0x80a69ff0, sizeBytes: 38 },
  { magicHigh: 0x82a69ff0, sizeBytes: 70 },
];
const INDEX_HEADER_BYTES = 4;

interface BlobIndex {
  readonly block: ColumnarBlock;
  /** 0 when the file was never rewritten. */
  readonly virtualBlocks: number;
  readonly mapping: NumberColumn;
  readonly offsets: NumberColumn;
}

/** Reads one blob file. */
export class PebbleBlobFile {
  private readonly name: string;
  private readonly blocks: BlockFile;
  private readonly index: BlobIndex;
  private kept: { readonly block: number; readonly values: ColumnarBlock } | undefined;

  /** @throws LsmError `CORRUPTION`, `NOT_SUPPORTED`, `IO` */
  constructor(file: ReleasableFile, name: string, uncompress: Uncompress) {
    this.name = name;
    const footer = readFooter(file, name);
    this.blocks = new BlockFile(file, name, footer, uncompress);
    const { bytes } = this.blocks.read(footer.metaindex);
    const block = new ColumnarBlock(bytes, INDEX_HEADER_BYTES, name, footer.metaindex.offset);
    const virtualBlocks = loadUint32(bytes, 0);
    if (virtualBlocks > file.sizeBytes()) throw corruption('too many blocks', name, 0);
    const mapping = block.numbers(0, virtualBlocks);
    this.index = { block, virtualBlocks, mapping, offsets: block.numbers(1, block.rows + 1) };
  }

  /** The value with that number in that block. @throws LsmError as the constructor */
  value(block: number, value: number): Uint8Array {
    const place = this.physical(block, value);
    const values = this.valuesOf(place.block);
    if (place.value >= values.rows) {
      throw corruption(`block ${block} has no value ${value}`, this.name, values.offset);
    }
    return values.texts(0).at(place.value);
  }

  /** Reads every block. @throws LsmError as the constructor */
  check(): void {
    for (let block = 0; block < this.index.block.rows; block++) this.valuesOf(block);
  }

  private physical(block: number, value: number): { block: number; value: number } {
    const { virtualBlocks, mapping } = this.index;
    if (virtualBlocks === 0) return { block, value };
    if (block >= virtualBlocks) throw corruption(`there is no block ${block}`, this.name, 0);
    const mapped = mapping.at(block);
    return { block: Number(mapped & 0xffff_ffffn), value: value + Number(mapped >> 32n) };
  }

  private valuesOf(block: number): ColumnarBlock {
    if (this.kept?.block === block) return this.kept.values;
    const { offsets, block: index } = this.index;
    if (block >= index.rows) throw corruption(`there is no block ${block}`, this.name, 0);
    const offset = Number(offsets.at(block));
    const sizeBytes = Number(offsets.at(block + 1)) - offset - BLOCK_TRAILER_BYTES;
    if (sizeBytes < 0) throw corruption('a block is smaller than nothing', this.name, offset);
    const values = new ColumnarBlock(
      this.blocks.read({ offset, sizeBytes }).bytes,
      0,
      this.name,
      offset,
    );
    this.kept = { block, values };
    return values;
  }
}

/** As a table's: its `metaindex` is the file's index. */
function readFooter(file: ReleasableFile, name: string): Footer & { metaindex: BlockHandle } {
  const size = file.sizeBytes();
  const magic = new Uint8Array(MAGIC_BYTES);
  if (size >= MAGIC_BYTES) file.read(magic, 0, MAGIC_BYTES, size - MAGIC_BYTES);
  const form = FOOTERS.find(({ magicHigh }) => loadUint32(magic, 4) === magicHigh);
  if (form === undefined || loadUint32(magic, 0) !== MAGIC_LOW || size < form.sizeBytes) {
    throw corruption('the file does not end as a blob file does', name, Math.max(0, size - 8));
  }
  const offset = size - form.sizeBytes;
  const bytes = new Uint8Array(form.sizeBytes);
  file.read(bytes, 0, bytes.length, offset);
  if (crc32c(bytes, 4, bytes.length) !== unmaskCrc32(loadUint32(bytes, 0))) {
    throw corruption('the checksum of the footer does not fit', name, offset);
  }
  const reader = new ByteReader(bytes, name, offset, 4);
  const index = {
    offset: reader.readUint64('the place of the index'),
    sizeBytes: reader.readUint64('the size of the index'),
  };
  const checksumType = CHECKSUM_TYPES[reader.readUint8('the type of checksums')];
  if (checksumType === undefined) throw reader.damage('a checksum type that is not known');
  return {
    kind: 'block-based',
    formatVersion: reader.readUint8('the version'),
    checksumType,
    baseContextChecksum: 0,
    metaindex: index,
    index: undefined,
    handle: { offset, sizeBytes: form.sizeBytes },
    trailerBytes: BLOCK_TRAILER_BYTES,
  };
}

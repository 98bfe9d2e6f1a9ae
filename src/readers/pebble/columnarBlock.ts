// Pebble's columnar block (sstable/colblk of Pebble's sources): rows cut into columns, each column
// stored as a whole. Numbers are little-endian.
//
//   block    custom header, of the block's kind | version 1 | columns 2 | rows 4
//            column header*  data type 1 | where the column begins in the block 4
//            column*         | one byte that is not used
//
//   numbers  encoding 1: width of each, 0, 1, 2, 4 or 8; 0x80: each is added to a base
//            base 8, with 0x80 | to a multiple of the width | numbers
//   bitmap   encoding 1: 0 bits, 1 all zero | to a multiple of 8 | words of 64 bits | their summary
//   texts    numbers: where each begins in the bytes, and where the last ends | bytes
//
// Columns of sorted keys are in prefixColumn.ts.

import { corruption } from '../../base/errors.ts';

const HEADER_BYTES = 7;
const COLUMN_HEADER_BYTES = 5;
const VERSION = 1;
const HAS_BASE = 0x80;
/** No application puts so much before a block's header. */
const UNKNOWN_BYTES_MAX = 64;
const WIDTHS: readonly number[] = [0, 1, 2, 4, 8];

/** Numbers of up to 64 bits, one a row. */
export interface NumberColumn {
  at(row: number): bigint;
}

/** Bytes, one string a row: views of the block. */
export interface BytesColumn {
  at(row: number): Uint8Array;
}

/** Where a column's parts lie. */
interface PlacedNumbers extends NumberColumn {
  readonly end: number;
}

/** What a column may hold. */
export type ColumnType = 'bits' | 'numbers' | 'texts' | 'prefixes';

/** By the numbers of data types. */
const COLUMN_TYPES: readonly (ColumnType | undefined)[] = [
  undefined,
  'bits',
  'numbers',
  'texts',
  'prefixes',
];

/** A block taken apart. */
export class ColumnarBlock {
  readonly bytes: Uint8Array;
  readonly rows: number;
  readonly columns: number;
  readonly file: string;
  readonly offset: number;
  private readonly view: DataView;
  private readonly headerStart: number;

  /**
   * @param customHeaderBytes what stands before the header in blocks of this kind.
   * @param offset where in the file the block begins, for messages.
   * @throws LsmError `CORRUPTION` when the header does not fit, as each column does.
   */
  constructor(bytes: Uint8Array, customHeaderBytes: number, file: string, offset: number) {
    this.bytes = bytes;
    this.file = file;
    this.offset = offset;
    this.headerStart = customHeaderBytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    this.need(customHeaderBytes, HEADER_BYTES);
    const version = bytes[customHeaderBytes]!;
    if (version !== VERSION) throw this.damage(`version ${version} of columnar blocks`, 0);
    this.columns = this.view.getUint16(customHeaderBytes + 1, true);
    this.rows = this.view.getUint32(customHeaderBytes + 3, true);
    this.need(customHeaderBytes + HEADER_BYTES, this.columns * COLUMN_HEADER_BYTES);
  }

  /** @param count how many there are, where it is not one a row. */
  numbers(column: number, count: number = this.rows): NumberColumn {
    return this.numbersAt(this.startOf(column), count);
  }

  /** Whether each row's bit is set. */
  bits(column: number): (row: number) => boolean {
    const start = this.startOf(column);
    this.need(start, 1);
    if (this.bytes[start] !== 0) return () => false;
    const words = aligned(start + 1, 8);
    this.need(words, 8 * Math.ceil(this.rows / 64));
    return (row) => (this.bytes[words + (row >>> 3)]! & (1 << (row & 7))) !== 0;
  }

  texts(column: number, count: number = this.rows): BytesColumn {
    return this.slicesAt(this.startOf(column), count);
  }

  /** Strings behind one another, by where each ends; the first begins where number 0 says. */
  slicesAt(start: number, count: number): BytesColumn {
    if (count === 0) return { at: () => new Uint8Array(0) };
    const ends = this.numbersAt(start, count + 1);
    const { bytes } = this;
    const dataStart = ends.end;
    return {
      at: (row) => {
        const from = dataStart + Number(ends.at(row));
        const to = dataStart + Number(ends.at(row + 1));
        if (to < from) throw this.damage('bytes end before they begin', from);
        this.need(from, to - from);
        return bytes.subarray(from, to);
      },
    };
  }

  /** Numbers that begin anywhere in the block. */
  numbersAt(start: number, count: number): PlacedNumbers {
    if (count === 0) return { end: start, at: () => 0n };
    this.need(start, 1);
    const encoding = this.bytes[start]!;
    const width = encoding & ~HAS_BASE;
    if (!WIDTHS.includes(width)) throw this.damage(`numbers of ${width} bytes`, start);
    let position = start + 1;
    let base = 0n;
    if ((encoding & HAS_BASE) !== 0) {
      this.need(position, 8);
      base = this.view.getBigUint64(position, true);
      position += 8;
    }
    const first = aligned(position, Math.max(1, width));
    this.need(first, count * width);
    return { end: first + count * width, at: (row) => base + this.numberAt(first, width, row) };
  }

  /** Where a column begins in the block. */
  startOf(column: number): number {
    return this.view.getUint32(this.headerOf(column) + 1, true);
  }

  /** What a column says that it holds; its number where that is not known. */
  typeOf(column: number): ColumnType | number {
    const stored = this.bytes[this.headerOf(column)]!;
    return COLUMN_TYPES[stored] ?? stored;
  }

  /** @throws LsmError `CORRUPTION` when the block ends before. */
  need(start: number, lengthBytes: number): void {
    if (start + lengthBytes <= this.bytes.length) return;
    throw this.damage(`${lengthBytes} bytes do not fit into ${this.bytes.length}`, start);
  }

  private headerOf(column: number): number {
    if (column >= this.columns) throw this.damage(`the block has no column ${column}`, 0);
    return this.headerStart + HEADER_BYTES + column * COLUMN_HEADER_BYTES;
  }

  private numberAt(first: number, width: number, row: number): bigint {
    const { view } = this;
    const position = first + row * width;
    switch (width) {
      case 0:
        return 0n;
      case 1:
        return BigInt(view.getUint8(position));
      case 2:
        return BigInt(view.getUint16(position, true));
      case 4:
        return BigInt(view.getUint32(position, true));
      default:
        return view.getBigUint64(position, true);
    }
  }

  private damage(message: string, position: number): Error {
    return corruption(`a columnar block: ${message}`, this.file, this.offset + position);
  }
}

/**
 * Where the header of a block begins that has an unknown number of bytes before it: there, and only
 * there, the columns that it names begin right behind it and go on in order.
 * @param least bytes that are certainly before it.
 */
export function findHeader(bytes: Uint8Array, least: number): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const most = Math.min(least + UNKNOWN_BYTES_MAX, bytes.length - HEADER_BYTES);
  for (let start = least; start <= most; start++) {
    if (bytes[start] !== VERSION) continue;
    const columns = view.getUint16(start + 1, true);
    const end = start + HEADER_BYTES + columns * COLUMN_HEADER_BYTES;
    if (columns === 0 || end > bytes.length) continue;
    let before = end;
    let areInOrder = true;
    for (let header = start + HEADER_BYTES; header < end; header += COLUMN_HEADER_BYTES) {
      const place = view.getUint32(header + 1, true);
      areInOrder &&= place >= before && COLUMN_TYPES[bytes[header]!] !== undefined;
      areInOrder &&= header > start + HEADER_BYTES || place === end;
      before = place;
    }
    if (areInOrder && before <= bytes.length) return start;
  }
  return undefined;
}

function aligned(position: number, to: number): number {
  return Math.ceil(position / to) * to;
}

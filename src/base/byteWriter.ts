// The counterpart of ByteReader: appends integers and bytes to a buffer that grows. Little-endian.

import { assert } from './assert.ts';
import { copyBytes, copyOfRange, encodeUtf8 } from './bytes.ts';
import { VARINT_SIZE_MAX, writeVarint } from './varint.ts';

/** An append-only byte buffer; `clear` keeps the memory for the next use. */
export class ByteWriter {
  /** The buffer; only `[0, length)` holds what was written. Replaced when it grows. */
  bytes: Uint8Array<ArrayBuffer>;
  /** Bytes written. */
  length = 0;

  constructor(initialCapacityBytes = 256) {
    this.bytes = new Uint8Array(initialCapacityBytes);
  }

  /** Makes room for `lengthBytes` more, so that they can be written through `bytes` directly. */
  reserve(lengthBytes: number): void {
    const needed = this.length + lengthBytes;
    if (needed > this.bytes.length) this.grow(needed);
  }

  writeUint8(value: number): void {
    this.reserve(1);
    this.bytes[this.length++] = value;
  }

  writeUint16(value: number): void {
    this.reserve(2);
    this.bytes[this.length++] = value;
    this.bytes[this.length++] = value >>> 8;
  }

  writeUint32(value: number): void {
    this.reserve(4);
    storeUint32(this.bytes, this.length, value);
    this.length += 4;
  }

  /** Six bytes for 0 … 2^48 - 1. */
  writeUint48(value: number): void {
    this.reserve(6);
    storeUint48(this.bytes, this.length, value);
    this.length += 6;
  }

  /** Eight bytes for 0 … 2^53 - 1. */
  writeUint64(value: number): void {
    this.reserve(8);
    storeUint64(this.bytes, this.length, value);
    this.length += 8;
  }

  /** 1 to 8 bytes for 0 … 2^53 - 1. */
  writeVarint(value: number): void {
    this.reserve(VARINT_SIZE_MAX);
    this.length = writeVarint(this.bytes, this.length, value);
  }

  writeBytes(source: Uint8Array, start = 0, end: number = source.length): void {
    this.reserve(end - start);
    copyBytes(source, start, end - start, this.bytes, this.length);
    this.length += end - start;
  }

  /** A varint length, then the bytes. */
  writeLengthAndBytes(source: Uint8Array): void {
    this.writeVarint(source.length);
    this.writeBytes(source);
  }

  /** A varint length in bytes, then the text as UTF-8. */
  writeText(text: string): void {
    this.writeLengthAndBytes(encodeUtf8(text));
  }

  /** Overwrites four bytes written before. */
  patchUint32(position: number, value: number): void {
    assert(position + 4 <= this.length, 'a patch lies within what was written');
    storeUint32(this.bytes, position, value);
  }

  /** Forgets what was written, keeps the buffer. */
  clear(): void {
    this.length = 0;
  }

  /** A view of what was written; invalid after the next write. */
  view(): Uint8Array<ArrayBuffer> {
    return this.bytes.subarray(0, this.length);
  }

  /** A copy of what was written, in a buffer of its own. */
  toBytes(): Uint8Array<ArrayBuffer> {
    return copyOfRange(this.bytes, 0, this.length);
  }

  private grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.bytes.length * 2));
    larger.set(this.bytes.subarray(0, this.length));
    this.bytes = larger;
  }
}

/** Writes four bytes at `position`, which must have room. */
export function storeUint32(bytes: Uint8Array, position: number, value: number): void {
  bytes[position] = value;
  bytes[position + 1] = value >>> 8;
  bytes[position + 2] = value >>> 16;
  bytes[position + 3] = value >>> 24;
}

/** Writes six bytes at `position`: 0 … 2^48 - 1. */
export function storeUint48(bytes: Uint8Array, position: number, value: number): void {
  storeUint32(bytes, position, value >>> 0);
  const high = Math.floor(value / 0x1_0000_0000);
  bytes[position + 4] = high;
  bytes[position + 5] = high >>> 8;
}

/** Writes eight bytes at `position`: 0 … 2^53 - 1. */
export function storeUint64(bytes: Uint8Array, position: number, value: number): void {
  storeUint32(bytes, position, value >>> 0);
  storeUint32(bytes, position + 4, Math.floor(value / 0x1_0000_0000));
}

// A cursor over bytes from outside. Nothing is believed: each step checks the end first, and what
// does not fit is an LsmError `CORRUPTION` that names the file and the offset. All integers are
// little-endian.

import { corruption } from './errors.ts';
import type { LsmError } from './errors.ts';
import { assert } from './assert.ts';

/** Reads forward through `bytes[position, end)`; `reset` lets one reader serve many ranges. */
export class ByteReader {
  bytes: Uint8Array;
  /** Index in `bytes` of the next byte. */
  position: number;
  /** Index in `bytes` after the last byte that may be read. */
  end: number;
  private readonly file: string;
  private fileOffset: number;

  /**
   * @param file name for messages.
   * @param fileOffset where in that file `bytes[0]` lies.
   */
  constructor(
    bytes: Uint8Array,
    file: string,
    fileOffset = 0,
    start = 0,
    end: number = bytes.length,
  ) {
    this.bytes = bytes;
    this.file = file;
    this.fileOffset = fileOffset;
    this.position = start;
    this.end = end;
  }

  /** Goes on with another range of the same file. */
  reset(bytes: Uint8Array, fileOffset: number, start: number, end: number): void {
    assert(start >= 0 && start <= end && end <= bytes.length, 'a range lies within its bytes');
    this.bytes = bytes;
    this.fileOffset = fileOffset;
    this.position = start;
    this.end = end;
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.end - this.position;
  }

  /** The error for damage at the cursor (or at `position`), for the caller to throw. */
  damage(message: string, position: number = this.position): LsmError {
    return corruption(message, this.file, this.fileOffset + position);
  }

  /** Checks that `lengthBytes` more bytes are there. */
  need(lengthBytes: number, what: string): void {
    if (lengthBytes > this.end - this.position) {
      throw this.damage(`${what} needs ${lengthBytes} bytes, ${this.end - this.position} are left`);
    }
  }

  readUint8(what: string): number {
    if (this.position >= this.end) this.need(1, what);
    return this.bytes[this.position++]!;
  }

  readUint16(what: string): number {
    this.need(2, what);
    const { bytes, position } = this;
    this.position = position + 2;
    return bytes[position]! | (bytes[position + 1]! << 8);
  }

  readUint32(what: string): number {
    this.need(4, what);
    const value = loadUint32(this.bytes, this.position);
    this.position += 4;
    return value;
  }

  /** Six bytes, 0 … 2^48 - 1. */
  readUint48(what: string): number {
    this.need(6, what);
    const value = loadUint48(this.bytes, this.position);
    this.position += 6;
    return value;
  }

  /** Eight bytes holding 0 … 2^53 - 1; greater is damage. */
  readUint64(what: string): number {
    this.need(8, what);
    const high = loadUint32(this.bytes, this.position + 4);
    if (high > 0x1fffff) throw this.damage(`${what} is 2^53 or more`);
    const value = high * 0x1_0000_0000 + loadUint32(this.bytes, this.position);
    this.position += 8;
    return value;
  }

  /** A varint of 0 … 2^53 - 1 in its shortest form; anything else is damage. */
  readVarint(what: string): number {
    const first = this.readUint8(what);
    return first < 0x80 ? first : this.readLongVarint(first & 0x7f, what);
  }

  /** A varint of 0 … 2^32 - 1 in its shortest form; anything else is damage. */
  readVarint32(what: string): number {
    const start = this.position;
    const value = this.readVarint(what);
    if (value > 0xffffffff) throw this.damage(`${what} is 2^32 or more`, start);
    return value;
  }

  /** A varint that must not exceed the bytes that follow it: a length to be read next. */
  readLength(what: string): number {
    const start = this.position;
    const length = this.readVarint(what);
    if (length > this.end - this.position) {
      throw this.damage(`${what} is ${length}, ${this.end - this.position} bytes are left`, start);
    }
    return length;
  }

  /** A view (no copy) of the next bytes. */
  readBytes(lengthBytes: number, what: string): Uint8Array {
    this.need(lengthBytes, what);
    const start = this.position;
    this.position = start + lengthBytes;
    return this.bytes.subarray(start, start + lengthBytes);
  }

  /** Passes over the next bytes. */
  skip(lengthBytes: number, what: string): void {
    this.need(lengthBytes, what);
    this.position += lengthBytes;
  }

  private readLongVarint(lowBits: number, what: string): number {
    const start = this.position - 1;
    let value = lowBits;
    let scale = 0x80;
    for (let count = 2; ; count++) {
      const byte = this.readUint8(what);
      value += (byte & 0x7f) * scale;
      // The eighth byte holds bits 49 and up, of which a value below 2^53 has four.
      if (count === 8 && byte > 0x0f) throw this.damage(`${what} is 2^53 or more`, start);
      if (byte < 0x80) {
        if (byte === 0) throw this.damage(`${what} is not in its shortest form`, start);
        return value;
      }
      scale *= 0x80;
    }
  }
}

/** Four bytes at `position`, unchecked: the caller knows that they are there. */
export function loadUint32(bytes: Uint8Array, position: number): number {
  return (
    (bytes[position]! |
      (bytes[position + 1]! << 8) |
      (bytes[position + 2]! << 16) |
      (bytes[position + 3]! << 24)) >>>
    0
  );
}

/** Six bytes at `position`, unchecked. */
export function loadUint48(bytes: Uint8Array, position: number): number {
  const high = bytes[position + 4]! | (bytes[position + 5]! << 8);
  return high * 0x1_0000_0000 + loadUint32(bytes, position);
}

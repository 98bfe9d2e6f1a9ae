// Builds data blocks (dataBlock.ts has the format), one after another in one buffer.

import { assert } from '../../base/assert.ts';
import { storeUint32, storeUint64 } from '../../base/byteWriter.ts';
import { VARINT_SIZE_MAX, writeVarint } from '../../base/varint.ts';
import { copyWords, viewOf } from '../../base/words.ts';
import type { Entry } from '../iterator/entry.ts';
import { BLOCK_TAIL_BYTES } from './dataBlock.ts';

/** Takes entries in order; `finish` closes the block, `clear` begins the next. */
export class DataBlockBuilder {
  /** The block; only its first `sizeBytes` belong to it. Replaced when it grows. */
  bytes: Uint8Array;
  /** Bytes of entries so far; after `finish`, bytes of the block. */
  sizeBytes = 0;
  entryCount = 0;
  private view: DataView;
  private kinds = new Uint8Array(64);
  private sequences = new Float64Array(64);
  private timestamps = new Float64Array(64);
  private readonly restarts: number[] = [];
  private readonly restartInterval: number;

  constructor(capacityBytes: number, restartInterval: number) {
    this.bytes = new Uint8Array(capacityBytes);
    this.view = viewOf(this.bytes);
    this.restartInterval = restartInterval;
  }

  get restartCount(): number {
    return this.restarts.length;
  }

  /** Whether the next entry begins a restart interval, so that its key is stored whole. */
  get atRestart(): boolean {
    return this.entryCount % this.restartInterval === 0;
  }

  /**
   * Appends an entry.
   * @param shared leading key bytes in common with the entry before; 0 when `atRestart`.
   */
  add(entry: Entry, shared: number): void {
    const suffixLength = entry.keyLength - shared;
    this.reserve(3 * VARINT_SIZE_MAX + suffixLength + entry.valueLength);
    if (this.atRestart) {
      assert(shared === 0, 'a restart holds its key whole');
      this.restarts.push(this.sizeBytes);
    }
    let position = writeVarint(this.bytes, this.sizeBytes, shared);
    position = writeVarint(this.bytes, position, suffixLength);
    position = writeVarint(this.bytes, position, entry.valueLength);
    const suffixOffset = entry.keyOffset + shared;
    this.copy(entry.keyBytes, entry.keyView, suffixOffset, position, suffixLength);
    position += suffixLength;
    this.copy(entry.valueBytes, entry.valueView, entry.valueOffset, position, entry.valueLength);
    this.sizeBytes = position + entry.valueLength;
    this.addTag(entry);
  }

  /** Appends tags, restarts and tail; the block is then `bytes[0, sizeBytes)`. */
  finish(): void {
    const { entryCount } = this;
    assert(entryCount > 0, 'a data block has entries');
    const baseSequence = least(this.sequences, entryCount);
    const baseTimestamp = least(this.timestamps, entryCount);
    const sequenceWidth = widthOf(greatest(this.sequences, entryCount) - baseSequence);
    const timestampWidth = widthOf(greatest(this.timestamps, entryCount) - baseTimestamp);
    const tagBytes = entryCount * (1 + sequenceWidth + timestampWidth);
    this.reserve(tagBytes + 4 * this.restarts.length + BLOCK_TAIL_BYTES);
    const { bytes } = this;
    let position = this.sizeBytes;
    for (let index = 0; index < entryCount; index++) {
      bytes[position++] = this.kinds[index]!;
      const sequence = this.sequences[index]! - baseSequence;
      position = storeUint(bytes, position, sequence, sequenceWidth);
      const timestamp = this.timestamps[index]! - baseTimestamp;
      position = storeUint(bytes, position, timestamp, timestampWidth);
    }
    for (const restart of this.restarts) {
      storeUint32(bytes, position, restart);
      position += 4;
    }
    storeUint64(bytes, position, baseSequence);
    storeUint64(bytes, position + 8, baseTimestamp);
    storeUint32(bytes, position + 16, entryCount);
    this.view.setUint16(position + 20, this.restartInterval, true);
    bytes[position + 22] = sequenceWidth;
    bytes[position + 23] = timestampWidth;
    this.sizeBytes = position + BLOCK_TAIL_BYTES;
  }

  /** Forgets the block; a buffer that one huge value blew up is given back. */
  clear(keepAtMostBytes: number): void {
    this.sizeBytes = 0;
    this.entryCount = 0;
    this.restarts.length = 0;
    if (this.bytes.length > keepAtMostBytes) this.resize(keepAtMostBytes);
  }

  private addTag(entry: Entry): void {
    const index = this.entryCount++;
    if (index === this.kinds.length) this.growTags();
    this.kinds[index] = entry.kind;
    this.sequences[index] = entry.sequence;
    this.timestamps[index] = entry.timestampMicros;
  }

  private growTags(): void {
    const { kinds, sequences, timestamps } = this;
    this.kinds = new Uint8Array(2 * kinds.length);
    this.kinds.set(kinds);
    this.sequences = new Float64Array(2 * sequences.length);
    this.sequences.set(sequences);
    this.timestamps = new Float64Array(2 * timestamps.length);
    this.timestamps.set(timestamps);
  }

  private copy(
    source: Uint8Array,
    sourceView: DataView,
    offset: number,
    position: number,
    length: number,
  ): void {
    copyWords(source, sourceView, offset, this.bytes, this.view, position, length);
  }

  private reserve(lengthBytes: number): void {
    const needed = this.sizeBytes + lengthBytes;
    if (needed > this.bytes.length) this.resize(Math.max(needed, 2 * this.bytes.length));
  }

  private resize(capacityBytes: number): void {
    const other = new Uint8Array(capacityBytes);
    other.set(this.bytes.subarray(0, this.sizeBytes));
    this.bytes = other;
    this.view = viewOf(other);
  }
}

/** Bytes that hold 0 … `greatestValue`; 0 bytes when all are 0. */
function widthOf(greatestValue: number): number {
  let width = 0;
  for (let rest = greatestValue; rest > 0; rest = Math.floor(rest / 256)) width++;
  return width;
}

/** Writes `width` bytes, little-endian; answers the position after them. */
function storeUint(bytes: Uint8Array, position: number, value: number, width: number): number {
  let rest = value >>> 0;
  for (let index = 0; index < width; index++) {
    if (index === 4) rest = Math.floor(value / 0x1_0000_0000);
    bytes[position + index] = rest;
    rest >>>= 8;
  }
  return position + width;
}

function least(values: Float64Array, count: number): number {
  let result = values[0]!;
  for (let index = 1; index < count; index++) {
    if (values[index]! < result) result = values[index]!;
  }
  return result;
}

function greatest(values: Float64Array, count: number): number {
  let result = values[0]!;
  for (let index = 1; index < count; index++) {
    if (values[index]! > result) result = values[index]!;
  }
  return result;
}

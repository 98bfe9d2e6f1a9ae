// The one decoder of an entry's place in a data block: its lengths, where its key suffix and value
// lie and where the next entry begins. Fields instead of a result object, so that nothing is
// allocated.

import type { DataBlock } from './dataBlock.ts';

/** The lengths and offsets of one entry, all in bytes from the start of its block. */
export class EntryHeader {
  /** Leading key bytes taken from the key before. */
  shared = 0;
  suffixOffset = 0;
  suffixLength = 0;
  valueOffset = 0;
  valueLength = 0;
  /** Where the next entry begins. */
  end = 0;

  /**
   * Reads the entry at `position`.
   * @throws LsmError `CORRUPTION` when it reaches beyond the block's entries.
   */
  decode(block: DataBlock, position: number): void {
    const bytes = block.bytes;
    const shared = bytes[position]!;
    const suffixLength = bytes[position + 1]!;
    const valueLength = bytes[position + 2]!;
    // Behind the entries a block holds more than three bytes, so these reads stay inside it.
    if ((shared | suffixLength | valueLength) < 0x80) {
      this.shared = shared;
      this.suffixLength = suffixLength;
      this.valueLength = valueLength;
      this.suffixOffset = position + 3;
    } else {
      let next = readLength(block, position);
      this.shared = lengthRead;
      next = readLength(block, next);
      this.suffixLength = lengthRead;
      next = readLength(block, next);
      this.valueLength = lengthRead;
      this.suffixOffset = next;
    }
    this.valueOffset = this.suffixOffset + this.suffixLength;
    this.end = this.valueOffset + this.valueLength;
    if (this.end > block.entriesEnd) {
      throw block.damage(position, 'an entry reaches beyond the entries of its block');
    }
  }
}

/** What `readLength` read: a second result without an object. */
let lengthRead = 0;

/** Reads a varint of up to five bytes into `lengthRead`; answers the position after it. */
function readLength(block: DataBlock, position: number): number {
  const bytes = block.bytes;
  let value = 0;
  let scale = 1;
  let next = position;
  for (;;) {
    const byte = bytes[next++]!;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
    scale *= 0x80;
    if (next - position === 5 || next >= block.entriesEnd) {
      throw block.damage(position, 'a length of an entry has no end');
    }
  }
  lengthRead = value;
  return next;
}

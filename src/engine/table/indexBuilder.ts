// Builds a table's index block (blockIndex.ts has the format).

import { ByteWriter } from '../../base/byteWriter.ts';

/** Collects one entry for each data block, in file order. */
export class IndexBuilder {
  private readonly writer = new ByteWriter(4096);
  private blocks = 0;

  /**
   * Takes the next data block.
   * @param sizeBytes as stored, without its trailer; `rawSizeBytes` before compression.
   * @param separator at or after the block's last key and before the next block's first; when both
   * are the same key, that key.
   * @param sequence 0, or the last entry's when the next block goes on with the same key.
   */
  add(
    sizeBytes: number,
    rawSizeBytes: number,
    entries: number,
    separator: Uint8Array,
    sequence: number,
  ): void {
    const { writer } = this;
    writer.writeVarint(sizeBytes);
    writer.writeVarint(rawSizeBytes);
    writer.writeVarint(entries);
    writer.writeVarint(sequence);
    writer.writeLengthAndBytes(separator);
    this.blocks++;
  }

  /** Bytes so far. */
  get sizeBytes(): number {
    return this.writer.length;
  }

  get blockCount(): number {
    return this.blocks;
  }

  /** The index block, without its trailer; a view, valid until the next `add`. */
  finish(): Uint8Array {
    this.writer.writeUint32(this.blocks);
    return this.writer.view();
  }
}

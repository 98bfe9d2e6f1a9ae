// Builds a table's index, in parts when it grows beyond one (partitionedIndex.ts has the format).

import { ByteWriter } from '../../base/byteWriter.ts';
import { BLOCK_TRAILER_BYTES } from './blockTrailer.ts';
import { IndexBuilder } from './indexBuilder.ts';

/** A part that is ready for the file. */
export interface BuiltPartition {
  readonly bytes: Uint8Array;
  /** Data blocks that it leads to. */
  readonly blocks: number;
  /** Of its last block. */
  readonly separator: Uint8Array;
  readonly sequence: number;
}

/** Takes data blocks in file order, as IndexBuilder does. */
export class PartitionBuilder {
  /** Data blocks so far. */
  blockCount = 0;
  private readonly partitionSize: number;
  private readonly closed: BuiltPartition[] = [];
  private current = new IndexBuilder();
  /** Where the blocks of the current part begin, and where they end. */
  private start = 0;
  private end = 0;
  private separator = new Uint8Array(0) as Uint8Array;
  private sequence = 0;

  /** @param partitionSize bytes of index at which a part ends. */
  constructor(partitionSize: number) {
    this.partitionSize = partitionSize;
  }

  /** As IndexBuilder.add; `separator` is kept. */
  add(
    sizeBytes: number,
    rawSizeBytes: number,
    entries: number,
    separator: Uint8Array,
    sequence: number,
  ): void {
    // A part is closed only when there is more: a table with one part has none.
    if (this.current.sizeBytes >= this.partitionSize) this.close();
    this.current.add(sizeBytes, rawSizeBytes, entries, separator, sequence);
    this.blockCount++;
    this.end += sizeBytes + BLOCK_TRAILER_BYTES;
    this.separator = separator;
    this.sequence = sequence;
  }

  /** The parts, or none where one index block is enough. Called once, after the last `add`. */
  finishPartitions(): readonly BuiltPartition[] {
    if (this.closed.length > 0) this.close();
    return this.closed;
  }

  /** The index block of a table without parts. */
  finish(): Uint8Array {
    return this.current.finish();
  }

  private close(): void {
    const { current, separator, sequence } = this;
    const writer = new ByteWriter();
    writer.writeVarint(this.start);
    writer.writeBytes(current.finish());
    const bytes = writer.toBytes();
    this.closed.push({ bytes, blocks: current.blockCount, separator, sequence });
    this.current = new IndexBuilder();
    this.start = this.end;
  }
}

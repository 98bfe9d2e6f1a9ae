// Walks the entries of one data block after another, forward and backward, rebuilding each key in a
// buffer of its own. Going back decodes again from the last restart: at most an interval of
// entries.

import { Entry } from '../iterator/entry.ts';
import type { EntryIterator } from '../iterator/entryIterator.ts';
import { KeyBuffer } from '../iterator/keyBuffer.ts';
import { BlockSearch } from './blockSearch.ts';
import type { DataBlock } from './dataBlock.ts';
import { EntryHeader } from './entryHeader.ts';

/** A position in a block; `open` lets one iterator serve all blocks of a table. */
export class BlockIterator implements EntryIterator {
  valid = false;
  readonly entry: Entry = new Entry();
  /** Index of the current entry in its block. */
  index = -1;
  private block: DataBlock | undefined;
  private nextOffset = 0;
  private readonly key = new KeyBuffer();
  private readonly header = new EntryHeader();
  private search: BlockSearch | undefined;

  /** Goes on with another block; stands nowhere until moved. */
  open(block: DataBlock): void {
    this.block = block;
    this.valid = false;
    this.entry.valueBytes = block.bytes;
    this.entry.valueView = block.view;
  }

  /** Lets go of the block, so that it need not stay in memory. */
  close(): void {
    this.block = undefined;
    this.valid = false;
  }

  first(): void {
    this.standBefore(0);
    this.step(this.block!);
  }

  last(): void {
    this.moveTo(this.block!.entryCount - 1);
  }

  seek(key: Uint8Array, sequence: number): void {
    const block = this.block!;
    this.search ??= new BlockSearch();
    const search = this.search;
    search.run(block, key, sequence, null);
    this.valid = search.index < block.entryCount;
    if (!this.valid) return;
    this.index = search.index;
    const { shared } = search.header;
    if (shared > 0) this.key.setToBytes(shared === key.length ? key : key.subarray(0, shared));
    this.stand(block, search.header);
  }

  next(): void {
    this.step(this.block!);
  }

  prev(): void {
    if (this.index === 0) {
      this.valid = false;
      return;
    }
    this.moveTo(this.index - 1);
  }

  /** Stands on the entry of this index. */
  private moveTo(index: number): void {
    const block = this.block!;
    this.standBefore(Math.floor(index / block.restartInterval));
    while (this.index < index - 1) this.skip(block);
    this.step(block);
  }

  private standBefore(restart: number): void {
    const block = this.block!;
    this.index = restart * block.restartInterval - 1;
    this.nextOffset = block.restartOffset(restart);
    this.key.length = 0;
  }

  /** Moves one on without looking at tags. */
  private skip(block: DataBlock): void {
    const { header } = this;
    this.decodeNext(block);
    this.key.replaceFrom(
      header.shared,
      block.bytes,
      block.view,
      header.suffixOffset,
      header.suffixLength,
    );
    this.nextOffset = header.end;
    this.index++;
  }

  private step(block: DataBlock): void {
    if (this.index + 1 >= block.entryCount) {
      this.valid = false;
      return;
    }
    this.decodeNext(block);
    this.index++;
    this.valid = true;
    this.stand(block, this.header);
  }

  private decodeNext(block: DataBlock): void {
    const { nextOffset, header } = this;
    if (nextOffset >= block.entriesEnd) {
      throw block.damage(nextOffset, `a data block ends after ${this.index + 1} entries`);
    }
    header.decode(block, nextOffset);
    if (header.shared > this.key.length) {
      throw block.damage(nextOffset, 'a key shares more bytes than the key before it has');
    }
  }

  /** Fills `entry` from the entry at `index`, whose first `shared` key bytes are in the buffer. */
  private stand(block: DataBlock, header: EntryHeader): void {
    const { key, entry, index } = this;
    key.replaceFrom(
      header.shared,
      block.bytes,
      block.view,
      header.suffixOffset,
      header.suffixLength,
    );
    this.nextOffset = header.end;
    entry.keyBytes = key.bytes;
    entry.keyView = key.view;
    entry.keyLength = key.length;
    entry.kind = block.kindOf(index);
    entry.sequence = block.sequenceOf(index);
    entry.timestampMicros = block.timestampOf(index);
    entry.valueOffset = header.valueOffset;
    entry.valueLength = header.valueLength;
  }
}

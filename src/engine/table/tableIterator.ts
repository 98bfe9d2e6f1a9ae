// Walks a whole table: the index leads to a block, a block iterator walks inside it.

import type { Entry } from '../iterator/entry.ts';
import type { EntryIterator } from '../iterator/entryIterator.ts';
import { BlockIterator } from './blockIterator.ts';
import { ReadAhead } from './readAhead.ts';
import type { BlockReadOptions } from './readContext.ts';
import type { TableReader } from './tableReader.ts';

/** A position in a table; `open` lets one iterator serve all tables of a run. */
export class TableIterator implements EntryIterator {
  readonly entry: Entry;
  private readonly block = new BlockIterator();
  private readonly options: BlockReadOptions;
  private readonly ahead: ReadAhead | null;
  private reader: TableReader | undefined;
  private blockNumber = -1;

  constructor(options: BlockReadOptions) {
    this.options = options;
    this.ahead = options.fillCache ? null : new ReadAhead();
    this.entry = this.block.entry;
  }

  get valid(): boolean {
    return this.block.valid;
  }

  /** Goes on with another table; stands nowhere until moved. */
  open(reader: TableReader): void {
    this.reader = reader;
    this.ahead?.clear();
    this.close();
  }

  /** Lets go of the block it stands in. */
  close(): void {
    this.block.close();
    this.blockNumber = -1;
  }

  first(): void {
    if (this.isEmpty()) return;
    this.load(0);
    this.block.first();
  }

  last(): void {
    if (this.isEmpty()) return;
    this.load(this.reader!.index.blockCount - 1);
    this.block.last();
  }

  seek(key: Uint8Array, sequence: number): void {
    const { index } = this.reader!;
    const block = index.find(key, sequence, null);
    if (block === index.blockCount) {
      this.close();
      return;
    }
    this.load(block);
    this.block.seek(key, sequence);
    // A separator may lie behind the block's last entry: then the next block's first one is it.
    if (!this.block.valid) this.enterNext();
  }

  next(): void {
    this.block.next();
    if (!this.block.valid) this.enterNext();
  }

  prev(): void {
    this.block.prev();
    if (this.block.valid) return;
    if (this.blockNumber === 0) {
      this.close();
      return;
    }
    this.load(this.blockNumber - 1);
    this.block.last();
  }

  /** Whether the table holds range deletes alone; it then stands nowhere. */
  private isEmpty(): boolean {
    const empty = this.reader!.index.blockCount === 0;
    if (empty) this.close();
    return empty;
  }

  private enterNext(): void {
    if (this.blockNumber + 1 === this.reader!.index.blockCount) {
      this.close();
      return;
    }
    this.load(this.blockNumber + 1);
    this.block.first();
  }

  private load(blockNumber: number): void {
    if (blockNumber === this.blockNumber) return;
    this.block.open(this.reader!.dataBlock(blockNumber, this.options, this.ahead));
    this.blockNumber = blockNumber;
  }
}

// A cursor over one table. A block that cannot be read is listed as a problem and passed over, so
// that the rest of the table is still seen.

import { corruption } from '../../base/errors.ts';
import type { EntryCursor } from '../entryCursor.ts';
import { sequenceAt, TRAILER_BYTES } from '../internalKey.ts';
import type { CompareKeys } from '../keyOrder.ts';
import type { ProblemList } from '../problems.ts';
import { Block, BlockCursor } from './block.ts';
import type { SstReader } from './sstReader.ts';

const NO_BLOCK = new BlockCursor(new Block(new Uint8Array(8), '', 0));

/** Stands on one version in a table. */
export class SstCursor implements EntryCursor {
  valid = false;
  keyLength = 0;
  sequence = 0;
  code = 0;
  private readonly reader: SstReader;
  private readonly compare: CompareKeys;
  private readonly problems: ProblemList;
  private block: BlockCursor = NO_BLOCK;
  private blockIndex = 0;

  constructor(reader: SstReader, compare: CompareKeys, problems: ProblemList) {
    this.reader = reader;
    this.compare = compare;
    this.problems = problems;
  }

  get key(): Uint8Array {
    return this.block.key;
  }

  value(): Uint8Array {
    const { block } = this;
    return block.block.bytes.subarray(block.valueStart, block.valueEnd);
  }

  first(): void {
    this.enter(0, 1, (block) => block.first());
  }

  last(): void {
    this.enter(this.reader.index.length - 1, -1, (block) => block.last());
  }

  seek(key: Uint8Array): void {
    const { compare } = this;
    const before = (at: Uint8Array, length: number): number =>
      compare(at, Math.max(0, length - TRAILER_BYTES), key, key.length);
    let low = 0;
    let high = this.reader.index.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { key: last } = this.reader.index[middle]!;
      if (before(last, last.length) < 0) low = middle + 1;
      else high = middle;
    }
    this.enter(low, 1, (block) => block.seek(before));
  }

  next(): void {
    this.step(1, (block) => block.next());
  }

  prev(): void {
    this.step(-1, (block) => block.prev());
  }

  private step(direction: 1 | -1, move: (block: BlockCursor) => void): void {
    if (this.attempt(() => move(this.block)) && this.block.valid) {
      this.attempt(() => this.take());
      return;
    }
    const enter = (block: BlockCursor): void => (direction > 0 ? block.first() : block.last());
    this.enter(this.blockIndex + direction, direction, enter);
  }

  /** Goes into a block; into the next ones while it holds nothing that can be read. */
  private enter(start: number, direction: 1 | -1, move: (block: BlockCursor) => void): void {
    this.valid = false;
    let place = move;
    for (let index = start; index >= 0 && index < this.reader.index.length; index += direction) {
      this.blockIndex = index;
      const isRead = this.attempt(() => {
        this.block = new BlockCursor(this.reader.dataBlock(index));
        place(this.block);
        if (this.block.valid) this.take();
      });
      if (isRead && this.valid) return;
      place = (block) => (direction > 0 ? block.first() : block.last());
    }
  }

  private take(): void {
    const { key, keyLength, block } = this.block;
    const end = keyLength - TRAILER_BYTES;
    if (end < 0) throw corruption('a key has no trailer', block.file, block.offset);
    this.keyLength = end;
    this.sequence = sequenceAt(key, end);
    this.code = key[end]!;
    this.valid = true;
  }

  private attempt(read: () => void): boolean {
    try {
      read();
      return true;
    } catch (thrown) {
      this.valid = false;
      this.problems.addThrown(thrown, this.reader.name);
      return false;
    }
  }
}

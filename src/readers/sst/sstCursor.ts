// A cursor over one table. A block that cannot be read is listed as a problem and passed over, so
// that the rest of the table is still seen.

import { corruption } from '../../base/errors.ts';
import type { EntryCursor } from '../entryCursor.ts';
import { sequenceAt, TRAILER_BYTES } from '../internalKey.ts';
import type { CompareKeys } from '../keyOrder.ts';
import type { ProblemList } from '../problems.ts';
import { Block, BlockCursor } from './block.ts';
import type { CompareKey } from './block.ts';
import type { ReadAhead } from './readAhead.ts';
import type { SstReader } from './sstReader.ts';

const NO_BLOCK = new Block(new Uint8Array(8), '', 0);

/** Stands on one version in a table. */
export class SstCursor implements EntryCursor {
  valid = false;
  key: Uint8Array = new Uint8Array(0);
  keyLength = 0;
  sequence = 0;
  code = 0;
  private readonly reader: SstReader;
  private readonly compare: CompareKeys;
  private readonly problems: ProblemList;
  private readonly ahead: ReadAhead | undefined;
  private readonly block = new BlockCursor(NO_BLOCK);
  private blockIndex = 0;

  /** @param ahead for a walk: values are then valid until the cursor moves. */
  constructor(reader: SstReader, compare: CompareKeys, problems: ProblemList, ahead?: ReadAhead) {
    this.reader = reader;
    this.compare = compare;
    this.problems = problems;
    this.ahead = ahead;
  }

  value(): Uint8Array {
    const { block } = this;
    return block.block.bytes.subarray(block.valueStart, block.valueEnd);
  }

  first(): void {
    this.enter(0, 1);
  }

  last(): void {
    this.enter(this.reader.index.length - 1, -1);
  }

  seek(key: Uint8Array): void {
    const { compare } = this;
    let low = 0;
    let high = this.reader.index.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { key: last } = this.reader.index[middle]!;
      if (compare(last, last.length, key, key.length) < 0) low = middle + 1;
      else high = middle;
    }
    this.enter(low, 1, (at, length) =>
      compare(at, Math.max(0, length - TRAILER_BYTES), key, key.length),
    );
  }

  next(): void {
    try {
      this.block.next();
      if (this.block.valid) {
        this.take();
        return;
      }
    } catch (thrown) {
      this.problems.addThrown(thrown, this.reader.name);
    }
    this.enter(this.blockIndex + 1, 1);
  }

  prev(): void {
    try {
      this.block.prev();
      if (this.block.valid) {
        this.take();
        return;
      }
    } catch (thrown) {
      this.problems.addThrown(thrown, this.reader.name);
    }
    this.enter(this.blockIndex - 1, -1);
  }

  /** Goes into a block; into the next ones while it holds nothing that can be read. */
  private enter(start: number, direction: 1 | -1, sought?: CompareKey): void {
    const { block, reader } = this;
    const blocks = reader.index.length;
    this.valid = false;
    for (let index = start; index >= 0 && index < blocks; index += direction) {
      this.blockIndex = index;
      try {
        block.enter(reader.dataBlock(index, direction > 0 ? this.ahead : undefined));
        if (sought !== undefined && index === start) block.seek(sought);
        else if (direction > 0) block.first();
        else block.last();
        if (block.valid) this.take();
      } catch (thrown) {
        this.valid = false;
        this.problems.addThrown(thrown, reader.name);
      }
      if (this.valid) return;
    }
  }

  private take(): void {
    const { key, keyLength, block } = this.block;
    const end = keyLength - TRAILER_BYTES;
    if (end < 0) throw corruption('a key has no trailer', block.file, block.offset);
    this.key = key;
    this.keyLength = end;
    this.sequence = this.reader.globalSequence ?? sequenceAt(key, end);
    this.code = key[end]!;
    this.valid = true;
  }
}

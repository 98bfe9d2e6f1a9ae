// An index in two levels, for a table whose index would be large: parts of it are blocks of their
// own, which come into the block cache when they are needed and leave it again. In memory stays
// only the index block, which leads to them: it is built as any index is (blockIndex.ts), but its
// "blocks" are the parts, and their entry counts are the data blocks that each leads to.
//
//   | part of an index | bytes                                                    |
//   | ---------------- | -------------------------------------------------------- |
//   | start            | varint: offset of the first data block that it leads to  |
//   | rest             | as blockIndex.ts has it                                  |
//
// The parts stand behind the data blocks, in order. DO NOT CHANGE: on disk.

import { ByteReader } from '../../base/byteReader.ts';
import { equalBytes } from '../../base/bytes.ts';
import type { HalvingStep } from '../../protocol/events.ts';
import { BlockIndex } from './blockIndex.ts';
import type { Separator, TableIndex } from './tableIndex.ts';

/** Loads parts as they are asked for; keeps hold of the one used last. */
export class PartitionedIndex implements TableIndex {
  readonly blockCount: number;
  /** Leads to the parts. */
  readonly top: BlockIndex;
  /** The first data block of each part, and at the end their count. */
  private readonly firstBlocks: Float64Array;
  private readonly dataEnd: number;
  private readonly load: (partition: number) => BlockIndex;
  private current: BlockIndex | undefined;
  private currentNumber = -1;

  /** @param load reads a part, through a cache. */
  constructor(top: BlockIndex, dataEnd: number, load: (partition: number) => BlockIndex) {
    this.top = top;
    this.dataEnd = dataEnd;
    this.load = load;
    this.firstBlocks = new Float64Array(top.blockCount + 1);
    for (let part = 0; part < top.blockCount; part++) {
      this.firstBlocks[part + 1] = this.firstBlocks[part]! + top.entriesOf(part);
    }
    this.blockCount = this.firstBlocks[top.blockCount]!;
  }

  get memoryBytes(): number {
    return this.top.memoryBytes + this.firstBlocks.byteLength;
  }

  offsetOf(block: number): number {
    return block === this.blockCount
      ? this.dataEnd
      : this.enter(block).offsetOf(this.inside(block));
  }

  sizeOf(block: number): number {
    return this.enter(block).sizeOf(this.inside(block));
  }

  rawSizeOf(block: number): number {
    return this.enter(block).rawSizeOf(this.inside(block));
  }

  entriesOf(block: number): number {
    return this.enter(block).entriesOf(this.inside(block));
  }

  separator(block: number): Separator {
    return this.enter(block).separator(this.inside(block));
  }

  /** The halvings are those inside the one part, by the numbers of the data blocks. */
  find(key: Uint8Array, sequence: number, steps: HalvingStep[] | null): number {
    const part = this.top.find(key, sequence, null);
    if (part === this.top.blockCount) return this.blockCount;
    const first = this.firstBlocks[part]!;
    const index = this.partition(part);
    const inside: HalvingStep[] | null = steps === null ? null : [];
    const block = first + index.find(key, sequence, inside);
    for (const step of inside ?? []) {
      const { low, middle, high } = step;
      steps!.push({ ...step, low: first + low, middle: first + middle, high: first + high });
    }
    return block;
  }

  /** A part by its number; checked when it is loaded. */
  partition(part: number): BlockIndex {
    if (part !== this.currentNumber || this.current === undefined) {
      this.current = this.load(part);
      this.currentNumber = part;
    }
    return this.current;
  }

  private enter(block: number): BlockIndex {
    const { firstBlocks, currentNumber } = this;
    if (block >= firstBlocks[currentNumber]! && block < firstBlocks[currentNumber + 1]!) {
      return this.partition(currentNumber);
    }
    let low = 0;
    let high = this.top.blockCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (firstBlocks[middle]! <= block) low = middle;
      else high = middle - 1;
    }
    return this.partition(low);
  }

  private inside(block: number): number {
    return block - this.firstBlocks[this.currentNumber]!;
  }
}

/**
 * Reads part number `part` of an index.
 * @param bytes the block without its trailer.
 * @throws LsmError `CORRUPTION` when it does not add up, or is not what `top` says of it.
 */
export function decodePartition(
  bytes: Uint8Array,
  file: string,
  top: BlockIndex,
  part: number,
  dataEnd: number,
): BlockIndex {
  const offset = top.offsetOf(part);
  const reader = new ByteReader(bytes, file, offset);
  const start = reader.readVarint('where a part of the index begins');
  const { position } = reader;
  const index = new BlockIndex(bytes.subarray(position), file, offset + position, start);
  const { blockCount } = index;
  const last = index.separator(blockCount - 1);
  const stated = top.separator(part);
  const fits =
    blockCount === top.entriesOf(part) &&
    index.offsetOf(blockCount) <= dataEnd &&
    last.sequence === stated.sequence &&
    equalBytes(last.key, stated.key);
  if (!fits) throw reader.damage('a part of the index is not what the index says of it', offset);
  return index;
}

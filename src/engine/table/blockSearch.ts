// Finding an entry in a data block, for gets and for iterators alike.
//
// 1. Binary search over the restarts, whose keys stand there whole: the last one before the target.
// 2. From there entry by entry, without rebuilding keys. `matched` is how many leading bytes the
//    entry just passed has in common with the target. The next one shares `shared` bytes with it:
//    - shared > matched: the byte that made the last entry smaller is still there; pass it.
//    - else its first `shared` bytes are the target's own; its suffix alone decides.
//    So most entries are passed by reading three lengths.

import type { HalvingStep } from '../../protocol/events.ts';
import type { DataBlock } from './dataBlock.ts';
import { EntryHeader } from './entryHeader.ts';

/** A search and what it found; reused from one search to the next. */
export class BlockSearch {
  /**
   * Index of the entry found: the first that is not before the target; the entry count for none.
   */
  index = 0;
  /** Whether the entry found has the target's key. */
  sameKey = false;
  /** The place of the entry found. Its key is the target's first `shared` bytes and its suffix. */
  readonly header: EntryHeader = new EntryHeader();
  /** Versions of the target's key that were newer than the target's sequence. */
  passedOver = 0;
  /** Entries decoded one by one after the restart. */
  decoded = 0;

  /**
   * Finds the first entry that is not before (key, sequence).
   * @param steps receives the halvings of the restarts, for a close-up; `null` to record none.
   * @throws LsmError `CORRUPTION` on entries that contradict their block.
   */
  run(block: DataBlock, key: Uint8Array, sequence: number, steps: HalvingStep[] | null): void {
    const restart = this.lastRestartBefore(block, key, sequence, steps);
    this.walk(block, key, sequence, restart);
  }

  /** The last restart whose entry is before the target, or the first restart. */
  private lastRestartBefore(
    block: DataBlock,
    key: Uint8Array,
    sequence: number,
    steps: HalvingStep[] | null,
  ): number {
    let low = 0;
    let high = block.restartCount - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      const comparison = this.compareToRestart(block, key, sequence, middle);
      if (steps !== null) {
        const found = block.bytes.slice(this.header.suffixOffset, this.header.valueOffset);
        steps.push({ low, middle, high, key: found, comparison: Math.sign(comparison) });
      }
      if (comparison > 0) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Sign of (target - entry at `restart`). */
  private compareToRestart(
    block: DataBlock,
    key: Uint8Array,
    sequence: number,
    restart: number,
  ): number {
    const header = this.header;
    const position = block.restartOffset(restart);
    header.decode(block, position);
    if (header.shared !== 0) throw block.damage(position, 'a restart does not hold its key whole');
    const { bytes } = block;
    const { suffixOffset, suffixLength } = header;
    const shorter = key.length < suffixLength ? key.length : suffixLength;
    for (let index = 0; index < shorter; index++) {
      const difference = key[index]! - bytes[suffixOffset + index]!;
      if (difference !== 0) return difference;
    }
    if (key.length !== suffixLength) return key.length - suffixLength;
    return block.sequenceOf(restart * block.restartInterval) - sequence;
  }

  private walk(block: DataBlock, key: Uint8Array, sequence: number, restart: number): void {
    const { header } = this;
    const { bytes, entryCount, entriesEnd } = block;
    const firstIndex = restart * block.restartInterval;
    let position = block.restartOffset(restart);
    let matched = 0;
    let index = firstIndex;
    this.passedOver = 0;
    this.sameKey = false;
    for (; index < entryCount && position < entriesEnd; index++, position = header.end) {
      header.decode(block, position);
      if (header.shared > matched) {
        if (index === firstIndex)
          throw block.damage(position, 'a restart does not hold its key whole');
        continue;
      }
      const { suffixOffset, suffixLength, shared } = header;
      const keyLength = shared + suffixLength;
      const shorter = key.length < keyLength ? key.length : keyLength;
      const suffixStart = suffixOffset - shared;
      matched = shared;
      while (matched < shorter && key[matched] === bytes[suffixStart + matched]) matched++;
      if (matched === key.length) {
        if (keyLength > matched) break;
        if (block.sequenceOf(index) <= sequence) {
          this.sameKey = true;
          break;
        }
        this.passedOver++;
      } else if (matched < keyLength && bytes[suffixStart + matched]! > key[matched]!) {
        break;
      }
    }
    if (position >= entriesEnd && index < entryCount) {
      throw block.damage(position, `a data block ends after ${index} of ${entryCount} entries`);
    }
    this.index = index;
    this.decoded = Math.min(index + 1, entryCount) - firstIndex;
  }
}

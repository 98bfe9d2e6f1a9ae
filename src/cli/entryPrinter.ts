// Prints live entries as JSON Lines, and goes on where it was when the store has to be opened
// again.

import { equalBytes } from '../base/bytes.ts';
import { COCKROACH_COMPARATOR } from '../base/cockroachKey.ts';
import type { EntryRange, KeySpace } from '../session/catalogue.ts';
import { EntryLines } from './entryLines.ts';
import { keyWords } from './format.ts';
import { print } from './output.ts';

/** One scan's output. */
export class EntryPrinter {
  private readonly range: EntryRange;
  private readonly hex: boolean;
  private readonly lines: EntryLines;
  private printed = 0;
  private lastKey: Uint8Array | undefined;

  /** @param hex print hexadecimal digits only. */
  constructor(range: EntryRange, hex = false) {
    this.range = range;
    this.hex = hex;
    this.lines = new EntryLines(hex);
  }

  /** Prints what is left of the range; after a failure it may be called again. */
  async print(store: KeySpace, comparator: string): Promise<void> {
    const { lines, hex } = this;
    const isVersioned = comparator === COCKROACH_COMPARATOR && !hex;
    try {
      for (const [key, value] of store.entries(this.rest())) {
        if (this.lastKey !== undefined && equalBytes(key, this.lastKey)) continue;
        lines.add(key, value, isVersioned ? keyWords(key, comparator) : undefined);
        this.lastKey = key;
        this.printed++;
        if (lines.isFull) await print(lines.take());
      }
    } finally {
      // Also when the store fails: these lines count as printed.
      await print(lines.take());
    }
  }

  private rest(): EntryRange {
    const { range, lastKey } = this;
    if (lastKey === undefined) return range;
    // The last key comes once more: which one is next to it, only the store's order knows.
    const again = range.reverse === true ? 0 : 1;
    const limit = range.limit === undefined ? {} : { limit: range.limit - this.printed + again };
    const bound = range.reverse === true ? { to: lastKey } : { from: lastKey };
    return { ...range, ...limit, ...bound };
  }
}

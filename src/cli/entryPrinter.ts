// Prints live entries as JSON Lines, and goes on where it was when the store has to be opened
// again.

import { concatBytes } from '../base/bytes.ts';
import type { EntryRange, KeySpace } from '../session/catalogue.ts';
import { EntryLines } from './entryLines.ts';
import { print } from './output.ts';

/** One scan's output. */
export class EntryPrinter {
  private readonly range: EntryRange;
  private readonly lines: EntryLines;
  private printed = 0;
  private lastKey: Uint8Array | undefined;

  /** @param hex print hexadecimal digits only. */
  constructor(range: EntryRange, hex = false) {
    this.range = range;
    this.lines = new EntryLines(hex);
  }

  /** Prints what is left of the range; after a failure it may be called again. */
  async print(store: KeySpace): Promise<void> {
    const { lines } = this;
    try {
      for (const [key, value] of store.entries(this.rest())) {
        lines.add(key, value);
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
    const limit = range.limit === undefined ? {} : { limit: range.limit - this.printed };
    if (lastKey === undefined) return { ...range, ...limit };
    const bound = range.reverse === true ? { to: lastKey } : { from: justAfter(lastKey) };
    return { ...range, ...limit, ...bound };
  }
}

/** The smallest key greater than `key`. */
function justAfter(key: Uint8Array): Uint8Array {
  return concatBytes([key, Uint8Array.of(0)]);
}

// Prints live entries as JSON Lines, and goes on where it was when the store has to be opened
// again.

import { concatBytes, encodeHex } from '../base/bytes.ts';
import type { EntryRange, KeySpace, LiveEntry } from '../session/catalogue.ts';
import { textOf } from './format.ts';
import { print } from './output.ts';

/** Lines are gathered up to this many characters before they are written. */
const GATHERED_CHARACTERS = 64 * 1024;

/** One scan's output. */
export class EntryPrinter {
  private readonly range: EntryRange;
  private readonly hex: boolean;
  private printed = 0;
  private lastKey: Uint8Array | undefined;

  /** @param hex print hexadecimal digits only. */
  constructor(range: EntryRange, hex = false) {
    this.range = range;
    this.hex = hex;
  }

  /** Prints what is left of the range; after a failure it may be called again. */
  async print(store: KeySpace): Promise<void> {
    let gathered = '';
    try {
      for (const entry of store.entries(this.rest())) {
        gathered += `${JSON.stringify(this.lineOf(entry))}\n`;
        this.lastKey = entry[0];
        this.printed++;
        if (gathered.length < GATHERED_CHARACTERS) continue;
        const full = gathered;
        gathered = '';
        await print(full);
      }
    } finally {
      // Also when the store fails: these lines count as printed.
      await print(gathered);
    }
  }

  private rest(): EntryRange {
    const { range, lastKey } = this;
    const limit = range.limit === undefined ? {} : { limit: range.limit - this.printed };
    if (lastKey === undefined) return { ...range, ...limit };
    const bound = range.reverse === true ? { to: lastKey } : { from: justAfter(lastKey) };
    return { ...range, ...limit, ...bound };
  }

  private lineOf([key, value]: LiveEntry): Readonly<Record<string, string | null>> {
    const digits = { keyHex: encodeHex(key), valueHex: encodeHex(value) };
    return this.hex ? digits : { key: textOf(key), value: textOf(value), ...digits };
  }
}

/** The smallest key greater than `key`. */
function justAfter(key: Uint8Array): Uint8Array {
  return concatBytes([key, Uint8Array.of(0)]);
}

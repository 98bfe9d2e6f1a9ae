// A cursor over a run: tables that never overlap, ascending. Only the table it stands in is open.

import type { TableInfo } from '../protocol/events.ts';
import type { EntryCursor } from './entryCursor.ts';
import type { CompareKeys } from './keyOrder.ts';
import { pieceBytesFor, ReadAhead } from './sst/readAhead.ts';

/** A table of a run. */
export interface ChainLink {
  /** The user's part of its greatest key. */
  readonly largestKey: Uint8Array;
  /** Opens it; `undefined` when it cannot be read, which has been listed then. */
  open(ahead: ReadAhead): EntryCursor | undefined;
}

/** A cursor for each run of a tree. */
export function chainsOf(
  runs: readonly (readonly TableInfo[])[],
  linkOf: (table: TableInfo) => ChainLink,
  compare: CompareKeys,
): ChainCursor[] {
  const pieceBytesMax = pieceBytesFor(runs.length);
  return runs.map((tables) => new ChainCursor(tables.map(linkOf), compare, pieceBytesMax));
}

const FIRST = (cursor: EntryCursor): void => cursor.first();
const LAST = (cursor: EntryCursor): void => cursor.last();

/** Walks from table to table. */
export class ChainCursor implements EntryCursor {
  // Copied from the table's cursor at each step: whoever merges reads them several times.
  valid = false;
  key: Uint8Array = new Uint8Array(0);
  keyLength = 0;
  sequence = 0;
  code = 0;
  private readonly links: readonly ChainLink[];
  private readonly compare: CompareKeys;
  private readonly ahead: ReadAhead;
  private index = 0;
  private opened = -1;
  private cursor: EntryCursor | undefined;

  /** @param pieceBytesMax how much may be read ahead. */
  constructor(links: readonly ChainLink[], compare: CompareKeys, pieceBytesMax: number) {
    this.links = links;
    this.compare = compare;
    this.ahead = new ReadAhead(pieceBytesMax);
  }

  value(): Uint8Array {
    return this.cursor!.value();
  }

  first(): void {
    this.enter(0, 1, FIRST);
  }

  last(): void {
    this.enter(this.links.length - 1, -1, LAST);
  }

  seek(key: Uint8Array): void {
    let low = 0;
    let high = this.links.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { largestKey } = this.links[middle]!;
      if (this.compare(largestKey, largestKey.length, key, key.length) < 0) low = middle + 1;
      else high = middle;
    }
    this.enter(low, 1, (cursor) => cursor.seek(key));
  }

  next(): void {
    const cursor = this.cursor!;
    cursor.next();
    if (cursor.valid) this.show(cursor);
    else this.enter(this.index + 1, 1, FIRST);
  }

  prev(): void {
    const cursor = this.cursor!;
    cursor.prev();
    if (cursor.valid) this.show(cursor);
    else this.enter(this.index - 1, -1, LAST);
  }

  private show(cursor: EntryCursor): void {
    this.key = cursor.key;
    this.keyLength = cursor.keyLength;
    this.sequence = cursor.sequence;
    this.code = cursor.code;
    this.valid = true;
  }

  private enter(start: number, direction: 1 | -1, move: (cursor: EntryCursor) => void): void {
    let place = move;
    for (let index = start; index >= 0 && index < this.links.length; index += direction) {
      this.index = index;
      if (this.opened !== index) this.cursor = this.links[index]!.open(this.ahead);
      this.opened = index;
      if (this.cursor !== undefined) place(this.cursor);
      if (this.cursor?.valid === true) {
        this.show(this.cursor);
        return;
      }
      place = direction > 0 ? FIRST : LAST;
    }
    this.valid = false;
    this.cursor = undefined;
    this.opened = -1;
  }
}

// A cursor that passes over versions which were written before their transaction was committed.

import type { EntryCursor } from './entryCursor.ts';

/** Walks over what another cursor walks over, but for some sequence numbers. */
export class HidingCursor implements EntryCursor {
  private readonly cursor: EntryCursor;
  private readonly hidden: ReadonlySet<number>;

  constructor(cursor: EntryCursor, hidden: ReadonlySet<number>) {
    this.cursor = cursor;
    this.hidden = hidden;
  }

  get valid(): boolean {
    return this.cursor.valid;
  }

  get key(): Uint8Array {
    return this.cursor.key;
  }

  get keyLength(): number {
    return this.cursor.keyLength;
  }

  get sequence(): number {
    return this.cursor.sequence;
  }

  get code(): number {
    return this.cursor.code;
  }

  value(): Uint8Array {
    return this.cursor.value();
  }

  first(): void {
    this.cursor.first();
    this.forward();
  }

  last(): void {
    this.cursor.last();
    this.backward();
  }

  seek(key: Uint8Array): void {
    this.cursor.seek(key);
    this.forward();
  }

  next(): void {
    this.cursor.next();
    this.forward();
  }

  prev(): void {
    this.cursor.prev();
    this.backward();
  }

  private forward(): void {
    const { cursor, hidden } = this;
    while (cursor.valid && hidden.has(cursor.sequence)) cursor.next();
  }

  private backward(): void {
    const { cursor, hidden } = this;
    while (cursor.valid && hidden.has(cursor.sequence)) cursor.prev();
  }
}

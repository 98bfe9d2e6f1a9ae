// What a store must answer, the plain way: every state it ever had is kept as a sorted list.

import { compareBytes, decodeHex, encodeHex, startsWith } from '../../src/base/bytes.ts';

/** Keys in hexadecimal: a Map finds them, and their order is that of the bytes. */
export type Content = ReadonlyMap<string, Uint8Array>;

/**
 * One write; `undefined` removes the key, `to` all keys from it to before that one, an operand is
 * appended to the value behind a comma.
 */
export type Change = readonly [
  key: Uint8Array,
  value: Uint8Array | undefined | RangeEnd | OperandChange,
];

export interface OperandChange {
  readonly operand: Uint8Array;
}

export interface RangeEnd {
  readonly to: Uint8Array;
}

/** A range as the store takes it. */
export interface ModelRange {
  readonly from?: Uint8Array | undefined;
  readonly to?: Uint8Array | undefined;
  readonly prefix?: Uint8Array | undefined;
  readonly reverse?: boolean | undefined;
  readonly limit?: number | undefined;
}

export function contentAfter(content: Content, changes: readonly Change[]): Content {
  const after = new Map(content);
  for (const [key, value] of changes) {
    if (value === undefined) after.delete(encodeHex(key));
    else if (value instanceof Uint8Array) after.set(encodeHex(key), value);
    else if ('operand' in value) append(after, encodeHex(key), value.operand);
    else for (const hex of keysIn(after, key, value.to)) after.delete(hex);
  }
  return after;
}

function append(content: Map<string, Uint8Array>, hex: string, operand: Uint8Array): void {
  const base = content.get(hex);
  content.set(hex, base === undefined ? operand : Uint8Array.of(...base, 0x2c, ...operand));
}

function keysIn(content: Content, from: Uint8Array, to: Uint8Array): string[] {
  return [...content.keys()].filter((hex) => isIn(decodeHex(hex), from, to));
}

/** Whether from <= key < to. */
export function isIn(key: Uint8Array, from: Uint8Array, to: Uint8Array): boolean {
  return compareBytes(key, from) >= 0 && compareBytes(key, to) < 0;
}

export function scan(content: Content, range: ModelRange): [Uint8Array, Uint8Array][] {
  const { from, to, prefix, reverse, limit } = range;
  const entries = [...content]
    .map(([key, value]): [Uint8Array, Uint8Array] => [decodeHex(key), value])
    .filter(
      ([key]) =>
        (from === undefined || compareBytes(key, from) >= 0) &&
        (to === undefined || compareBytes(key, to) < 0) &&
        (prefix === undefined || startsWith(key, prefix)),
    )
    .sort(([left], [right]) => compareBytes(left, right));
  if (reverse === true) entries.reverse();
  return entries.slice(0, limit ?? Infinity);
}

/** Every commit of a store's life, and which of them a power failure may still take. */
export class History {
  /** Content after each commit; the first is the empty store. */
  private contents: Content[] = [new Map()];
  private durable = 0;

  get current(): Content {
    return this.contents.at(-1)!;
  }

  commit(changes: readonly Change[], sync: boolean): void {
    this.contents.push(contentAfter(this.current, changes));
    if (sync) this.durable = this.contents.length - 1;
  }

  /** Takes keys (in hexadecimal) out of the whole history: a column family was dropped. */
  forget(isGone: (key: string) => boolean): void {
    this.contents = this.contents.map(
      (content) => new Map([...content].filter(([key]) => !isGone(key))),
    );
  }

  /** Everything committed is durable: the store was closed, or flushed. */
  settle(): void {
    this.durable = this.contents.length - 1;
  }

  /**
   * After a power failure the store must stand where it was after some commit, none that was
   * durable missing. Goes on from there; answers false when it stands nowhere like that.
   */
  resumeAt(found: Content): boolean {
    for (let commit = this.contents.length - 1; commit >= this.durable; commit--) {
      if (!isSame(this.contents[commit]!, found)) continue;
      this.contents = this.contents.slice(0, commit + 1);
      this.settle();
      return true;
    }
    return false;
  }
}

export function isSame(left: Content, right: Content): boolean {
  if (left.size !== right.size) return false;
  for (const [key, value] of left) {
    const other = right.get(key);
    if (other === undefined || compareBytes(value, other) !== 0) return false;
  }
  return true;
}

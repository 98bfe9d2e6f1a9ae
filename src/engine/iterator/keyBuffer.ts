// A key that changes in place: what a block iterator rebuilds entry by entry, what a writer
// compares the next key with. It keeps to the padding that Entry promises, so `compareKeys` may
// read it.

import { copyWords, viewOf } from '../../base/words.ts';
import type { Entry } from './entry.ts';

/** Zero bytes that may be read past the key's end. */
const PADDING_BYTES = 4;

/** A growing buffer that holds one key from byte 0, followed by zeros. */
export class KeyBuffer {
  bytes: Uint8Array = new Uint8Array(64 + PADDING_BYTES);
  /** A view of the same bytes; replaced together with them when the buffer grows. */
  view: DataView = viewOf(this.bytes);
  length = 0;

  /** Keeps the first `keep` bytes and puts `length` bytes of another array behind them. */
  replaceFrom(
    keep: number,
    source: Uint8Array,
    sourceView: DataView,
    sourceOffset: number,
    length: number,
  ): void {
    const total = keep + length;
    if (total + PADDING_BYTES > this.bytes.length) this.grow(total);
    copyWords(source, sourceView, sourceOffset, this.bytes, this.view, keep, length);
    this.view.setUint32(total, 0);
    this.length = total;
  }

  /** Becomes a copy of the entry's key. */
  setTo(entry: Entry): void {
    this.replaceFrom(0, entry.keyBytes, entry.keyView, entry.keyOffset, entry.keyLength);
  }

  /** Becomes a copy of `key`. */
  setToBytes(key: Uint8Array): void {
    if (key.length + PADDING_BYTES > this.bytes.length) this.grow(key.length);
    this.bytes.set(key, 0);
    this.view.setUint32(key.length, 0);
    this.length = key.length;
  }

  /** Leading bytes that this key and the entry's have in common. */
  sharedPrefixLength(entry: Entry): number {
    const { view, length } = this;
    const { keyView, keyOffset, keyLength } = entry;
    const shorter = length < keyLength ? length : keyLength;
    for (let index = 0; index < shorter; index += 4) {
      const difference = view.getUint32(index) ^ keyView.getUint32(keyOffset + index);
      if (difference === 0) continue;
      const shared = index + (Math.clz32(difference) >>> 3);
      return shared < shorter ? shared : shorter;
    }
    return shorter;
  }

  /** A copy of the key in an array of its own. */
  toBytes(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }

  private grow(length: number): void {
    const larger = new Uint8Array(Math.max(length, this.bytes.length * 2) + PADDING_BYTES);
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = viewOf(larger);
  }
}

// Keys as words: how a search compares without looking at single bytes.
//
// Keys stand in memory as plain bytes, from a word boundary on, with zeros up to the next one. Two
// keys are compared a word at a time while the words are equal; only the first two that differ are
// brought into big-endian order, in which a greater number is a later key. Where all words are
// equal, the lengths decide: a zero that pads the shorter key can only meet a zero of the longer.

import { copyBytes } from '../../base/bytes.ts';
import { wordsOf } from './arena.ts';

const LITTLE_ENDIAN: boolean = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
/** Words kept for the next search; longer keys get memory of their own. */
const KEPT_WORDS = 1024;

/** A sought key, laid out like the keys of an arena. One serves many searches, one at a time. */
export class SearchKey {
  /** The key, from word 0. */
  words: Uint32Array = new Uint32Array(0);
  private bytes: Uint8Array = new Uint8Array(this.words.buffer);

  /** Takes over a key's bytes. */
  load(key: Uint8Array): void {
    const count = wordsOf(key.length);
    if (count > this.words.length || this.words.length > KEPT_WORDS) {
      this.words = new Uint32Array(Math.max(count, KEPT_WORDS));
      this.bytes = new Uint8Array(this.words.buffer);
    }
    if (count > 0) this.words[count - 1] = 0;
    copyBytes(key, 0, key.length, this.bytes, 0);
  }
}

/** A word's four bytes as a big-endian number. */
export function inByteOrder(word: number): number {
  if (!LITTLE_ENDIAN) return word;
  const swapped = (word << 24) | ((word & 0xff00) << 8) | ((word >>> 8) & 0xff00) | (word >>> 24);
  return swapped >>> 0;
}

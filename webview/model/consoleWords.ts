// The words of a line in the console, and what they stand for. Blanks separate them; quotes keep
// them together; `0x…` is bytes in hexadecimal, the way keys that are no text are shown.

import { decodeHex, encodeUtf8 } from '../../src/base/bytes.ts';

/** Options that take a word; the others are switches. */
const WITH_WORD: ReadonlySet<string> = new Set(['prefix', 'limit', 'family']);
const SWITCHES: ReadonlySet<string> = new Set(['sync', 'reverse', 'for-update']);

/** Puts `--name` and its word into `options` and gives the other words. */
export function takeOptions(
  words: readonly string[],
  options: Map<string, string>,
): readonly string[] {
  const plain: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const name = word.slice(2);
    if (word.startsWith('--') && WITH_WORD.has(name)) options.set(name, words[++at] ?? '');
    else if (word.startsWith('--') && SWITCHES.has(name)) options.set(name, '');
    else plain.push(word);
  }
  return plain;
}

/** The bytes of a word; `null` when it is missing or empty. */
export function optional(word: string | undefined): Uint8Array | null {
  return word === undefined || word === '' ? null : bytesOf(word);
}

/** UTF-8 of a word, or the bytes that `0x…` spells. */
export function bytesOf(word: string): Uint8Array {
  return /^0x(?:[0-9a-f]{2})+$/i.test(word) ? decodeHex(word.slice(2)) : encodeUtf8(word);
}

/** Splits at blanks outside of quotes; `undefined` when a quote stays open. */
export function wordsOf(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (const character of line) {
    if (quote !== '') {
      if (character === quote) quote = '';
      else word = (word ?? '') + character;
    } else if ((character === '"' || character === "'") && word === undefined) {
      quote = character;
      word = '';
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else word = (word ?? '') + character;
  }
  if (quote !== '') return undefined;
  if (word !== undefined) words.push(word);
  return words;
}

// A key as messages show it.

import { decodeUtf8 } from '../base/bytes.ts';

/** Characters of a key that a message shows. */
const SHOWN_CHARACTERS = 60;

/** The beginning of a key as text in quotes. */
export function shownKey(key: Uint8Array): string {
  return JSON.stringify(decodeUtf8(key).slice(0, SHOWN_CHARACTERS));
}

// Keys and values as text a person can read: as they are when they are printable UTF-8, otherwise
// as hexadecimal digits. The page, the command line and VS Code all show them the same way.

import { copyOfRange, encodeHex } from '../base/bytes.ts';

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Controls, surrogates, private use and what has no glyph: anything a person could not see. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/u;

/** The text that `bytes` hold, or `undefined` when they are no printable UTF-8. */
export function printableText(bytes: Uint8Array): string | undefined {
  try {
    const text = decoder.decode(copyOfRange(bytes, 0, bytes.length));
    return UNPRINTABLE.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/**
 * A label for a key: its text when printable, `0x…` when not, `''` (two quotes) when empty.
 * @param charactersMax longer labels end in `…`; the label is never longer than this.
 */
export function keyText(
  bytes: Uint8Array,
  charactersMax: number = Number.MAX_SAFE_INTEGER,
): string {
  if (bytes.length === 0) return "''";
  return shorten(printableText(bytes) ?? `0x${encodeHex(bytes)}`, charactersMax);
}

/** The first characters of a text, with `…` for the rest; never splits a surrogate pair. */
function shorten(text: string, charactersMax: number): string {
  if (text.length <= charactersMax) return text;
  let kept = '';
  for (const character of text) {
    if (kept.length + character.length >= charactersMax) break;
    kept += character;
  }
  return `${kept}…`;
}

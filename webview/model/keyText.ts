// Keys and values are bytes; this is how they are written for a reader: as text when they are clean
// UTF-8, else as hexadecimal with a `0x`. Also the names of a store's files.

import {
  COCKROACH_COMPARATOR,
  cockroachVersion,
  readCockroachKey,
} from '../../src/base/cockroachKey.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });
let remembered = new WeakMap<Uint8Array, string>();
let isCockroach = false;
/** Bytes of a key that are ever written out; a key may be a mebibyte long. */
const SHOWN_BYTES_MAX = 128;

/** From now on keys are written as a store with that comparator has them. */
export function readKeysAs(comparator: string): void {
  if (isCockroach === (comparator === COCKROACH_COMPARATOR)) return;
  isCockroach = !isCockroach;
  remembered = new WeakMap();
}

/** A key as text; remembered by identity, since the same key is drawn sixty times a second. */
export function keyText(bytes: Uint8Array): string {
  const known = remembered.get(bytes);
  if (known !== undefined) return known;
  const text = isCockroach ? cockroachText(bytes) : plainText(bytes);
  remembered.set(bytes, text);
  return text;
}

/** The version under which a range key stands, as `keyText` has it behind the `@`. */
export function suffixText(suffix: Uint8Array): string {
  return isCockroach && suffix.length > 0 ? cockroachVersion(suffix) : plainText(suffix);
}

function cockroachText(bytes: Uint8Array): string {
  const parts = readCockroachKey(bytes);
  if (parts === undefined) return plainText(bytes);
  const version = parts.version === '' ? '' : `@${parts.version}`;
  return `${plainText(parts.key)}${version}`;
}

function plainText(bytes: Uint8Array): string {
  const cut = bytes.length > SHOWN_BYTES_MAX;
  const shown = cut ? bytes.slice(0, SHOWN_BYTES_MAX) : bytes;
  return (readable(shown, cut) ?? hexadecimal(shown)) + (cut ? '…' : '');
}

/** A value's preview as text, with an ellipsis when the value is longer than it. */
export function valueText(preview: Uint8Array, valueSizeBytes: number): string {
  const more = preview.length < valueSizeBytes;
  const text = readable(preview, more) ?? hexadecimal(preview);
  return more ? `${text}…` : text;
}

/** A file's number as its name begins: six digits. */
export function fileText(file: number): string {
  return String(file).padStart(6, '0');
}

/** At most `characters` of `text`, the middle replaced by an ellipsis; the ends tell keys apart. */
export function shortened(text: string, characters: number): string {
  if (text.length <= characters) return text;
  if (characters <= 1) return characters === 1 ? '…' : '';
  const tail = Math.floor((characters - 1) / 2);
  return `${text.slice(0, characters - 1 - tail)}…${tail > 0 ? text.slice(-tail) : ''}`;
}

function readable(bytes: Uint8Array, mayBeCut: boolean): string | undefined {
  // A cut may fall inside a character: up to three bytes are given up before it counts as no text.
  const spare = mayBeCut ? Math.min(3, bytes.length) : 0;
  for (let dropped = 0; dropped <= spare; dropped++) {
    try {
      const text = decoder.decode(bytes.subarray(0, bytes.length - dropped));
      return /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\uFFFD]/u.test(text) ? undefined : text;
    } catch {
      continue;
    }
  }
  return undefined;
}

function hexadecimal(bytes: Uint8Array): string {
  let text = '0x';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

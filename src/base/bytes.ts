// Byte ranges: comparing, copying, text and hexadecimal. Keys and values are bytes everywhere;
// nothing here allocates unless its name says so (encode, decode, concat, copyOf).
//
// Loops instead of TypedArray calls: `set` and `subarray` cost 100 to 200 ns whatever the length,
// so a plain loop wins for keys and short values. Where both sides have a DataView, words.ts is
// quicker.

import { LsmError } from './errors.ts';

/** From this many bytes on `TypedArray.set` beats a loop: of a whole array, of a part. */
const COPY_WHOLE_MIN_BYTES = 48;
const COPY_PART_MIN_BYTES = 96;

/**
 * Orders two byte ranges lexicographically as unsigned bytes; a prefix is smaller. This is the
 * order of all keys. Negative, 0 or positive, like a subtraction.
 */
export function compareRanges(
  first: Uint8Array,
  firstStart: number,
  firstEnd: number,
  second: Uint8Array,
  secondStart: number,
  secondEnd: number,
): number {
  const firstLength = firstEnd - firstStart;
  const secondLength = secondEnd - secondStart;
  const shared = firstLength < secondLength ? firstLength : secondLength;
  for (let index = 0; index < shared; index++) {
    const difference = first[firstStart + index]! - second[secondStart + index]!;
    if (difference !== 0) return difference;
  }
  return firstLength - secondLength;
}

/** `compareRanges` of two whole arrays. */
export function compareBytes(first: Uint8Array, second: Uint8Array): number {
  return compareRanges(first, 0, first.length, second, 0, second.length);
}

/** Whether two arrays hold the same bytes. */
export function equalBytes(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && compareBytes(first, second) === 0;
}

/** Whether `bytes` begins with `prefix`. */
export function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return bytes.length >= prefix.length && sharedPrefixLength(bytes, prefix) === prefix.length;
}

/** How many leading bytes two arrays share. */
export function sharedPrefixLength(first: Uint8Array, second: Uint8Array): number {
  const most = first.length < second.length ? first.length : second.length;
  let length = 0;
  while (length < most && first[length] === second[length]) length++;
  return length;
}

/**
 * Copies `lengthBytes` from one array into another; the arrays must be different buffers or equal
 * places.
 */
export function copyBytes(
  source: Uint8Array,
  sourceStart: number,
  lengthBytes: number,
  target: Uint8Array,
  targetStart: number,
): void {
  if (lengthBytes >= COPY_WHOLE_MIN_BYTES && lengthBytes === source.length) {
    target.set(source, targetStart);
    return;
  }
  if (lengthBytes >= COPY_PART_MIN_BYTES) {
    target.set(source.subarray(sourceStart, sourceStart + lengthBytes), targetStart);
    return;
  }
  for (let index = 0; index < lengthBytes; index++) {
    target[targetStart + index] = source[sourceStart + index]!;
  }
}

/** A new array with the bytes of a range, in an unshared buffer of exactly that length. */
export function copyOfRange(
  bytes: Uint8Array,
  start: number,
  end: number,
): Uint8Array<ArrayBuffer> {
  const copy = new Uint8Array(end - start);
  copyBytes(bytes, start, end - start, copy, 0);
  return copy;
}

/** A new array with the parts one after the other. */
export function concatBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  let length = 0;
  for (const part of parts) length += part.length;
  const whole = new Uint8Array(length);
  let position = 0;
  for (const part of parts) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

/**
 * The smallest byte string greater than every one that begins with `prefix`, or `undefined` when
 * there is none (the prefix is empty or all 0xff).
 */
export function prefixEnd(prefix: Uint8Array): Uint8Array | undefined {
  let length = prefix.length;
  while (length > 0 && prefix[length - 1] === 0xff) length--;
  if (length === 0) return undefined;
  const end = copyOfRange(prefix, 0, length);
  end[length - 1]!++;
  return end;
}

const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The UTF-8 bytes of a text. */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return textEncoder.encode(text);
}

/** Bytes as text; malformed UTF-8 becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  const shared = !(bytes.buffer instanceof ArrayBuffer);
  return textDecoder.decode(shared ? copyOfRange(bytes, 0, bytes.length) : bytes);
}

const HEX_OF_BYTE: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, '0'),
);

/** Two lower-case hexadecimal digits a byte. */
export function encodeHex(bytes: Uint8Array): string {
  let text = '';
  for (let index = 0; index < bytes.length; index++) text += HEX_OF_BYTE[bytes[index]!]!;
  return text;
}

/**
 * Bytes of hexadecimal text, either case.
 * @throws LsmError `INVALID_ARGUMENT` on an odd length or another character.
 */
export function decodeHex(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) {
    throw new LsmError('INVALID_ARGUMENT', `"${text}" is not pairs of hexadecimal digits`);
  }
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    bytes[index] = Number.parseInt(text.slice(index * 2, index * 2 + 2), 16);
  }
  return bytes;
}

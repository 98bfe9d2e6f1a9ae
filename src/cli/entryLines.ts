// Lines of JSON about entries, gathered as bytes: what `JSON.stringify` would make of the same
// object, byte for byte, without a string for each. UTF-8 text goes over as it is, but for the
// characters that JSON escapes, which are all below 0x80.

import { isUtf8 } from 'node:buffer';
import { copyBytes, encodeUtf8 } from '../base/bytes.ts';

/** Lines are gathered up to this many bytes before they are full. */
const GATHERED_BYTES = 256 * 1024;
/** Bytes of a line beside key and value: names, quotes, commas. */
const FRAME_BYTES = 96;
/** A byte takes at most six bytes of text, `\u001f`, and two digits. */
const BYTES_PER_BYTE_MAX = 8;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const DIGITS = encodeUtf8('0123456789abcdef');

/** For each byte below 0x80 the letter behind its backslash; 0: it stands for itself. */
const ESCAPES: Uint8Array = new Uint8Array(0x80);
ESCAPES.fill(LETTER_U, 0, 0x20);
for (const [byte, letter] of ['\bb', '\tt', '\nn', '\ff', '\rr', '""', '\\\\'].map(encodeUtf8)) {
  ESCAPES[byte!] = letter!;
}

const NULL = encodeUtf8('null');
const KEY = encodeUtf8('{"key":');
const VALUE = encodeUtf8(',"value":');
const KEY_HEX_BEHIND = encodeUtf8(',"keyHex":"');
const KEY_HEX_FIRST = encodeUtf8('{"keyHex":"');
const VALUE_HEX = encodeUtf8('","valueHex":"');
const END = encodeUtf8('"}\n');
const KEY_WORDS = encodeUtf8('","keyWords":');
const END_OF_TEXT = encodeUtf8('}\n');

/** Gathers lines in one buffer, which is used again and again. */
export class EntryLines {
  private readonly hexOnly: boolean;
  private bytes: Uint8Array<ArrayBuffer> = new Uint8Array(GATHERED_BYTES + 4096);
  private end = 0;

  /** @param hexOnly `{"keyHex", "valueHex"}`, without text. */
  constructor(hexOnly: boolean) {
    this.hexOnly = hexOnly;
  }

  /** Whether it is time to `take` them. */
  get isFull(): boolean {
    return this.end >= GATHERED_BYTES;
  }

  /**
   * Adds a line; text is `null` where bytes are not UTF-8.
   * @param words the key as people read it, where its bytes are no text.
   */
  add(key: Uint8Array, value: Uint8Array, words?: string): void {
    const keyWords = words === undefined ? undefined : encodeUtf8(words);
    const textBytes = key.length + value.length + (keyWords?.length ?? 0);
    this.makeRoom(FRAME_BYTES + BYTES_PER_BYTE_MAX * textBytes);
    if (!this.hexOnly) {
      this.put(KEY);
      this.putText(key);
      this.put(VALUE);
      this.putText(value);
    }
    this.put(this.hexOnly ? KEY_HEX_FIRST : KEY_HEX_BEHIND);
    this.putHex(key);
    this.put(VALUE_HEX);
    this.putHex(value);
    if (keyWords === undefined) {
      this.put(END);
      return;
    }
    this.put(KEY_WORDS);
    this.putText(keyWords);
    this.put(END_OF_TEXT);
  }

  /** What has gathered, a view until the next `add`; begins anew. */
  take(): Uint8Array {
    const lines = this.bytes.subarray(0, this.end);
    this.end = 0;
    return lines;
  }

  private makeRoom(sizeBytes: number): void {
    if (this.end + sizeBytes <= this.bytes.length) return;
    const larger = new Uint8Array(this.end + sizeBytes);
    larger.set(this.bytes.subarray(0, this.end));
    this.bytes = larger;
  }

  private put(part: Uint8Array): void {
    copyBytes(part, 0, part.length, this.bytes, this.end);
    this.end += part.length;
  }

  private putText(text: Uint8Array): void {
    const { bytes, end: start } = this;
    let isAscii = true;
    let end = start;
    bytes[end++] = QUOTE;
    for (let index = 0; index < text.length; index++) {
      const byte = text[index]!;
      if (byte >= 0x80) isAscii = false;
      const escape = byte >= 0x80 ? 0 : ESCAPES[byte]!;
      if (escape === 0) bytes[end++] = byte;
      else end = putEscaped(byte, escape, bytes, end);
    }
    bytes[end++] = QUOTE;
    this.end = end;
    if (isAscii || isUtf8(text)) return;
    this.end = start;
    this.put(NULL);
  }

  private putHex(source: Uint8Array): void {
    const { bytes } = this;
    let { end } = this;
    for (let index = 0; index < source.length; index++) {
      const byte = source[index]!;
      bytes[end++] = DIGITS[byte >> 4]!;
      bytes[end++] = DIGITS[byte & 15]!;
    }
    this.end = end;
  }
}

function putEscaped(byte: number, escape: number, bytes: Uint8Array, start: number): number {
  let end = start;
  bytes[end++] = BACKSLASH;
  bytes[end++] = escape;
  if (escape !== LETTER_U) return end;
  bytes[end++] = DIGITS[0]!;
  bytes[end++] = DIGITS[0]!;
  bytes[end++] = DIGITS[byte >> 4]!;
  bytes[end++] = DIGITS[byte & 15]!;
  return end;
}

// Figures and names that only the close-ups write; the others are in model/format.ts.

import { fileText } from '../../model/keyText.ts';
import { formatCount } from '../../model/format.ts';

/** `0x51d0e977`: one unsigned 32-bit word. */
export function wordText(word: number): string {
  return `0x${(word >>> 0).toString(16).padStart(8, '0')}`;
}

/** `#48 211`: a sequence number. */
export function sequenceText(sequence: number): string {
  return `#${formatCount(sequence)}`;
}

/** `000021.log`. */
export function logName(file: number): string {
  return `${fileText(file)}.log`;
}

/** One byte in the row of a key's bytes: its ASCII character, or two hexadecimal digits. */
export function byteText(byte: number): string {
  return byte > 0x20 && byte < 0x7f
    ? String.fromCharCode(byte)
    : byte.toString(16).padStart(2, '0');
}

// What a caller hands in as a key or a value: bytes, and not too many of them.

import { LsmError } from '../base/errors.ts';
import { KEY_SIZE_MAX, VALUE_SIZE_MAX } from './options.ts';

/** @throws LsmError `INVALID_ARGUMENT` for a key that is not bytes, or above 1 MiB. */
export function checkKey(key: Uint8Array): void {
  requireBytes('key', key);
  if (key.length > KEY_SIZE_MAX) throw tooLarge('key', key.length, KEY_SIZE_MAX);
}

/** @throws LsmError `INVALID_ARGUMENT` for a value that is not bytes, or above 256 MiB. */
export function checkValue(value: Uint8Array): void {
  requireBytes('value', value);
  if (value.length > VALUE_SIZE_MAX) throw tooLarge('value', value.length, VALUE_SIZE_MAX);
}

/**
 * Programs without types may hand in a string, which would be stored as zeros without a word. Not
 * by `instanceof`: a test runner's or a window's `Uint8Array` is another class.
 * @param what names it in the message.
 * @throws LsmError `INVALID_ARGUMENT`.
 */
export function requireBytes(what: string, bytes: Uint8Array): void {
  if (ArrayBuffer.isView(bytes) && bytes.BYTES_PER_ELEMENT === 1) return;
  const told = `the ${what} is no Uint8Array; new TextEncoder().encode(text) makes one of text`;
  throw new LsmError('INVALID_ARGUMENT', told);
}

function tooLarge(what: string, sizeBytes: number, most: number): LsmError {
  const message = `the ${what} has ${sizeBytes} bytes, at most ${most} are allowed`;
  return new LsmError('INVALID_ARGUMENT', message);
}

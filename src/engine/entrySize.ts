// How large a key and a value may be, checked where a caller hands them in.

import { LsmError } from '../base/errors.ts';
import { KEY_SIZE_MAX, VALUE_SIZE_MAX } from './options.ts';

/** @throws LsmError `INVALID_ARGUMENT` for a key above 1 MiB. */
export function checkKeySize(key: Uint8Array): void {
  if (key.length > KEY_SIZE_MAX) throw tooLarge('key', key.length, KEY_SIZE_MAX);
}

/** @throws LsmError `INVALID_ARGUMENT` for a value above 256 MiB. */
export function checkValueSize(value: Uint8Array): void {
  if (value.length > VALUE_SIZE_MAX) throw tooLarge('value', value.length, VALUE_SIZE_MAX);
}

function tooLarge(what: string, sizeBytes: number, most: number): LsmError {
  const message = `the ${what} has ${sizeBytes} bytes, at most ${most} are allowed`;
  return new LsmError('INVALID_ARGUMENT', message);
}

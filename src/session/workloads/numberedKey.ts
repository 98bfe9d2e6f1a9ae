// Keys made of a number, so that their order is the numbers' order and a person can read them.

import { encodeUtf8 } from '../../base/bytes.ts';

/** `prefix` and the number with leading zeros, as UTF-8. */
export function numberedKey(prefix: string, number: number, digits: number): Uint8Array {
  return encodeUtf8(prefix + String(number).padStart(digits, '0'));
}

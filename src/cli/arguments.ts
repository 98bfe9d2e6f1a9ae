// What is typed, made into values: keys and values are UTF-8 text or, with --hex, hexadecimal
// digits.

import { InvalidArgumentError } from 'commander';
import { decodeHex, encodeUtf8 } from '../base/bytes.ts';
import { UsageError } from './outcome.ts';

const UNITS: Readonly<Record<string, number>> = { '': 1, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30 };

/**
 * The bytes that an argument stands for.
 * @param what names the argument in the message.
 * @throws UsageError when `hex` is set and the text is no whole number of hexadecimal bytes.
 */
export function bytesOf(text: string, what: string, hex = false): Uint8Array {
  if (!hex) return encodeUtf8(text);
  try {
    return decodeHex(text.replace(/^0x/i, ''));
  } catch {
    throw new UsageError(`with --hex, ${what} must be pairs of hexadecimal digits, not '${text}'`);
  }
}

/** Like `bytesOf`, for an option that may be missing. */
export function optionalBytesOf(
  text: string | undefined,
  what: string,
  hex = false,
): Uint8Array | undefined {
  return text === undefined ? undefined : bytesOf(text, what, hex);
}

/** A whole number of at least `least` and at most `most`. */
export function integerBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

/** A size: plain bytes, or with KiB, MiB or GiB behind the number. */
export function sizeInBytes(text: string): number {
  const [, digits, unit] = /^(\d+)\s*([kmg]ib)?$/i.exec(text) ?? [];
  if (digits === undefined) {
    throw new InvalidArgumentError('It must be a size such as 65536, 64KiB or 1MiB.');
  }
  return Number(digits) * UNITS[(unit ?? '').toLowerCase()]!;
}

// Lines of JSON about Pebble's values for ranges of keys.

import { encodeHex } from '../base/bytes.ts';
import { COCKROACH_COMPARATOR } from '../base/cockroachKey.ts';
import type { Catalogue } from '../session/catalogue.ts';
import { keyWords, suffixWords, textOf } from './format.ts';

/**
 * A line for each.
 * @param hex hexadecimal digits only; else text too, `null` where bytes are no UTF-8 text.
 */
export function rangeKeyLines(
  rangeKeys: ReturnType<Catalogue['rangeKeys']>,
  { comparator }: Pick<Catalogue, 'comparator'>,
  hex = false,
): string {
  return rangeKeys
    .map(({ from, to, suffix, value }) => {
      const digits = {
        fromHex: encodeHex(from),
        toHex: encodeHex(to),
        suffixHex: encodeHex(suffix),
        valueHex: encodeHex(value),
      };
      if (hex) return digits;
      const text = {
        from: textOf(from),
        to: textOf(to),
        suffix: textOf(suffix),
        value: textOf(value),
      };
      if (comparator !== COCKROACH_COMPARATOR) return { ...text, ...digits };
      const words = {
        fromWords: keyWords(from, comparator),
        toWords: keyWords(to, comparator),
        suffixWords: suffixWords(suffix, comparator),
      };
      return { ...text, ...digits, ...words };
    })
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

// Every option of a store that can be written as a word or a number, as a table: what may be chosen
// is said once, where the engine checks it.

import { DEFAULT_OPTIONS, OPTION_BOUNDS, OPTION_CHOICES } from '../engine/options.ts';

/** What an option may be. */
export type OptionRule =
  | { readonly kind: 'number'; readonly least: number; readonly most: number }
  /** As `number`; a unit may stand behind it. */
  | { readonly kind: 'bytes'; readonly least: number; readonly most: number }
  | { readonly kind: 'word'; readonly words: readonly string[] }
  /** Several words, one for each level. */
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'text' }
  /** No flag: off. */
  | { readonly kind: 'switch' };

/** An option under the engine's name for it. */
export interface StoreOption {
  readonly name: string;
  readonly rule: OptionRule;
  /** As it would be typed; empty for none. */
  readonly standard: string;
}

/** All of them, numbers first. */
export const STORE_OPTIONS: readonly StoreOption[] = [
  ...Object.entries(OPTION_BOUNDS).map(([name, [least, most]]) =>
    option(name, { kind: countsBytes(name) ? 'bytes' : 'number', least, most }),
  ),
  ...Object.entries(OPTION_CHOICES).map(([name, words]) => option(name, { kind: 'word', words })),
  option('compressionPerLevel', { kind: 'words', words: OPTION_CHOICES['compression']! }),
  option('scalingParameters', { kind: 'text' }),
  option('mergeOperator', { kind: 'text' }),
  option('dynamicLevelBytes', { kind: 'switch' }),
];

function option(name: string, rule: OptionRule): StoreOption {
  const value = Object.entries(DEFAULT_OPTIONS).find(([known]) => known === name)?.[1];
  const isPlain = typeof value === 'number' || typeof value === 'string';
  return { name, rule, standard: isPlain ? String(value) : '' };
}

/** The unit stands in an option's name: sizes and rates are bytes. */
function countsBytes(name: string): boolean {
  return /(?:Size|Rate)$|Bytes/.test(name);
}

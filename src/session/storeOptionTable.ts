// Every option of a store that can be written as a word or a number, as a table: what may be chosen
// is said once, where the engine checks it.

import { COMPACTION_STRATEGIES } from '../engine/compaction/compactionOptions.ts';
import type { CompactionStrategyName } from '../engine/compaction/compactionOptions.ts';
import { BOTTOMMOST_LEVELS } from '../engine/compaction/manualCompaction.ts';
import type { BottommostLevel } from '../engine/compaction/strategy.ts';
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

/** The compaction strategies, by name. */
export const STRATEGIES: readonly CompactionStrategyName[] = COMPACTION_STRATEGIES;
/** What may become of tables that lie where a compaction by hand ends. */
export const BOTTOMMOST_CHOICES: readonly BottommostLevel[] = BOTTOMMOST_LEVELS;
/** The deepest level that a store may have. */
export const LEVEL_MAX: number = OPTION_BOUNDS['maxLevels']![1] - 1;

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

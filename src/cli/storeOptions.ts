// Choices about how a store is kept that several commands offer: a flag for each row of the
// engine's table of options. `memtableSize` is `--memtable-size`, and so on.
//
// What a column family has for itself is given as `--family-option NAME:OPTION=VALUE`, with the
// engine's name of the option.

import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { WritingOptions } from '../session/openCatalogue.ts';
import { sizesFor } from '../session/sizesFor.ts';
import { STORE_OPTIONS } from '../session/storeOptionTable.ts';
import type { OptionRule, StoreOption } from '../session/storeOptionTable.ts';
import { integerBetween, sizeInBytes } from './arguments.ts';
import { formatBytes } from './format.ts';

type Values = Readonly<Record<string, unknown>>;

/** What may be chosen about how a store is kept; `optionsFor` reads it. */
export interface StoreChoices {
  /** Options of column families, by the families' names. */
  readonly familyOption?: Readonly<Record<string, Values>>;
}

/** Columns: the longest flag leaves room for what it may be. */
const HELP_WIDTH = 100;

/** Adds a flag for every option of a store. */
export function addStoreOptions(command: Command): void {
  command.configureHelp({ helpWidth: HELP_WIDTH });
  command.optionsGroup('Options of the store (docs/options.md):');
  for (const option of STORE_OPTIONS) command.addOption(commandOption(option));
  command.option(
    '--family-option <name:option=value>',
    'an option of one column family; may be given again',
    withFamilyOption,
  );
}

/** The engine's options for what was chosen: levels and tables are sized after the memtable. */
export function optionsFor(choices: StoreChoices): WritingOptions {
  const given = choices as Values;
  const chosen = Object.fromEntries(
    STORE_OPTIONS.map((option) => [option.name, given[attributeOf(option)]] as const).filter(
      ([, value]) => value !== undefined,
    ),
  );
  const { memtableSize } = chosen;
  const { familyOption: families } = choices;
  return {
    ...(typeof memtableSize === 'number' ? sizesFor(memtableSize) : {}),
    ...chosen,
    ...(families === undefined ? {} : { families }),
  };
}

function commandOption(option: StoreOption): Option {
  if (option.rule.kind === 'switch') return new Option(flagOf(option), helpOf(option));
  return new Option(`${flagOf(option)} <${placeholderOf(option.rule)}>`, helpOf(option)).argParser(
    (text: string) => valueOf(option, text),
  );
}

/** `maxL0SSTables` is `--max-l0-sstables`. */
function flagOf({ name }: StoreOption): string {
  return `--${name.replaceAll(/(?<=[a-z0-9])[A-Z]/g, (capital) => `-${capital}`).toLowerCase()}`;
}

/** Under which name commander keeps the flag's value. */
function attributeOf(option: StoreOption): string {
  return new Option(flagOf(option)).attributeName();
}

function placeholderOf({ kind }: OptionRule): string {
  return kind === 'text' ? 'name' : kind;
}

function helpOf({ name, rule, standard }: StoreOption): string {
  const scale = name === 'memtableSize' ? '; tables and levels are sized after it' : '';
  const usual = standard === '' ? '' : `; default ${shown(rule, standard)}`;
  return `${allowed(rule)}${usual}${scale}`;
}

function allowed(rule: OptionRule): string {
  switch (rule.kind) {
    case 'number':
      return `${rule.least} to ${rule.most}`;
    case 'bytes':
      return `${formatBytes(rule.least)} to ${formatBytes(rule.most)}`;
    case 'word':
      return rule.words.join(', ');
    case 'words':
      return 'one for each level from 0 on, with commas between';
    case 'text':
      return 'as docs/options.md says';
    case 'switch':
      return 'on, where it is off otherwise';
  }
}

function shown({ kind }: OptionRule, standard: string): string {
  return kind === 'bytes' ? formatBytes(Number(standard)) : standard;
}

/** @throws InvalidArgumentError saying what is allowed. */
function valueOf({ rule }: StoreOption, text: string): unknown {
  switch (rule.kind) {
    case 'number':
      return integerBetween(rule.least, rule.most)(text);
    case 'bytes': {
      const size = sizeInBytes(text);
      if (size >= rule.least && size <= rule.most) return size;
      throw new InvalidArgumentError(`It must be a size of ${allowed(rule)}.`);
    }
    case 'word':
      return wordOf(rule.words, text);
    case 'words':
      return text.split(',').map((word) => wordOf(rule.words, word.trim()));
    case 'text':
      return text;
    case 'switch':
      return wordOf(['true', 'false'], text) === 'true';
  }
}

function wordOf(words: readonly string[], text: string): string {
  if (words.includes(text)) return text;
  throw new InvalidArgumentError(`It must be one of ${words.join(', ')}.`);
}

function withFamilyOption(
  text: string,
  before: StoreChoices['familyOption'],
): StoreChoices['familyOption'] {
  const [, family, name, value] = /^(.+):(\w+)=(.*)$/.exec(text) ?? [];
  const option = STORE_OPTIONS.find((known) => known.name === name);
  if (family === undefined || value === undefined || option === undefined) {
    throw new InvalidArgumentError(
      'It must be a column family, an option and its value, such as users:compression=lz4.',
    );
  }
  return { ...before, [family]: { ...before?.[family], [option.name]: valueOf(option, value) } };
}

// Choices about how a store is kept that several commands offer.

import { Option } from 'commander';
import type { Command } from 'commander';
import { COMPACTION_STRATEGIES } from '../session/openCatalogue.ts';
import type { WritingOptions } from '../session/openCatalogue.ts';
import { sizesFor } from '../session/sizesFor.ts';
import { sizeInBytes } from './arguments.ts';

/** What may be chosen about how a store is kept. */
export interface StoreChoices {
  readonly memtableSize?: number;
  readonly compaction?: NonNullable<WritingOptions['compaction']>;
  readonly mergeOperator?: string;
}

/** Adds `--memtable-size`, `--compaction` and `--merge-operator`. */
export function addStoreOptions(command: Command): void {
  command
    .option(
      '--memtable-size <bytes>',
      'bytes a memtable holds; sets the scale of tables and levels',
      sizeInBytes,
    )
    .addOption(
      new Option('--compaction <strategy>', 'how tables are merged').choices(COMPACTION_STRATEGIES),
    )
    .option(
      '--merge-operator <name>',
      'what makes values of merge operands: uint64add, max, min, bytesxor, stringappend or ' +
        'stringappend:TEXT; a store that has one keeps it',
    );
}

/** The engine's options for what was chosen: levels and tables are sized after the memtable. */
export function optionsFor(choices: StoreChoices): WritingOptions {
  const { memtableSize, compaction, mergeOperator } = choices;
  return {
    ...(memtableSize === undefined ? {} : sizesFor(memtableSize)),
    ...(compaction === undefined ? {} : { compaction }),
    ...(mergeOperator === undefined ? {} : { mergeOperator }),
  };
}

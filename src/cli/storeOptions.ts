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
}

/** Adds `--memtable-size` and `--compaction`. */
export function addStoreOptions(command: Command): void {
  command
    .option(
      '--memtable-size <bytes>',
      'bytes a memtable holds; sets the scale of tables and levels',
      sizeInBytes,
    )
    .addOption(
      new Option('--compaction <strategy>', 'how tables are merged').choices(COMPACTION_STRATEGIES),
    );
}

/** The engine's options for what was chosen: levels and tables are sized after the memtable. */
export function optionsFor({ memtableSize, compaction }: StoreChoices): WritingOptions {
  return {
    ...(memtableSize === undefined ? {} : sizesFor(memtableSize)),
    ...(compaction === undefined ? {} : { compaction }),
  };
}

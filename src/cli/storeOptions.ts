// Choices about a new store that several commands offer.

import { Option } from 'commander';
import type { Command } from 'commander';
import type { WritingOptions } from '../session/openCatalogue.ts';
import { sizeInBytes } from './arguments.ts';

/** What may be chosen about a new store. */
export type StoreChoices = Pick<WritingOptions, 'memtableSize' | 'compaction'>;

/** Adds `--memtable-size` and `--compaction`. */
export function addStoreOptions(command: Command): void {
  command
    .option('--memtable-size <bytes>', 'bytes a memtable holds before it is flushed', sizeInBytes)
    .addOption(
      new Option('--compaction <strategy>', 'how tables are merged').choices([
        'leveled',
        'size-tiered',
      ]),
    );
}

/** Only what was chosen: a command's other options stay behind, and defaults are the engine's. */
export function chosenOf({ memtableSize, compaction }: StoreChoices): StoreChoices {
  return {
    ...(memtableSize === undefined ? {} : { memtableSize }),
    ...(compaction === undefined ? {} : { compaction }),
  };
}

// `--column-family`: which key space of a store a command is about.

import type { Command } from 'commander';
import type { KeySpace } from '../session/catalogue.ts';

/** What the option leaves behind. */
export interface FamilyChoice {
  readonly columnFamily?: string;
}

/** Adds the option to a command. */
export function addFamilyOption(command: Command): Command {
  return command.option('--column-family <name>', 'the column family; the default one if left out');
}

/** The chosen family of a store, or the store itself. */
export function spaceOf<Space extends KeySpace>(
  store: Space & { columnFamily(name: string): Space },
  { columnFamily }: FamilyChoice,
): Space {
  return columnFamily === undefined ? store : store.columnFamily(columnFamily);
}

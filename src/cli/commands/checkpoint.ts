// `lsm-lens checkpoint`: a second store with the state of this one.

import path from 'node:path';
import type { Command } from 'commander';
import { formatBytes, formatCount, plural } from '../format.ts';
import { printJson, printLine } from '../output.ts';
import { writingTo } from '../writingTo.ts';

/** Adds the command. */
export function addCheckpoint(program: Command): void {
  program
    .command('checkpoint')
    .summary('make a second store with the same content')
    .description(
      'Makes a store in another directory. Tables are linked, so it takes no time and hardly any ' +
        'space; on another disk they are copied. It opens and lives by itself.',
    )
    .argument('<directory>', 'the store')
    .argument('<target>', 'a directory that is missing or empty')
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
With --json: {"sequence", "tables", "copiedBytes"}.

Example:
  lsm-lens checkpoint ./data ./backups/monday`,
    )
    .action(runCheckpoint);
}

async function runCheckpoint(
  directory: string,
  target: string,
  { json }: { readonly json?: boolean },
): Promise<void> {
  const report = await writingTo(directory, { createIfMissing: false }, (store) =>
    store.checkpoint(path.resolve(target)),
  );
  if (json) {
    await printJson(report);
    return;
  }
  const { sequence, tables, copiedBytes } = report;
  await printLine(
    `${target} has the state after write #${formatCount(sequence)}: ${plural(tables, 'table')}, ` +
      `${formatBytes(copiedBytes)} copied`,
  );
}

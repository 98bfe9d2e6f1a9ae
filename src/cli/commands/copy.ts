// `lsm-lens copy`: another engine's directory, or another store, into a store to experiment on.

import type { Command } from 'commander';
import { plural } from '../format.ts';
import { print, printJson } from '../output.ts';
import { withProgressLine } from '../progressLine.ts';
import { addStoreOptions, optionsFor } from '../storeOptions.ts';
import type { StoreChoices } from '../storeOptions.ts';
import { writingTo } from '../writingTo.ts';
import { readCatalogue } from '../../session/openCatalogue.ts';

interface CopyOptions extends StoreChoices {
  readonly into: string;
  readonly json?: boolean;
}

/** Adds the command. */
export function addCopy(program: Command): void {
  const command = program
    .command('copy')
    .summary('copy what is alive in a directory into a store of our own')
    .description(
      'Copies every live entry of a directory of another engine, or of another store, into a ' +
        'store, which is made when it is missing, and reads each one back. Of the source nothing ' +
        'is changed.',
    )
    .argument('<directory>', 'what to copy from')
    .requiredOption('--into <directory>', 'the store')
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
All column families are copied, each into one of the same name; merged values as they read.
With --json: {"copied": entries, "verified": true, "entriesSha256", "columnFamilies": [{"name",
"entriesLive", "entriesSha256"}]}; digests are those of scan --digest on the source, the first that
of the default family.

Example:
  lsm-lens copy ./leveldb --into ./data`,
    )
    .action(runCopy);
  addStoreOptions(command);
}

async function runCopy(directory: string, options: CopyOptions): Promise<void> {
  const copied = await withProgressLine('copying', (watch) =>
    readCatalogue(
      directory,
      (source) =>
        writingTo(options.into, optionsFor(options), async (store, signal) => {
          const digest = await store.copyFrom(source, { ...watch, signal });
          await store.waitForIdle();
          return digest;
        }),
      watch,
    ),
  );
  const { entries, families } = copied;
  const { entriesSha256 } = families[0]!;
  if (options.json) {
    const columnFamilies = families.map(({ name, ...digest }) => ({ name, ...digest }));
    await printJson({ copied: entries, verified: true, entriesSha256, columnFamilies });
    return;
  }
  const of =
    families.length === 1
      ? ''
      : ` of ${plural(families.length, 'column family', 'column families')}`;
  await print(`${plural(entries, 'entry', 'entries')}${of} copied, each read back\n`);
}

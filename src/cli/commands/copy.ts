// `lsm-lens copy`: another engine's directory, or another store, into a store to experiment on.

import type { Command } from 'commander';
import { plural } from '../format.ts';
import { print, printJson } from '../output.ts';
import { ProgressLine } from '../progressLine.ts';
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
      'Copies every live entry of a directory of LevelDB or RocksDB, or of another store, into a ' +
        'store, which is made when it is missing, and reads each one back. Of the source nothing ' +
        'is changed.',
    )
    .argument('<directory>', 'what to copy from')
    .requiredOption('--into <directory>', 'the store')
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
With --json: {"copied": entries, "verified": true, "entriesSha256"}; the digest is that of
scan --digest on the source.

Example:
  lsm-lens copy ./leveldb --into ./data`,
    )
    .action(runCopy);
  addStoreOptions(command);
}

async function runCopy(directory: string, options: CopyOptions): Promise<void> {
  const progress = new ProgressLine('copying');
  const copied = await readCatalogue(directory, (source) =>
    writingTo(options.into, optionsFor(options), async (store, signal) => {
      const digest = await store.copyFrom(source, { onProgress: progress.show, signal });
      await store.waitForIdle();
      return digest;
    }),
  ).finally(() => progress.finish());
  const { entriesLive, entriesSha256 } = copied;
  if (options.json) await printJson({ copied: entriesLive, verified: true, entriesSha256 });
  else await print(`${plural(entriesLive, 'entry', 'entries')} copied, each read back\n`);
}

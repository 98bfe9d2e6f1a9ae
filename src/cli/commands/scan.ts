// `lsm-lens scan`: live entries in the store's order, or one digest over them.

import type { Command } from 'commander';
import { addFamilyOption, spaceOf } from '../columnFamilyOption.ts';
import type { FamilyChoice } from '../columnFamilyOption.ts';
import { integerBetween, optionalBytesOf } from '../arguments.ts';
import { EntryPrinter } from '../entryPrinter.ts';
import { formatCount } from '../format.ts';
import { reportLeftOut } from '../outcome.ts';
import { printJson, printLine } from '../output.ts';
import type { EntryRange, KeySpace } from '../../session/catalogue.ts';
import { digestEntries } from '../../session/entryDigest.ts';
import { readCatalogue } from '../../session/openCatalogue.ts';

interface ScanOptions extends FamilyChoice {
  readonly from?: string;
  readonly to?: string;
  readonly prefix?: string;
  readonly limit?: number;
  readonly reverse?: boolean;
  readonly hex?: boolean;
  readonly digest?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addScan(program: Command): void {
  const command = program
    .command('scan')
    .summary('print live entries in order')
    .description('Prints live entries as JSON Lines. Takes no lock and writes nothing.')
    .argument('<directory>', 'the store')
    .option('--from <key>', 'first key, inclusive')
    .option('--to <key>', 'where to end, exclusive')
    .option('--prefix <key>', 'only keys that begin so')
    .option('--reverse', 'from the last key to the first')
    .option('--limit <count>', 'at most so many', integerBetween(0, Number.MAX_SAFE_INTEGER))
    .option('--hex', 'keys are given as hexadecimal digits, and only those are printed')
    .option('--digest', 'print the number of entries and their SHA-256 instead')
    .option('--json', 'with --digest: print one object (entries are JSON in any case)')
    .addHelpText(
      'after',
      `
Each line: {"key", "value", "keyHex", "valueHex"}; key and value are null where they are not UTF-8
text. With --hex: {"keyHex", "valueHex"}. CockroachDB's keys have "keyWords" too: key@time.
What cannot be read is left out, and said so on stderr.
While another process writes, a key is shown as it was when the scan came to it.
With --digest --json: {"entriesLive", "entriesSha256"}. The digest runs over the entries in order,
each as key length (u32 little-endian), key, value length (u32 little-endian), value.

Examples:
  lsm-lens scan ./data --prefix user: --limit 10
  lsm-lens scan ./data --digest --json`,
    )
    .action(runScan);
  addFamilyOption(command);
}

async function runScan(directory: string, options: ScanOptions): Promise<void> {
  const range = rangeOf(options);
  if (!options.digest) {
    const printer = new EntryPrinter(range, options.hex);
    return readCatalogue(directory, async (store) => {
      await printer.print(spaceOf<KeySpace>(store, options), store.comparator);
      reportLeftOut(store.problems());
    });
  }
  const digest = await readCatalogue(directory, (store) => {
    const found = digestEntries(spaceOf<KeySpace>(store, options).entries(range));
    reportLeftOut(store.problems());
    return found;
  });
  if (options.json) await printJson(digest);
  else await printLine(`${digest.entriesSha256}  ${formatCount(digest.entriesLive)} live entries`);
}

function rangeOf(options: ScanOptions): EntryRange {
  const from = optionalBytesOf(options.from, '--from', options.hex);
  const to = optionalBytesOf(options.to, '--to', options.hex);
  const prefix = optionalBytesOf(options.prefix, '--prefix', options.hex);
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(options.limit === undefined ? {} : { limit: options.limit }),
    reverse: options.reverse ?? false,
  };
}

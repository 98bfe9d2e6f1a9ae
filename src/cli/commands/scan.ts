// `lsm-lens scan`: live entries in the store's order, or one digest over them.

import type { Command } from 'commander';
import { addFamilyOption, spaceOf } from '../columnFamilyOption.ts';
import type { FamilyChoice } from '../columnFamilyOption.ts';
import { integerBetween, optionalBytesOf } from '../arguments.ts';
import { EntryPrinter } from '../entryPrinter.ts';
import { formatCount } from '../format.ts';
import { reportLeftOut, UsageError } from '../outcome.ts';
import { print, printJson, printLine } from '../output.ts';
import { ProgressLine } from '../progressLine.ts';
import { rangeKeyLines } from '../rangeKeyLines.ts';
import type { Catalogue, EntryRange, KeySpace } from '../../session/catalogue.ts';
import { digestEntries } from '../../session/entryDigest.ts';
import type { EntriesDigest } from '../../session/entryDigest.ts';
import { maskedSpace } from '../../session/maskedSpace.ts';
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
  readonly rangeKeys?: boolean;
  readonly mask?: string;
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
    .option('--range-keys', 'of Pebble: first the values for ranges of keys that reach into it')
    .option('--mask <version>', 'of Pebble: without the keys that range keys hide as of a version')
    .option('--digest', 'print the number of entries and their SHA-256 instead')
    .option('--json', 'with --digest: print one object (entries are JSON in any case)')
    .addHelpText(
      'after',
      `
Each line: {"key", "value", "keyHex", "valueHex"}; key and value are null where they are not UTF-8
text. With --hex: {"keyHex", "valueHex"}. CockroachDB's keys have "keyWords" too: key@time.
With --range-keys Pebble's values for ranges of keys come before all entries, those that share keys
with what is scanned, whole, and do not count for --limit: {"from", "to", "suffix", "value",
"fromHex", "toHex", "suffixHex", "valueHex"}, with --hex the last four, "to" not in the range; of
CockroachDB with "fromWords", "toWords", "suffixWords".
With --mask a range key that is not later than <version> hides the keys in it of earlier versions
than its own, as Pebble's reads do with a RangeKeyMasking suffix; --digest is without them then.
What cannot be read is left out, and said so on stderr.
While another process writes, a key is shown as it was when the scan came to it.
With --digest --json: {"entriesLive", "entriesSha256"}. The digest runs over the entries in order,
each as key length (u32 little-endian), key, value length (u32 little-endian), value.

Examples:
  lsm-lens scan ./data --prefix user: --limit 10
  lsm-lens scan ./data --digest --json
  lsm-lens scan ./pebble --range-keys --mask @30`,
    )
    .action(runScan);
  addFamilyOption(command);
}

async function runScan(directory: string, options: ScanOptions): Promise<void> {
  const range = rangeOf(options);
  const asOf = optionalBytesOf(options.mask, '--mask', options.hex);
  const spaceIn = (store: Catalogue): KeySpace => {
    const space = spaceOf<KeySpace>(store, options);
    if (!space.hasOrder) refuseRange(options);
    return asOf === undefined ? space : maskedSpace(space, store.rangeKeyMask(asOf));
  };
  const progress = new ProgressLine('opening');
  const watch = { onProgress: progress.show };
  if (!options.digest) {
    const printer = new EntryPrinter(range, options.hex);
    let areRangesDue = options.rangeKeys === true;
    const printed = async (store: Catalogue): Promise<void> => {
      progress.finish();
      if (areRangesDue) await print(rangeKeyLines(store.rangeKeys(range), store, options.hex));
      areRangesDue = false;
      await printer.print(spaceIn(store), store.comparator);
      reportLeftOut(store.problems());
    };
    return readCatalogue(directory, printed, watch);
  }
  if (options.rangeKeys === true) throw new UsageError('--digest is over entries alone');
  const digested = (store: Catalogue): EntriesDigest => {
    progress.finish();
    const found = digestEntries(spaceIn(store).entries(range));
    reportLeftOut(store.problems());
    return found;
  };
  const digest = await readCatalogue(directory, digested, watch);
  if (options.json) await printJson(digest);
  else await printLine(`${digest.entriesSha256}  ${formatCount(digest.entriesLive)} live entries`);
}

/** Entries of a store without an order come table by table. */
function refuseRange({ from, to, prefix, reverse }: ScanOptions): void {
  if ([from, to, prefix, reverse].every((option) => option === undefined)) return;
  throw new UsageError('the keys have no order that is known here, and so no ranges');
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

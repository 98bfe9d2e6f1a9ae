// `lsm-lens scan`: live entries in the store's order, or one digest over them.

import type { Command } from 'commander';
import { encodeHex } from '../../base/bytes.ts';
import { integerBetween, optionalBytesOf } from '../arguments.ts';
import { digestEntries } from '../digest.ts';
import { formatCount, textOf } from '../format.ts';
import { print, printJson, printLine } from '../output.ts';
import { readingFrom } from '../withStore.ts';
import type { EntryRange, LiveEntry } from '../../session/catalogue.ts';

interface ScanOptions {
  readonly from?: string;
  readonly to?: string;
  readonly prefix?: string;
  readonly limit?: number;
  readonly reverse?: boolean;
  readonly hex?: boolean;
  readonly digest?: boolean;
  readonly json?: boolean;
}

/** Lines are gathered up to this many characters before they are written. */
const GATHERED_CHARACTERS = 64 * 1024;

/** Adds the command. */
export function addScan(program: Command): void {
  program
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
text. With --hex: {"keyHex", "valueHex"}.
With --digest --json: {"entriesLive", "entriesSha256"}. The digest runs over the entries in order,
each as key length (u32 little-endian), key, value length (u32 little-endian), value.

Examples:
  lsm-lens scan ./data --prefix user: --limit 10
  lsm-lens scan ./data --digest --json`,
    )
    .action(runScan);
}

async function runScan(directory: string, options: ScanOptions): Promise<void> {
  const range = rangeOf(options);
  if (!options.digest) {
    return readingFrom(directory, (store) => printEntries(store.entries(range), options.hex));
  }
  const digest = await readingFrom(directory, (store) => digestEntries(store.entries(range)));
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

async function printEntries(entries: Iterable<LiveEntry>, hex = false): Promise<void> {
  let gathered = '';
  for (const entry of entries) {
    gathered += `${JSON.stringify(lineOf(entry, hex))}\n`;
    if (gathered.length < GATHERED_CHARACTERS) continue;
    await print(gathered);
    gathered = '';
  }
  await print(gathered);
}

function lineOf([key, value]: LiveEntry, hex = false): Readonly<Record<string, string | null>> {
  const digits = { keyHex: encodeHex(key), valueHex: encodeHex(value) };
  return hex ? digits : { key: textOf(key), value: textOf(value), ...digits };
}

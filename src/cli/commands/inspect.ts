// `lsm-lens inspect`: the shape of a store, file by file.

import type { Command } from 'commander';
import { decodeHex } from '../../base/bytes.ts';
import { formatBytes, formatCount, formatTable, keyWords, plural, suffixWords } from '../format.ts';
import { print, printJson } from '../output.ts';
import type { FamilyInspection, Inspection } from '../../session/catalogue.ts';
import { noColumnFamily } from '../../session/columnFamilies.ts';
import { addFamilyOption } from '../columnFamilyOption.ts';
import type { FamilyChoice } from '../columnFamilyOption.ts';
import { withProgressLine } from '../progressLine.ts';
import { readCatalogue } from '../../session/openCatalogue.ts';

/** Longest key shown in the table of files, characters. */
const KEY_CHARACTERS_MAX = 24;

/** Adds the command. */
export function addInspect(program: Command): void {
  const command = program
    .command('inspect')
    .summary('print the shape of a store: levels and files')
    .description(
      'Prints levels, files with their key ranges, and what the log holds. Takes no lock and ' +
        'writes nothing.',
    )
    .argument('<directory>', 'the store')
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
With --json: {"engine", "engineVersion", "comparator", "levels": {"0": tables, …}, "files":
[{"name", "level", "sizeBytes", "smallestKeyHex", "largestKeyHex", "entries", "deletions"}],
"walEntriesUnflushed", "columnFamilies": [{"name", "levels", "files", "walEntriesUnflushed"}],
"lastSequence", "problems": [{"file", "offset", "code", "message"}]}.
Files of Pebble's level 0 have a "sublevel" as well: 0 is the oldest. Of a Pebble table that is cut
out of a file, which others may be too, "name" is the file and "table" its own number; without
--json file:table. Where a Pebble store has range keys, those alive are in "rangeKeys": [{"fromHex",
"toHex", "suffixHex", "valueHex", "sequence"}].
levels, files and walEntriesUnflushed are the default column family's, or those of --column-family.
entries counts every version and every tombstone; of a table that is a part of a file it is the
file's count by the part's share of its bytes.

Example:
  lsm-lens inspect ./data --json`,
    )
    .action(runInspect);
  addFamilyOption(command);
}

interface InspectOptions extends FamilyChoice {
  readonly json?: boolean;
}

async function runInspect(directory: string, options: InspectOptions): Promise<void> {
  const whole = await withProgressLine('counting', (watch) =>
    readCatalogue(directory, (store) => store.inspect(watch), watch),
  );
  const { columnFamily } = options;
  const inspection = columnFamily === undefined ? whole : ofFamily(whole, columnFamily);
  if (options.json) await printJson(inspection);
  else await print(describe(inspection));
}

/** The same, told of one family alone. */
function ofFamily(inspection: Inspection, name: string): Inspection {
  const { columnFamilies } = inspection;
  const family = columnFamilies.find((candidate) => candidate.name === name);
  if (family === undefined) throw noColumnFamily(name, columnFamilies);
  const { name: _name, ...figures } = family;
  return { ...inspection, ...figures, columnFamilies: [family] };
}

function describe(inspection: Inspection): string {
  const { engine, engineVersion, comparator, lastSequence, columnFamilies } = inspection;
  // LevelDB writes down no version of itself.
  const writer = engineVersion === '' ? engine : `${engine} ${engineVersion}`;
  const lines = [
    `${writer}, keys ordered by ${comparator}, last sequence ${lastSequence}`,
    ...inspection.problems.map(({ file, message }) => `problem: ${file} ${message}`),
  ];
  const several = columnFamilies.length > 1;
  return `${lines.join('\n')}\n${columnFamilies
    .map((family) => describeFamily(family, several, comparator))
    .join('')}${describeRangeKeys(inspection)}`;
}

/** Values for ranges of keys, where there are any. */
function describeRangeKeys({ rangeKeys = [], comparator }: Inspection): string {
  if (rangeKeys.length === 0) return '';
  const rows = rangeKeys.map(({ fromHex, toHex, suffixHex, valueHex, sequence }) => [
    shortKey(fromHex, comparator),
    shortKey(toHex, comparator),
    suffixWords(decodeHex(suffixHex), comparator),
    shortKey(valueHex, ''),
    formatCount(sequence),
  ]);
  const header = ['range key from', 'up to', 'suffix', 'value', 'sequence'];
  return formatTable([header, ...rows]);
}

function describeFamily(family: FamilyInspection, named: boolean, comparator: string): string {
  const { name, files, walEntriesUnflushed } = family;
  const figures =
    `${named ? `column family ${name}: ` : ''}${plural(files.length, 'table')}; ` +
    `the log holds ${formatCount(walEntriesUnflushed)} unflushed\n`;
  const rows = files.map((file) => [
    file.table === undefined ? file.name : `${file.name}:${file.table}`,
    file.sublevel === undefined ? `L${file.level}` : `L${file.level}.${file.sublevel}`,
    formatBytes(file.sizeBytes),
    formatCount(file.entries),
    formatCount(file.deletions),
    shortKey(file.smallestKeyHex, comparator),
    shortKey(file.largestKeyHex, comparator),
  ]);
  const header = ['file', 'level', 'size', 'entries', 'deletions', 'smallest key', 'largest key'];
  return `${figures}${rows.length === 0 ? '' : formatTable([header, ...rows])}`;
}

/** A key as text where it is printable text, else as digits; shortened to fit a column. */
function shortKey(hex: string, comparator: string): string {
  const shown = keyWords(decodeHex(hex), comparator);
  const characters = Array.from(shown);
  if (characters.length <= KEY_CHARACTERS_MAX) return shown;
  return `${characters.slice(0, KEY_CHARACTERS_MAX - 1).join('')}…`;
}

// `lsm-lens inspect`: the shape of a store, file by file.

import type { Command } from 'commander';
import { decodeHex } from '../../base/bytes.ts';
import { formatBytes, formatCount, formatTable, plural, textOf } from '../format.ts';
import { print, printJson } from '../output.ts';
import type { Inspection } from '../../session/catalogue.ts';
import { readCatalogue } from '../../session/openCatalogue.ts';

/** Longest key shown in the table of files, characters. */
const KEY_CHARACTERS_MAX = 24;

/** Adds the command. */
export function addInspect(program: Command): void {
  program
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
"lastSequence", "walEntriesUnflushed", "problems": [{"file", "offset", "code", "message"}]}.
entries counts every version and every tombstone.

Example:
  lsm-lens inspect ./data --json`,
    )
    .action(runInspect);
}

async function runInspect(directory: string, { json }: { readonly json?: boolean }): Promise<void> {
  const inspection = await readCatalogue(directory, (store) => store.inspect());
  if (json) await printJson(inspection);
  else await print(describe(inspection));
}

function describe(inspection: Inspection): string {
  const { engine, engineVersion, comparator, lastSequence, walEntriesUnflushed } = inspection;
  const lines = [
    `${engine} ${engineVersion}, keys ordered by ${comparator}, last sequence ${lastSequence}`,
    `${plural(inspection.files.length, 'table')}; the log holds ` +
      `${formatCount(walEntriesUnflushed)} unflushed`,
    ...inspection.problems.map(({ file, message }) => `problem: ${file} ${message}`),
  ];
  const rows = inspection.files.map((file) => [
    file.name,
    `L${file.level}`,
    formatBytes(file.sizeBytes),
    formatCount(file.entries),
    formatCount(file.deletions),
    shortKey(file.smallestKeyHex),
    shortKey(file.largestKeyHex),
  ]);
  const header = ['file', 'level', 'size', 'entries', 'deletions', 'smallest key', 'largest key'];
  return `${lines.join('\n')}\n${rows.length === 0 ? '' : formatTable([header, ...rows])}`;
}

/** A key as text where it is printable text, else as digits; shortened to fit a column. */
function shortKey(hex: string): string {
  const text = textOf(decodeHex(hex));
  const shown = text !== null && /^[\P{C}]*$/u.test(text) ? text : `0x${hex}`;
  const characters = Array.from(shown);
  if (characters.length <= KEY_CHARACTERS_MAX) return shown;
  return `${characters.slice(0, KEY_CHARACTERS_MAX - 1).join('')}…`;
}

// `lsm-lens import`: a file of records into a store.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { addAbortSignal } from 'node:stream';
import type { Readable } from 'node:stream';
import { Option } from 'commander';
import type { Command } from 'commander';
import { formatCount, plural } from '../format.ts';
import { UsageError } from '../outcome.ts';
import { print, printJson } from '../output.ts';
import { withProgressLine } from '../progressLine.ts';
import { addStoreOptions, optionsFor } from '../storeOptions.ts';
import type { StoreChoices } from '../storeOptions.ts';
import { writingTo } from '../writingTo.ts';
import { formatOfName } from '../../protocol/importFormat.ts';
import type { ImportFormat, ImportReport } from '../../protocol/messages.ts';

interface ImportOptions extends StoreChoices {
  readonly into: string;
  readonly key: string;
  readonly format?: ImportFormat;
  readonly json?: boolean;
}

/** Adds the command. */
export function addImport(program: Command): void {
  const command = program
    .command('import')
    .summary('load a CSV, TSV or JSON Lines file into a store')
    .description(
      'Loads a file, line by line, into a store, which is made when it is missing. Malformed ' +
        'lines are counted and reported, and do not stop the rest.',
    )
    .argument('<file>', 'the file to load; - for standard input')
    .requiredOption('--into <directory>', 'the store')
    .requiredOption('--key <name>', 'the column or field that holds the key')
    .addOption(
      new Option('--format <format>', 'default: from the file name').choices([
        'csv',
        'tsv',
        'jsonl',
      ]),
    )
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
With --json: {"imported", "skipped", "problems": [{"line", "message"}]}; problems names the first
100.

Example:
  lsm-lens import cities.tsv --into ./data --key id --memtable-size 1MiB`,
    )
    .action(runImport);
  addStoreOptions(command);
}

async function runImport(file: string, options: ImportOptions): Promise<void> {
  const format = options.format ?? formatOf(file);
  const pieces = await openPieces(file);
  const report = await withProgressLine('importing', (watch) =>
    writingTo(options.into, optionsFor(options), async (store, signal) => {
      // Otherwise an import from a terminal would not notice before the next line is typed.
      addAbortSignal(signal, pieces);
      const result = await store.import(pieces, format, options.key, { ...watch, signal });
      await store.waitForIdle();
      return result;
    }),
  );
  if (options.json) await printJson(report);
  else await print(describe(report));
}

function formatOf(file: string): ImportFormat {
  const format = formatOfName(file);
  if (format !== undefined) return format;
  throw new UsageError(`cannot tell the format of '${file}' from its name: give --format`);
}

/** Opens the file before the store is touched, so that a wrong name makes no store. */
async function openPieces(file: string): Promise<Readable> {
  if (file === '-') return process.stdin;
  if ((await stat(file)).isDirectory())
    throw new UsageError(`'${file}' is a directory, not a file`);
  const stream = createReadStream(file, { highWaterMark: 256 * 1024 });
  await new Promise<void>((resolve, reject) => {
    stream.once('open', () => resolve());
    stream.once('error', reject);
  });
  return stream;
}

function describe({ imported, skipped, problems }: ImportReport): string {
  const lines = [
    `${plural(imported, 'entry', 'entries')} imported, ${formatCount(skipped)} skipped`,
    ...problems.map(({ line, message }) => `line ${line}: ${message}`),
  ];
  if (skipped > problems.length) lines.push(`and ${formatCount(skipped - problems.length)} more`);
  return `${lines.join('\n')}\n`;
}

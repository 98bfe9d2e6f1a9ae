// `lsm-lens get`: the value of one key.

import type { Command } from 'commander';
import { encodeHex } from '../../base/bytes.ts';
import type { KeySpace } from '../../session/catalogue.ts';
import { addFamilyOption, spaceOf } from '../columnFamilyOption.ts';
import type { FamilyChoice } from '../columnFamilyOption.ts';
import { bytesOf } from '../arguments.ts';
import { textOf } from '../format.ts';
import { print, printJson, printLine } from '../output.ts';
import { readCatalogue } from '../../session/openCatalogue.ts';

interface GetOptions extends FamilyChoice {
  readonly hex?: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addGet(program: Command): void {
  const command = program
    .command('get')
    .summary('print the value of a key')
    .description('Prints the value of a key. Takes no lock and writes nothing.')
    .argument('<directory>', 'the store')
    .argument('<key>', 'text, or hexadecimal digits with --hex')
    .option('--hex', 'the key is given, and the value printed, as hexadecimal digits')
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
With --json: {"found", "valueHex", "value"}; valueHex and value are null when nothing was found,
and value is null as well when it is not UTF-8 text. A missing key is no error: the exit code is 0.

Example:
  lsm-lens get ./data user:0042 --json`,
    )
    .action(runGet);
  addFamilyOption(command);
}

async function runGet(directory: string, key: string, options: GetOptions): Promise<void> {
  const { hex, json } = options;
  const keyBytes = bytesOf(key, 'the key', hex);
  const value = await readCatalogue(directory, (store) =>
    spaceOf<KeySpace>(store, options).get(keyBytes)?.slice(),
  );
  if (json) {
    const found = value !== undefined;
    await printJson({
      found,
      valueHex: found ? encodeHex(value) : null,
      value: found ? textOf(value) : null,
    });
  } else if (value === undefined) {
    process.stderr.write('not found\n');
  } else if (hex) {
    await printLine(encodeHex(value));
  } else {
    // A terminal gets a line of its own; a file or pipe gets the value's bytes and nothing else.
    await print(value);
    if (process.stdout.isTTY) await printLine('');
  }
}

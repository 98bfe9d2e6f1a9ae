// `lsm-lens get`: the value of one key.

import type { Command } from 'commander';
import { encodeHex } from '../../base/bytes.ts';
import type { LsmEventBody } from '../../protocol/events.ts';
import type { Catalogue, KeySpace } from '../../session/catalogue.ts';
import { addFamilyOption, spaceOf } from '../columnFamilyOption.ts';
import type { FamilyChoice } from '../columnFamilyOption.ts';
import { bytesOf } from '../arguments.ts';
import { textOf } from '../format.ts';
import { print, printJson, printLine } from '../output.ts';
import { withProgressLine } from '../progressLine.ts';
import { plainStep } from '../plainEvent.ts';
import { describeReadSteps } from '../readTrace.ts';
import { readCatalogue } from '../../session/openCatalogue.ts';

interface GetOptions extends FamilyChoice {
  readonly trace?: boolean;
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
    .option('--trace', 'print every step of the read before the value')
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
With --json: {"found", "valueHex", "value"}; valueHex and value are null when nothing was found,
and value is null as well when it is not UTF-8 text. A missing key is no error: the exit code is 0.
With --trace as well "trace": the steps as docs/events.md tells them, from get.begin over
memtable.lookup, table.skip, index.seek, filter.check, block.read and block.search to get.end.

Examples:
  lsm-lens get ./data user:0042 --json
  lsm-lens get ./data user:0042 --trace`,
    )
    .action(runGet);
  addFamilyOption(command);
}

async function runGet(directory: string, key: string, options: GetOptions): Promise<void> {
  const { hex, json } = options;
  const keyBytes = bytesOf(key, 'the key', hex);
  const { value, steps } = await withProgressLine('opening', (watch) =>
    readCatalogue(directory, (store) => read(store, keyBytes, options), watch),
  );
  if (json) {
    const found = value !== undefined;
    await printJson({
      found,
      valueHex: found ? encodeHex(value) : null,
      value: found ? textOf(value) : null,
      ...(options.trace ? { trace: steps.map(plainStep) } : {}),
    });
    return;
  }
  if (options.trace) await print(describeReadSteps(steps));
  await printValue(value, hex);
}

interface TracedValue {
  readonly value: Uint8Array | undefined;
  /** Empty without --trace. */
  readonly steps: readonly LsmEventBody[];
}

function read(store: Catalogue, key: Uint8Array, options: GetOptions): TracedValue {
  const steps: LsmEventBody[] = [];
  const onStep = (step: LsmEventBody): number => steps.push(step);
  const space = spaceOf<KeySpace>(store, options);
  return { value: space.get(key, options.trace ? onStep : undefined)?.slice(), steps };
}

async function printValue(value: Uint8Array | undefined, hex = false): Promise<void> {
  if (value === undefined) {
    process.stderr.write('not found\n');
  } else if (hex) {
    await printLine(encodeHex(value));
  } else {
    // A terminal gets a line of its own; a file or pipe gets the value's bytes and nothing else.
    await print(value);
    if (process.stdout.isTTY) await printLine('');
  }
}

// `lsm-lens merge`: one merge operand, durable when the command ends.

import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { encodeUint64 } from '../../base/mergeOperators/builtInOperators.ts';
import { bytesOf } from '../arguments.ts';
import { addFamilyOption } from '../columnFamilyOption.ts';
import type { FamilyChoice } from '../columnFamilyOption.ts';
import { UsageError } from '../outcome.ts';
import { addStoreOptions, optionsFor } from '../storeOptions.ts';
import type { StoreChoices } from '../storeOptions.ts';
import { writingTo } from '../writingTo.ts';
import { reportWrite } from '../writeReport.ts';

interface MergeOptions extends StoreChoices, FamilyChoice {
  readonly number?: bigint;
  readonly hex?: boolean;
  readonly json?: boolean;
}

/** Adds `merge`. */
export function addMerge(program: Command): void {
  const command = program
    .command('merge')
    .summary('work an operand into a value')
    .description(
      'Writes an operand, durably, without reading the key: the merge operator of the column ' +
        'family works it into the value. A store without one gets it with --merge-operator, and ' +
        'keeps it; the store and the family are made when they are missing.',
    )
    .argument('<directory>', 'the store')
    .argument('<key>', 'text, or hexadecimal digits with --hex')
    .argument('[operand]', 'text, or hexadecimal digits with --hex')
    .option(
      '--number <number>',
      'the operand is a number of 8 bytes, as uint64add adds it',
      wholeNumber,
    )
    .option('--hex', 'key and operand are given as hexadecimal digits')
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
With --json: {"ok": true, "lastSequence"}.

Examples:
  lsm-lens merge ./data visits --number 1 --merge-operator uint64add
  lsm-lens merge ./tags user:0042 blue --merge-operator stringappend`,
    )
    .action(runMerge);
  addFamilyOption(command);
  addStoreOptions(command);
}

async function runMerge(
  directory: string,
  key: string,
  operand: string | undefined,
  options: MergeOptions,
): Promise<void> {
  const keyBytes = bytesOf(key, 'the key', options.hex);
  const operandBytes = operandOf(operand, options);
  const lastSequence = await writingTo(directory, optionsFor(options), async (store) => {
    const { columnFamily } = options;
    const space = columnFamily === undefined ? store : await store.ensureColumnFamily(columnFamily);
    await space.merge(keyBytes, operandBytes, true);
    return store.stats().lastSequence;
  });
  await reportWrite(lastSequence, options.json);
}

function operandOf(operand: string | undefined, { number, hex }: MergeOptions): Uint8Array {
  if ((operand === undefined) === (number === undefined)) {
    throw new UsageError('give either an operand or --number');
  }
  return number === undefined ? bytesOf(operand!, 'the operand', hex) : encodeUint64(number);
}

/** Below 0: it is taken away. */
function wholeNumber(text: string): bigint {
  if (/^-?\d{1,20}$/.test(text)) return BigInt(text);
  throw new InvalidArgumentError('it must be a whole number.');
}

// `lsm-lens put` and `lsm-lens delete`: one write, durable when the command ends.

import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { EditableKeySpace } from '../../session/catalogue.ts';
import { addFamilyOption, spaceOf } from '../columnFamilyOption.ts';
import type { FamilyChoice } from '../columnFamilyOption.ts';
import { bytesOf } from '../arguments.ts';
import { UsageError } from '../outcome.ts';
import { addStoreOptions, optionsFor } from '../storeOptions.ts';
import type { StoreChoices } from '../storeOptions.ts';
import { reportWrite } from '../writeReport.ts';
import { writingTo } from '../writingTo.ts';

interface PutOptions extends StoreChoices, FamilyChoice {
  readonly valueFile?: string;
  readonly hex?: boolean;
  readonly json?: boolean;
}

interface DeleteOptions extends FamilyChoice {
  readonly hex?: boolean;
  readonly json?: boolean;
}

/** Adds `put`. */
export function addPut(program: Command): void {
  const command = program
    .command('put')
    .summary('write a key and its value')
    .description(
      'Writes a key and its value, durably. The store is made when the directory is missing ' +
        'or empty, and so is the column family when it is missing.',
    )
    .argument('<directory>', 'the store')
    .argument('<key>', 'text, or hexadecimal digits with --hex')
    .argument('[value]', 'text, or hexadecimal digits with --hex')
    .option('--value-file <file>', 'take the value from a file, byte for byte')
    .option('--hex', 'key and value are given as hexadecimal digits')
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
With --json: {"ok": true, "lastSequence"}.

Example:
  lsm-lens put ./data user:0042 '{"name":"Ada"}'`,
    )
    .action(runPut);
  addFamilyOption(command);
  addStoreOptions(command);
}

/** Adds `delete`. */
export function addDelete(program: Command): void {
  const command = program
    .command('delete')
    .summary('delete a key')
    .description('Writes a tombstone for a key, durably; the key need not be there.')
    .argument('<directory>', 'the store')
    .argument('<key>', 'text, or hexadecimal digits with --hex')
    .option('--hex', 'the key is given as hexadecimal digits')
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
With --json: {"ok": true, "lastSequence"}.

Example:
  lsm-lens delete ./data user:0042`,
    )
    .action(runDelete);
  addFamilyOption(command);
}

async function runPut(
  directory: string,
  key: string,
  value: string | undefined,
  options: PutOptions,
): Promise<void> {
  const keyBytes = bytesOf(key, 'the key', options.hex);
  const valueBytes = await valueOf(value, options);
  const lastSequence = await writingTo(directory, optionsFor(options), async (store) => {
    const { columnFamily } = options;
    const space = columnFamily === undefined ? store : await store.ensureColumnFamily(columnFamily);
    await space.put(keyBytes, valueBytes, true);
    return store.stats().lastSequence;
  });
  await reportWrite(lastSequence, options.json);
}

async function valueOf(value: string | undefined, options: PutOptions): Promise<Uint8Array> {
  if ((value === undefined) === (options.valueFile === undefined)) {
    throw new UsageError('give either a value or --value-file');
  }
  if (options.valueFile !== undefined) return readFile(options.valueFile);
  return bytesOf(value!, 'the value', options.hex);
}

async function runDelete(directory: string, key: string, options: DeleteOptions): Promise<void> {
  const keyBytes = bytesOf(key, 'the key', options.hex);
  const lastSequence = await writingTo(directory, { createIfMissing: false }, async (store) => {
    await spaceOf<EditableKeySpace>(store, options).delete(keyBytes, true);
    return store.stats().lastSequence;
  });
  await reportWrite(lastSequence, options.json);
}

// Tables that share a file: each cut to its bounds, with keys shown otherwise than they stand
// there. The files are Pebble's own, the manifests made by hand.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../src/base/bytes.ts';
import { inspectionOf } from '../../src/session/inspection.ts';
import type { PebbleReader } from '../../src/readers/pebble/pebbleReader.ts';
import { RecordingSink } from '../engine/recordingSink.ts';
import { pebbleDirectory } from './pebbleDirectory.ts';
import type { EditMade } from './pebbleDirectory.ts';

const FILE = '000005.sst';
const COMPARATOR = 'pebble.internal.testkeys';
/** Keys `a` to `z`, those of `mixed` in Pebble's `tool/testdata`. */
const bytes = new Uint8Array(
  readFileSync(path.join(import.meta.dirname, '../fixtures/pebble-range-keys/db', FILE)),
);

const SHARES_FILE_5 = [66, 5];
const prefixField = (text: string): number[] => [67, text.length, ...encodeUtf8(text)];
const suffixField = (text: string): number[] => [68, text.length, ...encodeUtf8(text)];

type TableOfEdit = NonNullable<EditMade['added']>[number];

function virtual(
  number: number,
  [from, to]: readonly [string, string],
  more: Partial<TableOfEdit> = {},
): TableOfEdit {
  return {
    ...{ number, level: 6, from: encodeUtf8(from), to: encodeUtf8(to), sequences: [10, 40] },
    fields: SHARES_FILE_5,
    ...more,
  };
}

async function open(...added: readonly TableOfEdit[]): Promise<PebbleReader> {
  const { reader } = await pebbleDirectory([{ comparator: COMPARATOR, added }], { [FILE]: bytes });
  return reader;
}

function keysOf(reader: PebbleReader): string[] {
  return [...reader.entries({})].map(([key]) => decodeUtf8(key));
}

const all = keysOf(await open({ ...virtual(5, ['a', 'z@1']), fields: [] }));

test('the file alone holds a key for each letter', () => {
  expect(all.length).toBe(26);
  expect(all[0]).toBe('a@1');
});

test('each table holds what lies within its bounds, no more', async () => {
  const reader = await open(
    virtual(11, ['c', 'e@1']),
    virtual(12, ['x', 'z'], { endsBefore: true }),
  );
  expect(keysOf(reader)).toEqual(['c@1', 'd@1', 'e@1', 'x@1', 'y@1']);
  expect(reader.get(encodeUtf8('d@1'))).toBeDefined();
  expect(reader.get(encodeUtf8('z@1'))).toBeUndefined();
  expect(reader.get(encodeUtf8('f@1'))).toBeUndefined();
  expect([...reader.entries({ reverse: true })].length).toBe(5);
  for (const _ of reader.check());
  expect(reader.problems()).toEqual([]);
  reader.close();
});

test('tables that share a file are told apart by their own numbers', async () => {
  const reader = await open(
    virtual(11, ['c', 'e@1']),
    virtual(12, ['x', 'z'], { endsBefore: true }),
  );
  const { files } = inspectionOf(reader.describe());
  expect(files.map(({ name, table }) => [name, table])).toEqual([
    [FILE, 11],
    [FILE, 12],
  ]);
  reader.close();
});

test('all entries of a table may have one sequence number, whatever the file has', async () => {
  const reader = await open(virtual(11, ['c', 'e@1'], { sequences: [77, 77] }));
  const sink = new RecordingSink();
  reader.get(encodeUtf8('d@1'), { sink, operation: 1 });
  expect(sink.of('get.end').map(({ sequence }) => sequence)).toEqual([77]);
  reader.close();
});

test('keys get another beginning', async () => {
  const reader = await open(
    virtual(11, ['t/b', 't/c@1'], { fields: [...SHARES_FILE_5, ...prefixField('t/')] }),
  );
  expect(keysOf(reader)).toEqual(['t/b@1', 't/c@1']);
  expect(reader.get(encodeUtf8('t/c@1'))).toBeDefined();
  expect(reader.get(encodeUtf8('c@1'))).toBeUndefined();
  reader.close();
});

test('keys get another version', async () => {
  const reader = await open(
    virtual(11, ['b', 'd@9'], { fields: [...SHARES_FILE_5, ...suffixField('@9')] }),
  );
  expect(keysOf(reader)).toEqual(['b@9', 'c@9', 'd@9']);
  expect(reader.get(encodeUtf8('c@9'))).toBeDefined();
  expect(reader.get(encodeUtf8('c@1'))).toBeUndefined();
  expect(reader.problems()).toEqual([]);
  reader.close();
});

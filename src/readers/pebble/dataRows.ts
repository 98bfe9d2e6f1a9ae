// The entries of a Pebble data block as rows: kinds as RocksDB numbers them, values fetched from
// where they lie.
//
//   columns of a columnar block: the key's, by its schema; then trailer (sequence number and kind
//   as in internal keys), whether the key's prefix is another than before, value, whether the value
//   lies elsewhere, whether a newer version stands in the same table; from version 8 on three more,
//   which are not read: span of tiers, attribute, where the value lies in a colder tier besides

import { concatBytes } from '../../base/bytes.ts';
import { TRAILER_BYTES } from '../internalKey.ts';
import type { Block } from '../sst/block.ts';
import { BlockCursor } from '../sst/block.ts';
import { RowBlockBuilder } from '../sst/rowBlock.ts';
import type { ColumnarBlock } from './columnarBlock.ts';
import type { KeySchema } from './keySchemas.ts';
import type { TableView } from './tableView.ts';
import type { ValueBlocks } from './valueBlocks.ts';

/** How rows are made. */
export interface RowRules {
  readonly view: TableView;
  readonly values: ValueBlocks;
  /** Values of puts in blocks of rows begin with a byte that says where they lie. */
  readonly hasValuePrefix: boolean;
}

const TIERS_VERSION_MIN = 8;

/** How many columns of a data block are not the key's. @param version of the table. */
export function columnsBehindKeys(version: number): number {
  return version < TIERS_VERSION_MIN ? 5 : 8;
}

const CODE_DELETE = 0;
const CODE_PUT = 1;
/** A put that has met a tombstone. */
const CODE_PUT_WITH_DELETE = 18;
/** A tombstone that tells the size of what it deletes. */
const CODE_DELETE_SIZED = 23;
/** Beside the kind: a newer version stands in the same table. */
const OBSOLETE_BIT = 0x40;

/** @throws LsmError `CORRUPTION`, `NOT_SUPPORTED`, `IO` */
export function columnarRows(block: ColumnarBlock, schema: KeySchema, rules: RowRules): Block {
  const keys = schema.keysOf(block);
  const trailers = block.numbers(schema.columns);
  const values = block.texts(schema.columns + 2);
  const isElsewhere = block.bits(schema.columns + 3);
  const builder = new RowBlockBuilder();
  const trailer = new Uint8Array(TRAILER_BYTES);
  const view = new DataView(trailer.buffer);
  for (let row = 0; row < block.rows; row++) {
    const key = rules.view.shown(keys.at(row));
    if (!rules.view.holds(key)) continue;
    view.setBigUint64(0, trailers.at(row), true);
    trailer[0] = plainCode(trailer[0]!);
    const stored = values.at(row);
    const value = isElsewhere(row) ? rules.values.fetch(stored, block) : stored;
    builder.add(concatBytes([key, trailer]), trailer[0] === CODE_DELETE ? NO_VALUE : value);
  }
  return builder.finish(block.file, block.offset);
}

/** The same for a block of rows. */
export function storedRows(block: Block, rules: RowRules): Block {
  const builder = new RowBlockBuilder();
  const cursor = new BlockCursor(block);
  for (cursor.first(); cursor.valid; cursor.next()) {
    const stored = cursor.copyKey();
    const keyEnd = stored.length - TRAILER_BYTES;
    if (keyEnd < 0) continue;
    const userKey = rules.view.shown(stored.subarray(0, keyEnd));
    if (!rules.view.holds(userKey)) continue;
    const key = concatBytes([userKey, stored.subarray(keyEnd)]);
    const end = userKey.length;
    const code = key[end]! & ~OBSOLETE_BIT;
    key[end] = plainCode(code);
    const storedValue = cursor.copyValue();
    const hasPrefix = rules.hasValuePrefix && code === CODE_PUT;
    const value = hasPrefix ? rules.values.fetch(storedValue, block) : storedValue;
    builder.add(key, key[end] === CODE_DELETE ? NO_VALUE : value);
  }
  return builder.finish(block.file, block.offset);
}

const NO_VALUE = new Uint8Array(0);

function plainCode(stored: number): number {
  const code = stored & ~OBSOLETE_BIT;
  if (code === CODE_PUT_WITH_DELETE) return CODE_PUT;
  return code === CODE_DELETE_SIZED ? CODE_DELETE : code;
}

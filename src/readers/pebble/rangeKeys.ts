// Pebble's range keys: values for whole ranges of keys, each under a suffix, its version
// (internal/rangekey/rangekey.go). Ranges end before their second key.
//
//   kind               key     value, in rows and in logs
//   21  set            from    length, to, then of each: length, suffix, length, value
//   20  unset          from    length, to, then of each: length, suffix
//   19  delete         from    to
//
//   in columns, as deletions of ranges: keyspanBlock.ts

import { ByteReader } from '../../base/byteReader.ts';
import { parseInternalKey } from '../internalKey.ts';
import { readBlob } from '../rocksdb/editFields.ts';
import { BlockCursor } from '../sst/block.ts';
import type { BlockFile } from '../sst/blockFile.ts';
import type { BlockHandle } from '../sst/blockHandle.ts';
import { COLUMN_SUFFIXES, COLUMN_VALUES, keyspansOf, readKeyspanBlock } from './keyspanBlock.ts';

/** One statement about a range of keys. */
export interface RangeKeyEntry {
  readonly code: number;
  readonly from: Uint8Array;
  /** Not in the range. */
  readonly to: Uint8Array;
  /** Empty for a delete: that is of all suffixes. */
  readonly suffix: Uint8Array;
  readonly value: Uint8Array;
  readonly sequence: number;
}

export const CODE_RANGE_KEY_DELETE = 19;
const CODE_RANGE_KEY_UNSET = 20;
export const CODE_RANGE_KEY_SET = 21;
const BLOCK_NAME = 'pebble.range_key';
const NO_BYTES = new Uint8Array(0);

/**
 * What a table says, in file order; parts are copies.
 * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED`, `IO`
 */
export function readRangeKeys(
  blocks: BlockFile,
  metaBlocks: ReadonlyMap<string, BlockHandle>,
  isColumnar: boolean,
  globalSequence: number | undefined,
): readonly RangeKeyEntry[] {
  const handle = metaBlocks.get(BLOCK_NAME);
  if (handle === undefined) return [];
  if (isColumnar) {
    const block = readKeyspanBlock(blocks, handle);
    const suffixes = block.texts(COLUMN_SUFFIXES);
    const values = block.texts(COLUMN_VALUES);
    return [...keyspansOf(block, globalSequence)].map(({ row, ...span }) => {
      return { ...span, suffix: suffixes.at(row).slice(), value: values.at(row).slice() };
    });
  }
  const found: RangeKeyEntry[] = [];
  const cursor = new BlockCursor(blocks.readBlock(handle));
  for (cursor.first(); cursor.valid; cursor.next()) {
    const key = parseInternalKey(cursor.copyKey(), blocks.name, handle.offset);
    const { userKey, code } = key;
    const sequence = globalSequence ?? key.sequence;
    const place = { file: blocks.name, offset: handle.offset };
    found.push(
      ...decodeRangeKeys({ code, from: userKey, content: cursor.copyValue(), sequence }, place),
    );
  }
  return found;
}

/** As they stand in rows and logs. */
export interface StoredRangeKeys {
  readonly code: number;
  readonly from: Uint8Array;
  readonly content: Uint8Array;
  readonly sequence: number;
}

/** @throws LsmError `CORRUPTION` */
export function decodeRangeKeys(
  { code, from, content, sequence }: StoredRangeKeys,
  { file, offset }: { readonly file: string; readonly offset: number },
): readonly RangeKeyEntry[] {
  if (code === CODE_RANGE_KEY_DELETE) {
    return [{ code, from, to: content, suffix: NO_BYTES, value: NO_BYTES, sequence }];
  }
  const reader = new ByteReader(content, file, offset);
  if (code !== CODE_RANGE_KEY_SET && code !== CODE_RANGE_KEY_UNSET) {
    throw reader.damage(`kind ${code} among range keys`);
  }
  const to = readBlob(reader, 'the end of a range');
  const found: RangeKeyEntry[] = [];
  while (reader.remaining > 0) {
    const suffix = readBlob(reader, 'a suffix');
    const value = code === CODE_RANGE_KEY_SET ? readBlob(reader, 'a value') : NO_BYTES;
    found.push({ code, from, to, suffix, value, sequence });
  }
  return found;
}

// Tables whose keys end with times of the user's (RocksDB's util/comparator.cc). A family may keep
// its times in memory only: its tables' keys then lack them, and are read as if each had the time 0
// (table/block_based/block.h). Filters never know of times.

import { concatBytes, copyOfRange } from '../../base/bytes.ts';
import { ByteWriter } from '../../base/byteWriter.ts';
import { TRAILER_BYTES } from '../internalKey.ts';
import { hasTimestamps, TIMESTAMP_BYTES } from '../keyOrder.ts';
import { Block, BlockCursor } from './block.ts';
import type { IndexEntry } from './indexBlock.ts';
import type { TableProperties } from './tableProperties.ts';

const NO_TIME = new Uint8Array(TIMESTAMP_BYTES);

/** Whether times have to be put into the table's keys. */
export function lacksTimestamps(properties: TableProperties | undefined): boolean {
  return properties?.timestampsPersisted === false && hasTimestamps(properties.comparator);
}

/** A user key with the time 0. */
export function withoutTime(userKey: Uint8Array): Uint8Array {
  return concatBytes([userKey, NO_TIME]);
}

/** The same of an internal key. */
export function internalWithoutTime(key: Uint8Array): Uint8Array {
  const end = Math.max(0, key.length - TRAILER_BYTES);
  return concatBytes([key.subarray(0, end), NO_TIME, key.subarray(end)]);
}

/** An index of user keys, each with the time 0. */
export function indexWithoutTimes(index: readonly IndexEntry[]): IndexEntry[] {
  return index.map(({ key, firstKey, ...rest }) => ({
    ...rest,
    key: withoutTime(key),
    ...(firstKey === undefined ? {} : { firstKey: internalWithoutTime(firstKey) }),
  }));
}

/** A block of internal keys, written anew with the time 0 in each. @throws LsmError `CORRUPTION` */
export function blockWithoutTimes(block: Block): Block {
  const writer = new ByteWriter();
  const restarts: number[] = [];
  const cursor = new BlockCursor(block);
  for (cursor.first(); cursor.valid; cursor.next()) {
    restarts.push(writer.length);
    const key = internalWithoutTime(copyOfRange(cursor.key, 0, cursor.keyLength));
    const value = block.bytes.subarray(cursor.valueStart, cursor.valueEnd);
    for (const length of [0, key.length, value.length]) writer.writeVarint(length);
    writer.writeBytes(key);
    writer.writeBytes(value);
  }
  for (const number of [...restarts, restarts.length]) writer.writeUint32(number);
  return new Block(writer.toBytes(), block.file, block.offset);
}

/** What of a key its table's filter was made of, before any prefix is taken. */
export function filteredKey(key: Uint8Array, properties: TableProperties | undefined): Uint8Array {
  const isTimed = hasTimestamps(properties?.comparator ?? '');
  return isTimed ? key.subarray(0, Math.max(0, key.length - TIMESTAMP_BYTES)) : key;
}

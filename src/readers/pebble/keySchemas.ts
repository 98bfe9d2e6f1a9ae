// How user keys are cut into columns in Pebble's columnar data blocks: a schema of the application,
// named in the table's properties. Pebble's own has two columns; CockroachDB's (`crdb1`,
// cockroachkvs/cockroachkvs.go) has four:
//
//   the key before its version, without the zero that ends it | wall time | logical time
//   | a version that is no time, as it is
//
// A key is then: key, 0, version, and the length of the version plus 1; without a version only key
// and 0. Times are big-endian; a logical time of 0 is left out.

import { concatBytes } from '../../base/bytes.ts';
import type { BytesColumn, ColumnarBlock } from './columnarBlock.ts';
import { prefixColumn } from './prefixColumn.ts';

/** An application's. */
export interface KeySchema {
  /** What it puts before the header of each data block. */
  readonly headerBytes: number;
  readonly columns: number;
  /** The whole user keys of a block. */
  readonly keysOf: (block: ColumnarBlock) => BytesColumn;
}

/** `undefined` when the schema is not known here. */
export function keySchemaNamed(name: string): KeySchema | undefined {
  if (name === 'crdb1') return COCKROACH_SCHEMA;
  return name.startsWith('DefaultKeySchema(') ? DEFAULT_SCHEMA : undefined;
}

/**
 * Of a schema that is not known: the bytes of its columns one after the other, numbers as eight
 * bytes, big-endian. Not the user keys, but what these were made into.
 * @param headerBytes what it puts before the header of this block.
 * @param behindKeys how many columns are not the key's.
 */
export function rawSchema(
  block: ColumnarBlock,
  headerBytes: number,
  behindKeys: number,
): KeySchema {
  const columns = Math.max(0, block.columns - behindKeys);
  return {
    headerBytes,
    columns,
    keysOf: () => {
      const parts = Array.from({ length: columns }, (_, column) => rawColumn(block, column));
      return { at: (row) => concatBytes(parts.map((part) => part.at(row))) };
    },
  };
}

function rawColumn(block: ColumnarBlock, column: number): BytesColumn {
  switch (block.typeOf(column)) {
    case 'bits': {
      const bits = block.bits(column);
      return { at: (row) => Uint8Array.of(bits(row) ? 1 : 0) };
    }
    case 'numbers': {
      const numbers = block.numbers(column);
      return { at: (row) => bigEndian(numbers.at(row)) };
    }
    case 'prefixes':
      return prefixColumn(block, column);
    default:
      return block.texts(column);
  }
}

function bigEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, value);
  return bytes;
}

/** What comes before the version, and the version. */
const DEFAULT_SCHEMA: KeySchema = {
  headerBytes: 0,
  columns: 2,
  keysOf: (block) => {
    const prefixes = prefixColumn(block, 0);
    const suffixes = block.texts(1);
    return { at: (row) => concatBytes([prefixes.at(row), suffixes.at(row)]) };
  },
};

const COCKROACH_SCHEMA: KeySchema = {
  headerBytes: 1,
  columns: 4,
  keysOf: (block) => {
    const keys = prefixColumn(block, 0);
    const wallTimes = block.numbers(1);
    const logicalTimes = block.numbers(2);
    const versions = block.texts(3);
    return {
      at: (row) => {
        const time = timeVersion(wallTimes.at(row), logicalTimes.at(row));
        const version = time.length > 0 ? time : versions.at(row);
        const length = version.length === 0 ? [] : [version.length + 1];
        return concatBytes([keys.at(row), Uint8Array.of(0), version, Uint8Array.from(length)]);
      },
    };
  },
};

/** Empty when there is no time. */
function timeVersion(wallTime: bigint, logicalTime: bigint): Uint8Array {
  if (wallTime === 0n && logicalTime === 0n) return new Uint8Array(0);
  const bytes = new Uint8Array(logicalTime === 0n ? 8 : 12);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, wallTime);
  if (logicalTime !== 0n) view.setUint32(8, Number(logicalTime));
  return bytes;
}

// Tables of a Pebble manifest, made by hand.

import type { RocksdbTable } from '../../src/readers/rocksdb/newFile.ts';

/** What a test says of a table. */
export interface TableMade {
  readonly number: number;
  /** User keys. */
  readonly from: Uint8Array;
  readonly to: Uint8Array;
  readonly sequences: readonly [number, number];
  /** `to` is not in it. */
  readonly endsBefore?: boolean;
}

const CODE_PUT = 1;
const CODE_RANGE_DELETE = 15;

/** An internal key; `exclusive`: as bounds have it that are not in their table. */
function internalKey(
  userKey: Uint8Array,
  sequence: number | 'exclusive',
  code: number = CODE_PUT,
): Uint8Array {
  const key = new Uint8Array(userKey.length + 8);
  key.set(userKey);
  const value = sequence === 'exclusive' ? (1n << 56n) - 1n : BigInt(sequence);
  const kind = sequence === 'exclusive' ? CODE_RANGE_DELETE : code;
  new DataView(key.buffer).setBigUint64(userKey.length, (value << 8n) | BigInt(kind), true);
  return key;
}

/** A table as the manifest's reader gives it. */
export function pebbleTable({ number, from, to, sequences, endsBefore }: TableMade): RocksdbTable {
  return {
    number,
    sizeBytes: 1000,
    smallest: internalKey(from, sequences[0]),
    largest: internalKey(to, endsBefore === true ? 'exclusive' : sequences[1]),
    smallestSequence: sequences[0],
    largestSequence: sequences[1],
    ...{ path: 0, createdSeconds: 0, oldestBlobFile: 0, temperature: 0, checksumName: '' },
    ...{ epoch: 0, minLogToKeep: 0 },
  };
}

// The order of Chromium's IndexedDB, `idb_cmp1`
// (content/browser/indexed_db/indexed_db_leveldb_coding.cc, docs/leveldb_coding_scheme.md):
//
//   key     prefix | suffix
//   prefix  lengths uint8: 3 bits database, 3 bits object store, 2 bits index, each less one
//           database, object store and index, little-endian in so many bytes
//
// Prefixes are ordered by their three numbers; what the suffix is depends on them:
//
//   database 0      global metadata: a type byte, then fields by type
//   store 0         a database's metadata: likewise
//   index 1, 2, 3   an object's user key (data, existence, blobs)
//   index 30 …      an index's user key | sequence number varint | the object's user key
//
// Keys that are not of that form are ordered by their bytes, as good an order as any.

import { compareRanges } from '../../base/bytes.ts';
import { compareBytewise } from '../keyOrder.ts';
import type { KeyOrder } from '../keyOrder.ts';

const OBJECT_INDEXES_MAX = 3;

/** What follows the type byte of metadata. */
type Field = 'byte' | 'varint' | 'string';

const GLOBAL_FIELDS: ReadonlyMap<number, readonly Field[]> = new Map([
  [100, ['varint']],
  [201, ['string', 'string']],
]);
const DATABASE_FIELDS: ReadonlyMap<number, readonly Field[]> = new Map([
  [50, ['varint', 'byte']],
  [100, ['varint', 'varint', 'byte']],
  [150, ['varint']],
  [151, ['varint', 'varint']],
  [200, ['string']],
  [201, ['varint', 'string']],
]);

/** Rank of a user key's type byte: an array is greater than bytes, these than text, and so on. */
const TYPE_RANKS: readonly number[] = [6, 3, 2, 1, 5, 0, 4];
const TYPE_NULL = 0;
const TYPE_STRING = 1;
const TYPE_DATE = 2;
const TYPE_NUMBER = 3;
const TYPE_ARRAY = 4;
const TYPE_MIN = 5;
const TYPE_BINARY = 6;

const ARRAY_DEPTH_MAX = 64;

/** Thrown inside of this file only: a key does not have the form it should have. */
class Malformed extends Error {}

/** The order under its name. */
export const IDB_COMPARATOR: KeyOrder = {
  name: 'idb_cmp1',
  compare: (first, firstLength, second, secondLength) => {
    const left = new Walk(first, firstLength);
    const right = new Walk(second, secondLength);
    try {
      return compareKeys(left, right);
    } catch (thrown) {
      if (!(thrown instanceof Malformed)) throw thrown;
      return compareBytewise(first, firstLength, second, secondLength);
    }
  },
};

/** Reads one key forward. */
class Walk {
  readonly bytes: Uint8Array;
  position = 0;
  private readonly end: number;

  constructor(bytes: Uint8Array, end: number) {
    this.bytes = bytes;
    this.end = end;
  }

  get left(): number {
    return this.end - this.position;
  }

  byte(): number {
    if (this.left < 1) throw new Malformed();
    return this.bytes[this.position++]!;
  }

  littleEndian(lengthBytes: number): number {
    let value = 0;
    for (let index = 0, scale = 1; index < lengthBytes; index++, scale *= 256) {
      value += this.byte() * scale;
    }
    return value;
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  /** Where the next bytes begin; passes over them. */
  skip(lengthBytes: number): number {
    if (lengthBytes > this.left) throw new Malformed();
    const start = this.position;
    this.position += lengthBytes;
    return start;
  }

  double(): number {
    const start = this.skip(8);
    const { buffer, byteOffset } = this.bytes;
    return new DataView(buffer, byteOffset + start, 8).getFloat64(0, true);
  }
}

function compareKeys(left: Walk, right: Walk): number {
  const first = readPrefix(left);
  const second = readPrefix(right);
  const byPrefix =
    first.database - second.database || first.store - second.store || first.index - second.index;
  if (byPrefix !== 0) return byPrefix;
  if (first.database === 0) return compareMetadata(left, right, GLOBAL_FIELDS);
  if (first.store === 0) return compareMetadata(left, right, DATABASE_FIELDS);
  const byUserKey = compareUserKeys(left, right, 0);
  if (byUserKey !== 0 || first.index <= OBJECT_INDEXES_MAX) return byUserKey;
  if (left.left === 0 || right.left === 0) return left.left - right.left;
  return left.varint() - right.varint() || compareUserKeys(left, right, 0);
}

function readPrefix(walk: Walk): { database: number; store: number; index: number } {
  const lengths = walk.byte();
  const database = walk.littleEndian(((lengths >> 5) & 7) + 1);
  const store = walk.littleEndian(((lengths >> 2) & 7) + 1);
  return { database, store, index: walk.littleEndian((lengths & 3) + 1) };
}

function compareMetadata(
  left: Walk,
  right: Walk,
  fieldsOf: ReadonlyMap<number, readonly Field[]>,
): number {
  const type = left.byte();
  const byType = type - right.byte();
  if (byType !== 0) return byType;
  for (const field of fieldsOf.get(type) ?? []) {
    const order = compareField(left, right, field);
    if (order !== 0) return order;
  }
  // Types without fields of their own that are known: what follows them decides.
  return compareRest(left, right);
}

function compareField(left: Walk, right: Walk, field: Field): number {
  if (field === 'byte') return left.byte() - right.byte();
  return field === 'varint' ? left.varint() - right.varint() : compareRuns(left, right, 2);
}

function compareRest(left: Walk, right: Walk): number {
  const leftLength = left.left;
  const rightLength = right.left;
  const start = left.skip(leftLength);
  const other = right.skip(rightLength);
  return compareRanges(
    left.bytes,
    start,
    start + leftLength,
    right.bytes,
    other,
    other + rightLength,
  );
}

/** Two user keys; one that is missing is smaller. */
function compareUserKeys(left: Walk, right: Walk, depth: number): number {
  if (left.left === 0 || right.left === 0) return left.left - right.left;
  const type = left.byte();
  const other = right.byte();
  const byType = rankOf(type) - rankOf(other);
  if (byType !== 0) return byType;
  switch (type) {
    case TYPE_NULL:
    case TYPE_MIN:
      return 0;
    case TYPE_STRING:
      return compareRuns(left, right, 2);
    case TYPE_BINARY:
      return compareRuns(left, right, 1);
    case TYPE_DATE:
    case TYPE_NUMBER:
      return left.double() - right.double();
    case TYPE_ARRAY:
      return compareArrays(left, right, depth);
    default:
      throw new Malformed();
  }
}

function rankOf(type: number): number {
  const rank = TYPE_RANKS[type];
  if (rank === undefined) throw new Malformed();
  return rank;
}

function compareArrays(left: Walk, right: Walk, depth: number): number {
  if (depth >= ARRAY_DEPTH_MAX) throw new Malformed();
  const length = left.varint();
  const other = right.varint();
  for (let index = 0; index < length && index < other; index++) {
    const order = compareUserKeys(left, right, depth + 1);
    if (order !== 0) return order;
  }
  return length - other;
}

/** A varint number of units, then so many units of bytes; text is UTF-16, the high byte first. */
function compareRuns(left: Walk, right: Walk, unitBytes: number): number {
  const length = left.varint() * unitBytes;
  const other = right.varint() * unitBytes;
  const start = left.skip(length);
  const otherStart = right.skip(other);
  return compareRanges(
    left.bytes,
    start,
    start + length,
    right.bytes,
    otherStart,
    otherStart + other,
  );
}

// What a transaction has written so far to one column family: the ranges that it deleted, and for
// each key what it did to it since. A range delete forgets the keys in it, so all ranges come
// before all keys, whatever the order was.
//
// Of a key mostly the last write counts. A merge needs what it is merged onto; and what a single
// delete must meet is kept beneath it, so that the store gets exactly what was asked for: a put
// after a single delete is not a second put.

import {
  KIND_DELETE,
  KIND_MERGE,
  KIND_PUT,
  KIND_RANGE_DELETE,
  KIND_SINGLE_DELETE,
} from '../entryKind.ts';
import type { WriteBatch } from '../writeBatch.ts';
import type { ColumnFamily } from '../family/columnFamily.ts';
import { emptyKeyMap } from './keyMap.ts';
import type { KeyMap } from './keyMap.ts';
import { NO_RANGES } from './rangeSet.ts';
import type { RangeSet } from './rangeSet.ts';

/** A write to one key. */
export interface OwnWrite {
  readonly kind:
    | typeof KIND_PUT
    | typeof KIND_DELETE
    | typeof KIND_MERGE
    | typeof KIND_SINGLE_DELETE;
  /** Empty for a removal. */
  readonly value: Uint8Array;
  /** What was done to the key before, and must be written, too. */
  readonly older: OwnWrite | undefined;
  /** This one and those beneath it, and the bytes of all their values. */
  readonly writes: number;
  readonly valueBytes: number;
}

/** What a caller asks for; of a range delete the key is where it begins, the value its end. */
export interface AskedWrite {
  readonly kind: OwnWrite['kind'] | typeof KIND_RANGE_DELETE;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Immutable: a savepoint keeps it as it was. Begins as `NO_WRITES`. */
export class FamilyWrites {
  /** The newest write to each key; none that a later range delete covers. */
  readonly keys: KeyMap<OwnWrite>;
  /** What was deleted before all that `keys` holds. */
  readonly ranges: RangeSet;
  /** Writes to keys, those beneath others included. */
  private readonly keyWrites: number;
  private readonly keyBytes: number;

  constructor(keys: KeyMap<OwnWrite>, ranges: RangeSet, keyWrites: number, keyBytes: number) {
    this.keys = keys;
    this.ranges = ranges;
    this.keyWrites = keyWrites;
    this.keyBytes = keyBytes;
  }

  /** Entries that the commit will write. */
  get entries(): number {
    return this.keyWrites + this.ranges.count;
  }

  /** Bytes of their keys and values. */
  get sizeBytes(): number {
    return this.keyBytes + this.ranges.sizeBytes;
  }

  /** The set with one write more; its arrays are copied. */
  with({ kind, key, value }: AskedWrite): FamilyWrites {
    if (kind === KIND_RANGE_DELETE) return this.withoutRange(key.slice(), value.slice());
    const known = this.keys.get(key);
    const write = ownWrite(kind, value.slice(), staying(known, kind));
    return new FamilyWrites(
      this.keys.with(key.slice(), write),
      this.ranges,
      this.keyWrites + write.writes - (known?.writes ?? 0),
      this.keyBytes + bytesOf(key, write) - bytesOf(key, known),
    );
  }

  /** Adds the writes to a batch, in an order that does the same. */
  addTo(batch: WriteBatch, family: ColumnFamily): void {
    for (const { from, to } of this.ranges.ranges()) batch.deleteRange(from, to, family);
    for (const { key, value } of this.keys.items()) addWrites(batch, family, key, value);
  }

  private withoutRange(from: Uint8Array, to: Uint8Array): FamilyWrites {
    let { keyWrites, keyBytes } = this;
    const keys = this.keys.withoutRange(from, to);
    if (keys !== this.keys) {
      const position = this.keys.seek(from);
      for (let more = this.keys.size - keys.size; more > 0; more--, position.next()) {
        const { key, value } = position.item!;
        keyWrites -= value.writes;
        keyBytes -= bytesOf(key, value);
      }
    }
    return new FamilyWrites(keys, this.ranges.with({ from, to }), keyWrites, keyBytes);
  }
}

function ownWrite(
  kind: OwnWrite['kind'],
  value: Uint8Array,
  older: OwnWrite | undefined,
): OwnWrite {
  const writes = 1 + (older?.writes ?? 0);
  return { kind, value, older, writes, valueBytes: value.length + (older?.valueBytes ?? 0) };
}

/** No writes yet. */
export const NO_WRITES: FamilyWrites = new FamilyWrites(emptyKeyMap(), NO_RANGES, 0, 0);

/** What of the writes to a key stays beneath the next one. */
function staying(known: OwnWrite | undefined, kind: OwnWrite['kind']): OwnWrite | undefined {
  switch (kind) {
    case KIND_DELETE:
      return undefined;
    case KIND_SINGLE_DELETE:
    case KIND_MERGE:
      return known;
    case KIND_PUT:
      return newestSingleDelete(known);
  }
}

function newestSingleDelete(known: OwnWrite | undefined): OwnWrite | undefined {
  let write = known;
  while (write !== undefined && write.kind !== KIND_SINGLE_DELETE) write = write.older;
  return write;
}

function bytesOf(key: Uint8Array, write: OwnWrite | undefined): number {
  return write === undefined ? 0 : write.writes * key.length + write.valueBytes;
}

/** The writes to one key, the newest first. */
export function writesOf(newest: OwnWrite): OwnWrite[] {
  const writes: OwnWrite[] = [];
  for (let each: OwnWrite | undefined = newest; each !== undefined; each = each.older) {
    writes.push(each);
  }
  return writes;
}

function addWrites(
  batch: WriteBatch,
  family: ColumnFamily,
  key: Uint8Array,
  newest: OwnWrite,
): void {
  for (const { kind, value } of writesOf(newest).toReversed()) {
    switch (kind) {
      case KIND_PUT:
        batch.put(key, value, family);
        break;
      case KIND_DELETE:
        batch.delete(key, family);
        break;
      case KIND_MERGE:
        batch.merge(key, value, family);
        break;
      case KIND_SINGLE_DELETE:
        batch.singleDelete(key, family);
    }
  }
}

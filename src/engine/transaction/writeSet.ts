// What a transaction has written so far, to every column family. Until the commit it is seen by the
// transaction alone, as one more source of its merges; at commit it becomes a batch.

import type { ColumnFamily } from '../family/columnFamily.ts';
import { WriteBatch } from '../writeBatch.ts';
import { NO_WRITES } from './familyWrites.ts';
import type { AskedWrite, FamilyWrites } from './familyWrites.ts';

/** Immutable: a savepoint keeps the set as it was. */
export class WriteSet {
  private readonly byFamily: ReadonlyMap<ColumnFamily, FamilyWrites>;
  /** Entries that the commit will write. */
  readonly entries: number;
  /** Bytes of their keys and values. */
  readonly sizeBytes: number;

  constructor(byFamily: ReadonlyMap<ColumnFamily, FamilyWrites> = new Map()) {
    this.byFamily = byFamily;
    let entries = 0;
    let sizeBytes = 0;
    for (const writes of byFamily.values()) {
      entries += writes.entries;
      sizeBytes += writes.sizeBytes;
    }
    this.entries = entries;
    this.sizeBytes = sizeBytes;
  }

  /** Families that were written to. */
  get families(): Iterable<ColumnFamily> {
    return this.byFamily.keys();
  }

  /** What was written to one family. */
  of(family: ColumnFamily): FamilyWrites {
    return this.byFamily.get(family) ?? NO_WRITES;
  }

  /** The set with one write more; its arrays are copied. */
  with(family: ColumnFamily, write: AskedWrite): WriteSet {
    return new WriteSet(new Map(this.byFamily).set(family, this.of(family).with(write)));
  }

  /**
   * The writes as one batch.
   * @throws LsmError `INVALID_ARGUMENT` when they are more than a batch can hold.
   */
  toBatch(): WriteBatch {
    const batch = new WriteBatch();
    for (const [family, writes] of this.byFamily) writes.addTo(batch, family);
    return batch;
  }
}

// What a transaction has written so far: for each key its last write. Until the commit it is seen
// by the transaction alone, as one more source of its merges; at commit it becomes a batch.

import { WriteBatch } from '../writeBatch.ts';
import { KIND_DELETE, KIND_PUT } from '../entryKind.ts';
import { emptyKeyMap } from './keyMap.ts';
import type { KeyMap } from './keyMap.ts';

/** The last write to one key. */
export interface OwnWrite {
  readonly kind: typeof KIND_PUT | typeof KIND_DELETE;
  /** Empty for a removal. */
  readonly value: Uint8Array;
}

/** Own writes in key order. Immutable: a savepoint keeps the set as it was. */
export type WriteSet = KeyMap<OwnWrite>;

const NO_VALUE = new Uint8Array(0);

/** No writes yet. */
export const NO_WRITES: WriteSet = emptyKeyMap();

/** The set in which `key` has `value`, both copied, or is gone when there is none. */
export function withWrite(set: WriteSet, key: Uint8Array, value?: Uint8Array): WriteSet {
  const write: OwnWrite =
    value === undefined
      ? { kind: KIND_DELETE, value: NO_VALUE }
      : { kind: KIND_PUT, value: value.slice() };
  return set.with(key.slice(), write);
}

/**
 * The writes as one batch.
 * @throws LsmError `INVALID_ARGUMENT` when they are more than a batch can hold.
 */
export function batchOf(set: WriteSet): WriteBatch {
  const batch = new WriteBatch();
  for (const { key, value } of set.items()) {
    if (value.kind === KIND_PUT) batch.put(key, value.value);
    else batch.delete(key);
  }
  return batch;
}

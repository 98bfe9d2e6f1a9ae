// The short keys of the index: anything that divides two blocks will do.

import { sharedPrefixLength } from '../../base/bytes.ts';

/**
 * A key S with last <= S < next, for two keys last < next: mostly a few bytes instead of a whole
 * key. It may be `last` itself, not a copy.
 */
export function separatorBetween(last: Uint8Array, next: Uint8Array): Uint8Array {
  const shared = sharedPrefixLength(last, next);
  if (shared + 1 >= last.length) return last;
  const raised = last[shared]! + 1;
  const staysBelow = raised < next[shared]! || next.length > shared + 1;
  // Keeping last's byte at `shared` keeps the key below `next` whatever follows.
  return staysBelow ? raisedAt(last, shared) : raisedBehind(last, shared + 1);
}

/** The bytes before `index`, then the one at `index` plus one. */
function raisedAt(key: Uint8Array, index: number): Uint8Array {
  const separator = key.slice(0, index + 1);
  separator[index]!++;
  return separator;
}

/** The shortest key after `key` that keeps its first `keep` bytes, or `key` itself. */
function raisedBehind(key: Uint8Array, keep: number): Uint8Array {
  for (let index = keep; index < key.length - 1; index++) {
    if (key[index] !== 0xff) return raisedAt(key, index);
  }
  return key;
}

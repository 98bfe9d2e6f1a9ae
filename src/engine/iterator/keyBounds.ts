// The range of keys a scan is about.

import { compareBytes, prefixEnd } from '../../base/bytes.ts';
import { requireBytes } from '../entryBytes.ts';

/** Every bound is optional; all that are given hold together. */
export interface KeyBoundsOptions {
  /** Smallest key, included. */
  readonly from?: Uint8Array | undefined;
  /** Where to end, not included. */
  readonly to?: Uint8Array | undefined;
  /** Only keys that begin with these bytes. */
  readonly prefix?: Uint8Array | undefined;
}

/** lower <= key < upper; `undefined` is unbounded. */
export interface KeyBounds {
  readonly lower: Uint8Array | undefined;
  readonly upper: Uint8Array | undefined;
}

/**
 * The one range that all given bounds leave.
 * @throws LsmError `INVALID_ARGUMENT` for a bound that is not bytes.
 */
export function resolveBounds(options: KeyBoundsOptions): KeyBounds {
  const { from, to, prefix } = options;
  if (from !== undefined) requireBytes('bound `from`', from);
  if (to !== undefined) requireBytes('bound `to`', to);
  if (prefix !== undefined) requireBytes('prefix', prefix);
  if (prefix === undefined) return { lower: from, upper: to };
  return { lower: greater(from, prefix), upper: lesser(to, prefixEnd(prefix)) };
}

function greater(a: Uint8Array | undefined, b: Uint8Array): Uint8Array {
  return a !== undefined && compareBytes(a, b) > 0 ? a : b;
}

function lesser(a: Uint8Array | undefined, b: Uint8Array | undefined): Uint8Array | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return compareBytes(a, b) < 0 ? a : b;
}

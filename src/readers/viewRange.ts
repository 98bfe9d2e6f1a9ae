// Which part of a store is walked over.

import { compareBytes, prefixEnd } from '../base/bytes.ts';

/** Which entries, in which direction. */
export interface ViewRange {
  readonly from?: Uint8Array | undefined;
  /** Not included. */
  readonly to?: Uint8Array | undefined;
  /** Only keys that begin with these bytes; for stores that are ordered by bytes. */
  readonly prefix?: Uint8Array | undefined;
  readonly reverse?: boolean | undefined;
  readonly limit?: number | undefined;
}

/** The same range with its prefix turned into bounds. */
export function withoutPrefix(range: ViewRange): ViewRange {
  const { prefix, from, to, reverse, limit } = range;
  if (prefix === undefined) return range;
  const end = prefixEnd(prefix);
  return {
    from: from !== undefined && compareBytes(from, prefix) > 0 ? from : prefix,
    to: to !== undefined && (end === undefined || compareBytes(to, end) < 0) ? to : end,
    reverse,
    limit,
  };
}

// abstract-level's range options as the engine's half-open range. Keys are bytes in byte order, so
// the least key above another is that one with a zero byte behind it.

import { bytesOf } from './encodedBytes.ts';
import type { Encoded } from './encodedBytes.ts';

/** As abstract-level hands them over: encoded, and each only there when it was given. */
export interface EncodedRange {
  readonly gte?: Encoded;
  readonly gt?: Encoded;
  readonly lte?: Encoded;
  readonly lt?: Encoded;
}

/** from <= key < to; `undefined` is unbounded. */
export interface KeyRange {
  readonly from: Uint8Array | undefined;
  readonly to: Uint8Array | undefined;
}

/** The engine's range; where both were given, `gte` counts before `gt` and `lte` before `lt`. */
export function keyRangeOf({ gte, gt, lte, lt }: EncodedRange): KeyRange {
  const from = gte ?? gt;
  const to = lte ?? lt;
  return {
    from: from === undefined ? undefined : boundOf(from, gte === undefined),
    to: to === undefined ? undefined : boundOf(to, lte !== undefined),
  };
}

function boundOf(key: Encoded, after: boolean): Uint8Array {
  return after ? keyAfter(bytesOf(key)) : bytesOf(key);
}

/** The least key above `key`. */
export function keyAfter(key: Uint8Array): Uint8Array {
  const after = new Uint8Array(key.length + 1);
  after.set(key);
  return after;
}

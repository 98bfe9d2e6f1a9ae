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
  return { from: bytesIfGiven(gte) ?? keyAfter(gt), to: keyAfter(lte) ?? bytesIfGiven(lt) };
}

function bytesIfGiven(key: Encoded | undefined): Uint8Array | undefined {
  return key === undefined ? undefined : bytesOf(key);
}

/** The least key above `key`. */
function keyAfter(key: Encoded | undefined): Uint8Array | undefined {
  if (key === undefined) return undefined;
  const bytes = bytesOf(key);
  const after = new Uint8Array(bytes.length + 1);
  after.set(bytes);
  return after;
}

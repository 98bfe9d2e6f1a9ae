// The answer to a scan: entries up to the limit asked for, and up to a size that a message bears.

import type { EntriesReply, Request } from '../../protocol/messages.ts';

/** Bytes of entries in the answer to one scan, at most. */
const SCAN_REPLY_SIZE_MAX = 8 * 1024 * 1024;

/** Which entries a store is asked for. */
export interface ScanRange {
  readonly from?: Uint8Array;
  readonly to?: Uint8Array;
  readonly prefix?: Uint8Array;
  readonly reverse: boolean;
  readonly limit: number;
}

/**
 * Walks over a store's entries.
 * @param entriesOf gives the live entries of a range; it is left early when the answer is full.
 */
export function scanReply(
  { from, to, prefix, reverse, limit }: Extract<Request, { readonly kind: 'scan' }>,
  entriesOf: (range: ScanRange) => Iterable<readonly [Uint8Array, Uint8Array]>,
): EntriesReply {
  const range: ScanRange = {
    reverse,
    limit: limit + 1,
    ...(from === null ? {} : { from }),
    ...(to === null ? {} : { to }),
    ...(prefix === null ? {} : { prefix }),
  };
  const entries: (readonly [Uint8Array, Uint8Array])[] = [];
  let sizeBytes = 0;
  for (const [key, value] of entriesOf(range)) {
    sizeBytes += key.length + value.length;
    const isFull = entries.length === limit || sizeBytes > SCAN_REPLY_SIZE_MAX;
    if (isFull && (entries.length > 0 || limit === 0)) {
      return { kind: 'entries', entries, more: true };
    }
    entries.push([new Uint8Array(key), new Uint8Array(value)]);
  }
  return { kind: 'entries', entries, more: false };
}

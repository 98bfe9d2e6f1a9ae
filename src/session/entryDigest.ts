// One number for everything a store holds, to compare with another copy of the same data. SHA-256
// over the live entries in the store's own order, each entry as
//
//     key length   u32 little-endian
//     key          bytes
//     value length u32 little-endian
//     value        bytes

import { createHash } from 'node:crypto';
import type { LiveEntry } from './catalogue.ts';

/** How many live entries there are, and their digest. */
export interface EntriesDigest {
  readonly entriesLive: number;
  readonly entriesSha256: string;
}

/** Reads all entries once. */
export function digestEntries(entries: Iterable<LiveEntry>): EntriesDigest {
  const digest = new EntryDigest();
  for (const [key, value] of entries) digest.add(key, value);
  return digest.result();
}

/**
 * SHA-256 that takes small pieces cheaply: a call into the hash costs more than its work on them.
 */
export class EntryDigest {
  private readonly hash = createHash('sha256');
  private readonly gathered = Buffer.alloc(64 * 1024);
  private gatheredBytes = 0;
  private entries = 0;

  add(key: Uint8Array, value: Uint8Array): void {
    this.addWithLength(key);
    this.addWithLength(value);
    this.entries++;
  }

  /** Ends it. */
  result(): EntriesDigest {
    this.empty();
    return { entriesLive: this.entries, entriesSha256: this.hash.digest('hex') };
  }

  private addWithLength(bytes: Uint8Array): void {
    if (this.gatheredBytes + 4 + bytes.length > this.gathered.length) this.empty();
    this.gatheredBytes = this.gathered.writeUInt32LE(bytes.length, this.gatheredBytes);
    if (this.gatheredBytes + bytes.length <= this.gathered.length) {
      this.gathered.set(bytes, this.gatheredBytes);
      this.gatheredBytes += bytes.length;
    } else {
      this.empty();
      this.hash.update(bytes);
    }
  }

  private empty(): void {
    this.hash.update(this.gathered.subarray(0, this.gatheredBytes));
    this.gatheredBytes = 0;
  }
}

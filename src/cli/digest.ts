// One number for everything a store holds, to compare with another copy of the same data. SHA-256
// over the live entries in the store's own order, each entry as
//
//     key length   u32 little-endian
//     key          bytes
//     value length u32 little-endian
//     value        bytes

import { createHash } from 'node:crypto';
import type { LiveEntry } from '../session/catalogue.ts';

/** How many live entries there are, and their digest. */
export interface EntriesDigest {
  readonly entriesLive: number;
  readonly entriesSha256: string;
}

/** Reads all entries once. */
export function digestEntries(entries: Iterable<LiveEntry>): EntriesDigest {
  const digest = new GatheringDigest();
  let entriesLive = 0;
  for (const [key, value] of entries) {
    digest.addWithLength(key);
    digest.addWithLength(value);
    entriesLive++;
  }
  return { entriesLive, entriesSha256: digest.hex() };
}

/**
 * SHA-256 that takes small pieces cheaply: a call into the hash costs more than its work on them.
 */
class GatheringDigest {
  private readonly hash = createHash('sha256');
  private readonly gathered = Buffer.alloc(64 * 1024);
  private gatheredBytes = 0;

  addWithLength(bytes: Uint8Array): void {
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

  hex(): string {
    this.empty();
    return this.hash.digest('hex');
  }

  private empty(): void {
    this.hash.update(this.gathered.subarray(0, this.gatheredBytes));
    this.gatheredBytes = 0;
  }
}

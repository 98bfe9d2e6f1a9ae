// The directories that real engines wrote, which lie beside the project on its own machines and in
// CI (`../shared/fixtures`), each with its truth in expected.json.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../../shared/fixtures');

/** Whether they are there. */
export const hasSharedFixtures: boolean = existsSync(root);

/** What is known of a case. */
export interface Expected {
  readonly engine: string;
  readonly comparator: string;
  readonly entriesLive: number;
  readonly entriesSha256: string;
  readonly sampleGets: readonly {
    readonly keyHex: string;
    readonly valueSha256: string | null;
    readonly error?: string;
  }[];
  readonly files: readonly {
    readonly name: string;
    readonly level: number;
    readonly sizeBytes: number;
    readonly smallestKeyHex: string;
    readonly largestKeyHex: string;
    readonly entries: number;
    readonly deletions: number;
    readonly minSeq?: number;
    readonly maxSeq?: number;
  }[];
  readonly levels: Readonly<Record<string, number>>;
  readonly manifest?: { readonly name: string; readonly edits: number };
  readonly walEntriesUnflushed: number;
  readonly corruption?: readonly {
    readonly file: string;
    readonly blockOffset: number;
    readonly userKeysInBlock: number;
  }[];
  readonly tornWal?: { readonly file: string };
  readonly allFiles: Readonly<Record<string, string>>;
}

/** Names of the cases that begin with `prefix`. */
export function casesOf(prefix: string): readonly string[] {
  if (!hasSharedFixtures) return [];
  return readdirSync(root).filter((name) => name.startsWith(prefix));
}

/** The database of a case. */
export function databaseOf(name: string): string {
  return path.join(root, name, 'db');
}

/** The truth about a case. */
export function expectedOf(name: string): Expected {
  return JSON.parse(readFileSync(path.join(root, name, 'expected.json'), 'utf8')) as Expected;
}

/** SHA-256 in hexadecimal. */
export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The digest that `entriesSha256` holds. */
export function digestOf(entries: Iterable<readonly [Uint8Array, Uint8Array]>): {
  readonly count: number;
  readonly digest: string;
} {
  const hash = createHash('sha256');
  const length = Buffer.alloc(4);
  let count = 0;
  for (const entry of entries) {
    for (const part of entry) {
      length.writeUInt32LE(part.length);
      hash.update(length).update(part);
    }
    count++;
  }
  return { count, digest: hash.digest('hex') };
}

// A table as its manifest sees it: several tables may share a file, each with its own bounds.

import type { FetchBlobValue } from './valueBlocks.ts';

/** What the manifest says of a table beyond its file. */
export interface TableView {
  /** Of all entries, where they have but one. */
  readonly sequence: number | undefined;
  /** Without an order keys need not be what the store sorts: they are listed as they come. */
  readonly hasOrder: boolean;
  /** What is shown of a key that stands in the file: another beginning, another version. */
  readonly shown: (key: Uint8Array) => Uint8Array;
  /** Put before each key. */
  readonly prefix: Uint8Array;
  /** Whether a key belongs to the table: a file may be shared by several. */
  readonly holds: (key: Uint8Array) => boolean;
  /** A range as far as it belongs to the table. */
  readonly cut: (from: Uint8Array, to: Uint8Array) => readonly [Uint8Array, Uint8Array];
  /** What is shown of the suffix of a range key. */
  readonly suffixOf: (suffix: Uint8Array) => Uint8Array;
  readonly blobValue: FetchBlobValue;
}

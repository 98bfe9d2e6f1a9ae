// What comes out of a file of records: a record becomes one entry, its key field as UTF-8 and the
// whole record as JSON.

/** An entry, or a line that gives none; `line` counts from 1. */
export type Reading =
  | {
      readonly kind: 'record';
      readonly line: number;
      readonly key: Uint8Array;
      readonly value: Uint8Array;
    }
  | { readonly kind: 'problem'; readonly line: number; readonly message: string };

/** Reads one file, piece by piece; pieces may be cut anywhere. */
export interface RecordReader {
  /**
   * What `piece` completes.
   * @throws LsmError `INVALID_ARGUMENT` when the file as a whole cannot be imported.
   */
  push(piece: Uint8Array): Promise<readonly Reading[]>;
  /** What the end of the file completes. */
  end(): Promise<readonly Reading[]>;
}

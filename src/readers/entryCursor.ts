// A position among the versions of a foreign store, whatever holds them: ordered by the user's key,
// for one key the newest first.

/** Stands on one version; keys and values are views that change with every step. */
export interface EntryCursor {
  readonly valid: boolean;
  /** The user's key is `key[0, keyLength)`. */
  readonly key: Uint8Array;
  readonly keyLength: number;
  readonly sequence: number;
  /** The kind's number on disk. */
  readonly code: number;
  /** A view of the value. */
  value(): Uint8Array;
  first(): void;
  last(): void;
  /** To the first version of the first key that is not before `key`. */
  seek(key: Uint8Array): void;
  next(): void;
  prev(): void;
}

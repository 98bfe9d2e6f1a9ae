// The one small vocabulary of errors. The world's faults (bytes, disks, callers) are LsmError with
// a code; our own mistakes are assertion failures (assert.ts). An absent key is `undefined`, no
// error.

/**
 * What kind of fault it was; the codes are part of the public interface and never change meaning.
 *
 * - `CORRUPTION`: bytes on disk are not what was written (checksum, bounds, order).
 * - `IO`: the operating system refused or failed; `systemCode` holds its own word, e.g. `ENOSPC`.
 * - `INVALID_ARGUMENT`: the caller's value is outside what is documented.
 * - `NOT_SUPPORTED`: valid, but this version (or this store's format) cannot do it.
 * - `NOT_OPEN`: the store is closed, or became read-only after a fault.
 * - `NOT_A_STORE`: the path is no directory of a known engine; the message says what it looks like.
 * - `LOCKED`: another process (or another session of this one) holds the store.
 * - `CONFLICT`: a transaction met another's write.
 * - `MERGE_FAILED`: a merge operator made no value of a key's operands; the message names both.
 * - `LIMIT`: more was asked for than a bound allows that the caller has set; the message names it.
 * - `CANCELLED`: the caller asked to stop.
 */
export type LsmErrorCode =
  | 'CORRUPTION'
  | 'IO'
  | 'INVALID_ARGUMENT'
  | 'NOT_SUPPORTED'
  | 'NOT_OPEN'
  | 'NOT_A_STORE'
  | 'LOCKED'
  | 'CONFLICT'
  | 'MERGE_FAILED'
  | 'LIMIT'
  | 'CANCELLED';

/** Where a fault was found and what lay behind it. */
export interface LsmErrorDetails {
  /** File name relative to the store's directory, or a path when it is outside of one. */
  readonly file?: string;
  /** Byte offset in `file` at which the fault begins. */
  readonly offset?: number;
  /** The operating system's code, e.g. `ENOENT`. */
  readonly systemCode?: string;
  readonly cause?: unknown;
}

/** A fault of the world, with a message of one line that tells a person what to do. */
export class LsmError extends Error {
  readonly code: LsmErrorCode;
  readonly file: string | undefined;
  readonly offset: number | undefined;
  readonly systemCode: string | undefined;

  constructor(code: LsmErrorCode, message: string, details: LsmErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'LsmError';
    this.code = code;
    this.file = details.file;
    this.offset = details.offset;
    this.systemCode = details.systemCode;
  }
}

/** A damaged place in a file: what was expected there, and where. */
export function corruption(message: string, file: string, offset: number): LsmError {
  return new LsmError('CORRUPTION', `${file} at byte ${offset}: ${message}`, { file, offset });
}

/** Any thrown value as an `LsmError`; foreign errors become `IO` with their message kept. */
export function toLsmError(thrown: unknown): LsmError {
  if (thrown instanceof LsmError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new LsmError('IO', message, { cause: thrown });
}

// The engine's faults in abstract-level's terms: an error whose `code` is one that programs of the
// Level ecosystem look for, with the engine's own behind it as its cause.

import { LsmError } from '../../base/errors.ts';
import type { LsmErrorCode } from '../../base/errors.ts';

/** As classic-level names them, where it has a name. */
const CODES: Readonly<Record<LsmErrorCode, string>> = {
  CORRUPTION: 'LEVEL_CORRUPTION',
  IO: 'LEVEL_IO_ERROR',
  INVALID_ARGUMENT: 'LEVEL_INVALID_ARGUMENT',
  NOT_SUPPORTED: 'LEVEL_NOT_SUPPORTED',
  NOT_OPEN: 'LEVEL_DATABASE_NOT_OPEN',
  NOT_A_STORE: 'LEVEL_NOT_A_STORE',
  LOCKED: 'LEVEL_LOCKED',
  CONFLICT: 'LEVEL_CONFLICT',
  CANCELLED: 'LEVEL_ABORTED',
  MERGE_FAILED: 'LEVEL_MERGE_FAILED',
  LIMIT: 'LEVEL_LIMIT',
};

/** A fault of an operation; `code` tells which. */
export class LevelError extends Error {
  readonly code: string;

  constructor(code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = code === 'LEVEL_ABORTED' ? 'AbortError' : 'LevelError';
    this.code = code;
  }
}

/** What was thrown, as a `LevelError` when it came from the engine. */
export function toLevelError(thrown: unknown): unknown {
  if (!(thrown instanceof LsmError)) return thrown;
  return new LevelError(CODES[thrown.code], thrown.message, thrown);
}

/** Does `action`; a fault of the engine is thrown as a `LevelError`. */
export function inLevelTerms<T>(action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    throw toLevelError(thrown);
  }
}

/** As `inLevelTerms`, for what settles later. */
export async function settleInLevelTerms<T>(settling: Promise<T>): Promise<T> {
  try {
    return await settling;
  } catch (thrown) {
    throw toLevelError(thrown);
  }
}

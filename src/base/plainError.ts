// Errors as plain data and back: they cross from thread to thread and to viewers.

import { AssertionError } from './assert.ts';
import type { LsmErrorCode } from './errors.ts';
import { LsmError } from './errors.ts';

/** An error as plain data. */
export interface PlainError {
  /** An `LsmErrorCode`, or `INTERNAL` for a mistake of ours. */
  readonly code: string;
  readonly message: string;
  /** File name, or empty. */
  readonly file: string;
  /** Byte offset in the file, or -1. */
  readonly offset: number;
}

const CODES: ReadonlySet<string> = new Set<LsmErrorCode>([
  'CORRUPTION',
  'IO',
  'INVALID_ARGUMENT',
  'NOT_SUPPORTED',
  'NOT_OPEN',
  'NOT_A_STORE',
  'LOCKED',
  'CONFLICT',
  'MERGE_FAILED',
  'LIMIT',
  'CANCELLED',
]);

/** Whatever was thrown, as plain data. */
export function plainError(thrown: unknown): PlainError {
  if (thrown instanceof LsmError) {
    const { code, message, file, offset } = thrown;
    return { code, message, file: file ?? '', offset: offset ?? -1 };
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const ours = thrown instanceof AssertionError || !isSystemError(thrown);
  return { code: ours ? 'INTERNAL' : 'IO', message, file: '', offset: -1 };
}

/** The error that plain data stand for; a mistake of ours comes back as a plain `Error`. */
export function errorFromPlain({ code, message, file, offset }: PlainError): Error {
  if (!CODES.has(code)) return new Error(message);
  return new LsmError(code as LsmErrorCode, message, {
    ...(file === '' ? {} : { file }),
    ...(offset === -1 ? {} : { offset }),
  });
}

/** Node puts the system's own code on errors of the operating system. */
function isSystemError(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && 'syscall' in thrown;
}

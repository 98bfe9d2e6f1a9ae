// What a disk may do instead of what it was asked for.

import { LsmError } from '../../../src/base/errors.ts';

/** Calls that a real disk may fail. */
export type DiskCall =
  | 'open'
  | 'create'
  | 'read'
  | 'write'
  | 'truncate'
  | 'sync'
  | 'syncDirectory'
  | 'rename'
  | 'link'
  | 'remove';

/** Another outcome than the one that was asked for. */
export type Fault =
  /** The system refuses. Of a write, `doneBytes` are on disk all the same. */
  | { readonly kind: 'refuse'; readonly systemCode: string; readonly doneBytes?: number }
  /** A read ends early, as if the file did. */
  | { readonly kind: 'short'; readonly bytes: number }
  /** A read gives a wrong bit, counted from the first one read. */
  | { readonly kind: 'flip'; readonly bit: number };

export function refusal(call: DiskCall, path: string, systemCode: string): LsmError {
  const message = `cannot ${call} ${path}: ${systemCode}`;
  return new LsmError('IO', message, { file: path, systemCode });
}

// The operating system's refusals in our words: what could not be done, why, and what to do about
// it.

import { LsmError } from '../base/errors.ts';

/** What a person can do, by the system's code. */
const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'permission denied; check who owns the directory and its mode',
  EPERM: 'not permitted; check who owns the directory and its mode',
  EBUSY: 'another program holds it; close that program and try again',
  EDQUOT: 'the disk quota is used up; free some space and open the store again',
  EEXIST: 'something of that name is there already',
  EFBIG: 'the file would be larger than the file system or a limit allows',
  EIO: 'the disk reported an error; check the disk, then open the store again',
  EISDIR: 'a directory stands there, not a file',
  ELOOP: 'a symbolic link stands there; links are not followed',
  EMFILE: 'too many files are open; raise the limit (ulimit -n) or close other stores',
  ENFILE: 'too many files are open on this machine',
  ENAMETOOLONG: 'the path is too long',
  ENOENT: 'no such file or directory',
  ENOSPC: 'the disk is full; free some space and open the store again',
  ENOTDIR: 'a file stands where a directory is needed',
  EROFS: 'the file system is read-only; open the store read-only or move it',
};

/** The system's code of a thrown value, e.g. `ENOENT`; `undefined` when it has none. */
export function systemCodeOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error)) return undefined;
  const code: unknown = (thrown as NodeJS.ErrnoException).code;
  return typeof code === 'string' ? code : undefined;
}

/**
 * An `IO` error from what a system call threw.
 * @param doing what failed, as in "cannot read".
 */
export function ioError(thrown: unknown, doing: string, path: string): LsmError {
  if (thrown instanceof LsmError) return thrown;
  const systemCode = systemCodeOf(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const why = (systemCode === undefined ? undefined : ADVICE[systemCode]) ?? message;
  const details = { file: path, cause: thrown };
  return new LsmError(
    'IO',
    `cannot ${doing} ${path}: ${why}`,
    systemCode === undefined ? details : { ...details, systemCode },
  );
}

/** Does `action`; what it throws becomes an `IO` error. */
export function withIoErrors<T>(doing: string, path: string, action: () => T): T {
  try {
    return action();
  } catch (thrown) {
    throw ioError(thrown, doing, path);
  }
}

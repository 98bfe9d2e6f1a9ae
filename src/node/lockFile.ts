// One process at a time: a lock file that says who holds it. Node has no lock of the operating
// system's own, so this one is made of operations that are atomic on every file system.
//
//   take     A record of who we are is written aside and given the lock's name by `link`, which
//            fails when the name is there: so nobody ever sees half a record, and only one wins.
//   release  The file is removed if the record in it is still ours.
//   stale    The holder is dead (processIdentity.ts). Several may notice at once. Each links its
//            own record to a claim, a name made of the dead holder's token: one wins. While it has
//            the claim, nobody else replaces that dead holder's lock; so it looks once more whether
//            the lock is still the dead one's, and renames its claim over it. A claim whose owner
//            died on the way is itself taken over in the same manner.
//
// The record is JSON: {"pid","host","boot","started","token"}. A power failure may leave a record
// that cannot be read; then the file's own identity serves as its token.

import { randomUUID } from 'node:crypto';
import {
  closeSync,
  linkSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { LsmError } from '../base/errors.ts';
import type { VfsLock } from '../base/vfs.ts';
import { ioError, systemCodeOf } from './ioErrors.ts';
import { livenessOf, ownIdentity } from './processIdentity.ts';
import type { ProcessIdentity } from './processIdentity.ts';

/** Tries before giving up while others take and release the lock under our eyes. */
const ATTEMPTS_MAX = 100;
/** Longer than any record; a larger file is none of ours. */
const RECORD_SIZE_MAX = 4096;

interface LockRecord extends ProcessIdentity {
  readonly token: string;
}

/** What stands under a lock's name; `record` is `undefined` when it cannot be read. */
interface Found {
  readonly token: string;
  readonly record: LockRecord | undefined;
}

/** A token that nobody else has. */
export function newLockToken(): string {
  return randomUUID();
}

/**
 * Takes the lock file at `path`.
 * @param token of the thread that takes it; stands in the file.
 * @throws LsmError `LOCKED` naming the holder, or `IO`.
 */
export function acquireLock(path: string, token: string): VfsLock {
  const own: LockRecord = { ...ownIdentity(), token };
  const aside = `${path}.${newLockToken()}.tmp`;
  try {
    writeFileSync(aside, `${JSON.stringify(own)}\n`, { flag: 'wx', mode: 0o644 });
    takeName(aside, path);
  } catch (thrown) {
    throw ioError(thrown, 'take the lock', path);
  } finally {
    rmSync(aside, { force: true });
  }
  return { release: () => releaseLockOf(path, token) };
}

/**
 * Releases the lock at `path` if `token` holds it; else does nothing. For the one who started a
 * thread with that token, after the thread has died.
 */
export function releaseLockOf(path: string, token: string): void {
  try {
    if (look(path)?.record?.token === token) rmSync(path, { force: true });
  } catch (thrown) {
    throw ioError(thrown, 'release the lock', path);
  }
}

/** Gives the record at `aside` the name `path`, taking that over from a dead holder if need be. */
function takeName(aside: string, path: string): void {
  for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
    if (linkExclusively(aside, path)) return;
    const found = look(path);
    if (found === undefined) continue;
    refuseIfHeld(path, found);
    const claim = `${path}.claim-${found.token}`;
    takeName(aside, claim);
    if (look(path)?.token === found.token) {
      renameSync(claim, path);
      return;
    }
    rmSync(claim, { force: true });
  }
  throw new LsmError('LOCKED', `${path} changes hands all the time; try again`, { file: path });
}

/** False when the name is taken. */
function linkExclusively(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (thrown) {
    const code = systemCodeOf(thrown);
    if (code === 'EEXIST') return false;
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'ENOSYS') {
      return copyExclusively(from, to);
    }
    throw thrown;
  }
}

/**
 * For file systems without hard links: the name is taken atomically, its content follows at once.
 */
function copyExclusively(from: string, to: string): boolean {
  const content = readFileSync(from);
  let descriptor: number;
  try {
    descriptor = openSync(to, 'wx', 0o644);
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'EEXIST') return false;
    throw thrown;
  }
  try {
    writeFileSync(descriptor, content);
  } finally {
    closeSync(descriptor);
  }
  return true;
}

function refuseIfHeld(path: string, found: Found): void {
  const { record } = found;
  if (record === undefined) return;
  const liveness = livenessOf(record);
  if (liveness === 'dead') return;
  let holder = `process ${record.pid}`;
  let advice = 'close the store there first';
  if (liveness === 'elsewhere') {
    holder = `process ${record.pid} on ${record.host}`;
    advice = `close the store there first; if that process is gone, delete ${path}`;
  } else if (record.pid === process.pid) {
    holder = `this process (${record.pid})`;
  }
  throw new LsmError('LOCKED', `the store is in use by ${holder}; ${advice}`, { file: path });
}

/** What stands under a name; `undefined` when nothing does. */
function look(path: string): Found | undefined {
  const found = lookOnce(path);
  if (found === undefined || found.record !== undefined) return found;
  // Where names cannot be linked, a record may be half written: give its writer time to finish.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 50);
  return lookOnce(path);
}

function lookOnce(path: string): Found | undefined {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  const unreadable = `unreadable-${stat.dev}-${stat.ino}-${Math.floor(stat.mtimeMs)}`;
  if (!stat.isFile()) {
    throw new LsmError('IO', `cannot take the lock ${path}: it is not a regular file`, {
      file: path,
    });
  }
  if (stat.size > RECORD_SIZE_MAX) return { token: unreadable, record: undefined };
  try {
    const record = parseRecord(readFileSync(path, 'utf8'));
    return { token: record?.token ?? unreadable, record };
  } catch (thrown) {
    if (systemCodeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

/**
 * The record in a lock file; `undefined` when the text is none, or names a token unfit for a path.
 */
function parseRecord(text: string): LockRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, host, boot, started, token } = value as Record<string, unknown>;
  const valid =
    typeof pid === 'number' &&
    Number.isInteger(pid) &&
    pid > 0 &&
    typeof host === 'string' &&
    typeof boot === 'string' &&
    typeof started === 'string' &&
    typeof token === 'string' &&
    /^[\w-]{1,64}$/.test(token);
  return valid ? { pid, host, boot, started, token } : undefined;
}

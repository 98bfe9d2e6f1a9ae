// Files that are to stand at a second place: under a second name where the file system can do that,
// otherwise copied byte by byte.

import { LsmError } from '../../base/errors.ts';
import type { Environment } from '../../base/environment.ts';
import type { Vfs, VfsFile } from '../../base/vfs.ts';

/** Bytes copied between two turns of the event loop. */
const SLICE_BYTES = 256 * 1024;

/** What the system says when a file cannot have a second name there, though it can be copied. */
const CANNOT_LINK: ReadonlySet<string | undefined> = new Set([
  'EXDEV',
  'EPERM',
  'EMLINK',
  'ENOSYS',
  'ENOTSUP',
  'EOPNOTSUPP',
]);

/**
 * Gives a durable file that never changes a second place, which must be free. The name needs its
 * directory's sync.
 * @returns bytes copied; 0 when a link did.
 * @throws LsmError `IO`.
 */
export async function linkOrCopy(
  environment: Environment,
  from: string,
  to: string,
): Promise<number> {
  const { vfs } = environment;
  try {
    vfs.link(from, to);
    return 0;
  } catch (thrown) {
    if (!(thrown instanceof LsmError) || !CANNOT_LINK.has(thrown.systemCode)) throw thrown;
  }
  const source = vfs.open(from, 'read');
  try {
    return await copyContent(environment, source, to, source.sizeBytes());
  } finally {
    source.close();
  }
}

/**
 * Copies the first `sizeBytes` of an open file into a new one and makes them durable; the name
 * needs its directory's sync. What a failure leaves is taken away.
 * @returns bytes copied.
 * @throws LsmError `IO`, also when the source is shorter.
 */
export async function copyContent(
  { vfs, scheduler }: Environment,
  source: VfsFile,
  to: string,
  sizeBytes: number,
): Promise<number> {
  const target = vfs.open(to, 'create');
  const buffer = new Uint8Array(Math.min(SLICE_BYTES, sizeBytes));
  try {
    for (let position = 0; position < sizeBytes;) {
      const wanted = Math.min(buffer.length, sizeBytes - position);
      const length = source.read(buffer, 0, wanted, position);
      if (length === 0) {
        const message = `${source.path} ends at byte ${position}, before ${sizeBytes}`;
        throw new LsmError('IO', message, { file: source.path, offset: position });
      }
      target.write(buffer, 0, length, position);
      position += length;
      await scheduler.turn();
    }
    await target.sync();
  } catch (thrown) {
    target.close();
    removeQuietly(vfs, to);
    throw thrown;
  }
  target.close();
  return sizeBytes;
}

/** Takes away a file, if it is there, that nobody reads; one that stays only wastes space. */
export function removeQuietly(vfs: Vfs, path: string): void {
  try {
    if (vfs.stat(path) !== undefined) vfs.remove(path);
  } catch (thrown) {
    if (!(thrown instanceof LsmError)) throw thrown;
  }
}

// CURRENT says which manifest counts: its name and a newline, nothing else.
//
// It is replaced whole: written aside and synced, renamed over the old one, the directory synced.
// So a crash leaves the old one or the new one, and the manifest that either names is durable
// before.

import { decodeUtf8, encodeUtf8 } from '../../base/bytes.ts';
import { corruption } from '../../base/errors.ts';
import type { Vfs } from '../../base/vfs.ts';
import type { FileNumber } from '../../protocol/events.ts';
import {
  CURRENT_FILE_NAME,
  manifestFileName,
  parseFileName,
  temporaryFileName,
} from '../fileNames.ts';

/** Longer than any manifest's name. */
const SIZE_MAX = 64;

/** Makes `manifest`, which is durable, the one that counts. */
export async function writeCurrent(
  vfs: Vfs,
  directory: string,
  manifest: FileNumber,
): Promise<void> {
  const aside = vfs.join(directory, temporaryFileName(manifest));
  const content = encodeUtf8(`${manifestFileName(manifest)}\n`);
  const file = vfs.open(aside, 'create');
  try {
    file.write(content, 0, content.length, 0);
    await file.sync();
  } finally {
    file.close();
  }
  vfs.rename(aside, vfs.join(directory, CURRENT_FILE_NAME));
  await vfs.syncDirectory(directory);
}

/**
 * The number of the manifest that counts.
 * @throws LsmError `CORRUPTION` when the file says anything else than a manifest's name, or `IO`.
 */
export function readCurrent(vfs: Vfs, directory: string): FileNumber {
  const path = vfs.join(directory, CURRENT_FILE_NAME);
  if (vfs.stat(path) === undefined) {
    const advice = 'a copy or checkpoint was not finished, or it was lost; see "lsm-lens repair"';
    throw corruption(`it is missing: ${advice}`, CURRENT_FILE_NAME, 0);
  }
  const file = vfs.open(path, 'read');
  try {
    const sizeBytes = file.sizeBytes();
    const content = new Uint8Array(Math.min(sizeBytes, SIZE_MAX));
    const length = file.read(content, 0, content.length, 0);
    const text = decodeUtf8(content.subarray(0, length));
    const named = text.endsWith('\n') ? parseFileName(text.slice(0, -1)) : undefined;
    if (sizeBytes > SIZE_MAX || named?.kind !== 'manifest') {
      throw corruption('it must name a manifest and end with a newline', CURRENT_FILE_NAME, 0);
    }
    return named.number;
  } finally {
    file.close();
  }
}

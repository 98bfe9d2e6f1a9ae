// Everything about a directory that could change: names, contents, sizes, times and modes.

import { createHash } from 'node:crypto';
import { lstat, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * One line for each entry below `directory`, itself included; equal prints mean nothing was
 * touched.
 */
export async function directoryPrint(directory: string): Promise<readonly string[]> {
  const names = ['', ...(await readdir(directory, { recursive: true })).toSorted()];
  return Promise.all(names.map((name) => entryPrint(directory, name)));
}

async function entryPrint(directory: string, name: string): Promise<string> {
  const full = path.join(directory, name);
  const { size, mtimeMs, ctimeMs, mode } = await lstat(full);
  const figures = `${mode.toString(8)} modified ${mtimeMs} changed ${ctimeMs}`;
  if ((mode & 0o170_000) !== 0o100_000) return `${name} ${figures}`;
  const digest = createHash('sha256')
    .update(await readFile(full))
    .digest('hex');
  return `${name} ${size} bytes ${digest} ${figures}`;
}

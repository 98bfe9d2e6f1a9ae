// Pebble names the manifest that counts, and the version of the store's format, by empty files
// (vfs/atomicfs): `marker.NAME.nnnnnn.VALUE`. Of several the one with the greatest number counts.
// Stores from before have RocksDB's CURRENT as well.

import { LsmError } from '../../base/errors.ts';
import type { ForeignDirectory } from '../foreignDirectory.ts';

const MARKER = /^marker\.([a-z-]+)\.(\d{1,16})\.(.+)$/;
const MANIFEST = /^MANIFEST-(\d{1,16})$/;
const CURRENT_BYTES_MAX = 1024;

/** The value of a marker; `undefined` when it is not set. */
export function markerValue(names: readonly string[], marker: string): string | undefined {
  let newest: { readonly number: number; readonly value: string } | undefined;
  for (const name of names) {
    const [, found, digits, value = ''] = MARKER.exec(name) ?? [];
    if (found !== marker || Number(digits) < (newest?.number ?? -1)) continue;
    newest = { number: Number(digits), value };
  }
  return newest?.value;
}

/** The manifest that the markers name, or else CURRENT; empty when that is not there. */
export function markedManifest(directory: ForeignDirectory): string {
  const names = directory.names();
  const current = directory.readStart('CURRENT', CURRENT_BYTES_MAX).trimEnd();
  const named = markerValue(names, 'manifest') ?? current;
  return MANIFEST.test(named) && names.includes(named) ? named : '';
}

/** The same, or else the newest manifest. @throws LsmError `NOT_A_STORE` when there is none. */
export function manifestOf(
  directory: ForeignDirectory,
  report: (manifest: string) => void,
): string {
  const marked = markedManifest(directory);
  if (marked !== '') return marked;
  const all = directory.names().filter((name) => MANIFEST.test(name));
  const newest = all
    .toSorted((left, right) => left.length - right.length || cmp(left, right))
    .at(-1);
  if (newest === undefined) {
    const message = `${directory.path} has no manifest: it is no store of Pebble's`;
    throw new LsmError('NOT_A_STORE', message, { file: directory.path });
  }
  report(newest);
  return newest;
}

function cmp(left: string, right: string): number {
  return left < right ? -1 : 1;
}

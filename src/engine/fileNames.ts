// The names of a store's files. One counter numbers tables, logs and manifests alike, so a number
// names one file for ever.
//
//   CURRENT           text: the manifest's name and a newline
//   LOCK              held by the process that writes
//   MANIFEST-000001   the list of changes to the set of tables
//   000007.log        a segment of the write-ahead log
//   000009.sst        a table
//   000012.tmp        a file being written aside, to be renamed

import type { FileNumber } from '../protocol/events.ts';

export const CURRENT_FILE_NAME = 'CURRENT';
export const LOCK_FILE_NAME = 'LOCK';

/** What a name in a store's directory says the file is. */
export interface StoreFile {
  readonly kind: 'current' | 'lock' | 'manifest' | 'log' | 'table' | 'temporary';
  /** 0 for `CURRENT` and `LOCK`. */
  readonly number: FileNumber;
}

const KIND_OF_SUFFIX: Readonly<Record<string, StoreFile['kind']>> = {
  log: 'log',
  sst: 'table',
  tmp: 'temporary',
};

/** At least six digits, so that names sort by number for the first million files. */
function padded(file: FileNumber): string {
  return String(file).padStart(6, '0');
}

export function manifestFileName(file: FileNumber): string {
  return `MANIFEST-${padded(file)}`;
}

export function logFileName(file: FileNumber): string {
  return `${padded(file)}.log`;
}

export function tableFileName(file: FileNumber): string {
  return `${padded(file)}.sst`;
}

export function temporaryFileName(file: FileNumber): string {
  return `${padded(file)}.tmp`;
}

/** What a file name says, or `undefined` when no file of ours is called so. */
export function parseFileName(name: string): StoreFile | undefined {
  if (name === CURRENT_FILE_NAME) return { kind: 'current', number: 0 };
  if (name === LOCK_FILE_NAME) return { kind: 'lock', number: 0 };
  const match = /^(?:MANIFEST-(\d{6,15})|(\d{6,15})\.(log|sst|tmp))$/.exec(name);
  if (match === null) return undefined;
  const file = Number(match[1] ?? match[2]);
  const kind = match[1] === undefined ? KIND_OF_SUFFIX[match[3]!]! : 'manifest';
  // A longer spelling of the same number would let two names stand for one file.
  return padded(file) === (match[1] ?? match[2]) ? { kind, number: file } : undefined;
}

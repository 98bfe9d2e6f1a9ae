// The files of a store's directory against what its manifest says: what must be there and is not,
// what is there and should not be, what an interrupted job left, and what is not ours to judge.

import { corruption } from '../../base/errors.ts';
import type { Vfs } from '../../base/vfs.ts';
import type { FileNumber, TableInfo } from '../../protocol/events.ts';
import type { EngineState } from '../engineState.ts';
import { LOCK_FILE_NAME, parseFileName } from '../fileNames.ts';
import type { StoreFile } from '../fileNames.ts';
import { deleteFile, recycleOrDelete } from '../jobs/obsoleteFiles.ts';
import { FileWindow } from '../log/fileWindow.ts';
import { LOG_HEADER_SIZE } from '../log/logFormat.ts';
import { faultAt } from '../log/recordCheck.ts';
import type { StoreRecord } from '../manifest/storeRecord.ts';
import { tablesOf } from '../manifest/version.ts';
import { readFooter } from '../table/footer.ts';

/** A name in the directory as it was found before the manifest was read. */
export interface FoundFile {
  readonly name: string;
  /** `undefined` when the name, or what stands there, is none of ours. */
  readonly file: StoreFile | undefined;
  readonly sizeBytes: number;
}

/** Lists the directory. The lock's files and names that begin with a dot are left out. */
export function findFiles(vfs: Vfs, directory: string): FoundFile[] {
  const names = vfs
    .list(directory)
    .filter((name) => !name.startsWith('.') && !name.startsWith(LOCK_FILE_NAME));
  return names.flatMap((name) => {
    const stat = vfs.stat(vfs.join(directory, name));
    if (stat === undefined) return [];
    const file = stat.kind === 'file' ? parseFileName(name) : undefined;
    return [{ name, file, sizeBytes: stat.sizeBytes }];
  });
}

/** The number after the greatest that any file has. */
export function numberAfterAll(files: readonly FoundFile[]): FileNumber {
  return files.reduce((next, { file }) => Math.max(next, (file?.number ?? 0) + 1), 1);
}

/**
 * Checks that every table the manifest names is there, has its size and ends as a table of a format
 * that this version reads. What lies before the end is checked when it is read.
 * @throws LsmError `CORRUPTION`, `NOT_SUPPORTED`, `IO`.
 */
export function checkTables(vfs: Vfs, directory: string, record: StoreRecord): void {
  for (const table of tablesOf(record.version)) checkTable(vfs, directory, table);
}

function checkTable(vfs: Vfs, directory: string, table: TableInfo): void {
  const { name, sizeBytes } = table;
  const path = vfs.join(directory, name);
  const stat = vfs.stat(path);
  if (stat === undefined) {
    throw corruption('the manifest names it, but it is missing; restore it from a backup', name, 0);
  }
  if (stat.sizeBytes !== sizeBytes) {
    const end = Math.min(stat.sizeBytes, sizeBytes);
    throw corruption(`it has ${stat.sizeBytes} bytes, the manifest says ${sizeBytes}`, name, end);
  }
  const file = vfs.open(path, 'read');
  try {
    readFooter(file, name);
  } finally {
    file.close();
  }
}

/**
 * A segment takes its first record only after the manifest knows it: one with records that the
 * manifest does not know means that the manifest has lost its end. Records that an earlier log left
 * in a file used again are not its own.
 * @param files found before the manifest was read.
 * @throws LsmError `CORRUPTION`, `IO`.
 */
export function checkLogs(
  vfs: Vfs,
  directory: string,
  files: readonly FoundFile[],
  record: StoreRecord,
): void {
  const oldest = record.logs[0] ?? record.nextFile;
  for (const { name, file, sizeBytes } of files) {
    if (file?.kind !== 'log' || record.logs.includes(file.number)) continue;
    if (file.number < oldest || sizeBytes <= LOG_HEADER_SIZE) continue;
    if (!beginsWithRecord(vfs, vfs.join(directory, name), file.number)) continue;
    throw corruption('it holds writes, but the manifest does not know it', name, LOG_HEADER_SIZE);
  }
}

function beginsWithRecord(vfs: Vfs, path: string, log: FileNumber): boolean {
  const file = vfs.open(path, 'read');
  try {
    return faultAt(new FileWindow(file), LOG_HEADER_SIZE, log) === undefined;
  } finally {
    file.close();
  }
}

/** Notes files that are none of ours among the store's problems; they are left where they are. */
export function reportUnknownFiles(state: EngineState, files: readonly FoundFile[]): void {
  for (const { name, file } of files) {
    if (file !== undefined) continue;
    const message = `${name} is no file of this store; it was left where it is`;
    state.report({ code: 'UNKNOWN_FILE', message, file: name, offset: -1 });
  }
}

/**
 * Takes away what an interrupted job or rotation left.
 * @param manifest number of the one that counts.
 */
export function removeOrphans(
  state: EngineState,
  files: readonly FoundFile[],
  manifest: FileNumber,
): void {
  const { versions } = state;
  const tables = new Set([...tablesOf(versions.current)].map((table) => table.file));
  const logs = new Set(versions.logs);
  for (const { name, file } of files) {
    if (file === undefined) continue;
    const orphan =
      (file.kind === 'table' && !tables.has(file.number)) ||
      (file.kind === 'manifest' && file.number !== manifest) ||
      file.kind === 'temporary';
    if (orphan) deleteFile(state, name);
    else if (file.kind === 'log' && !logs.has(file.number)) recycleOrDelete(state, file.number);
  }
}

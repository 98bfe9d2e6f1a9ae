// What a damaged store still says of itself: its files, and the newest manifest that can be read,
// as far as it can. Content never makes it throw.

import { LsmError } from '../../base/errors.ts';
import type { Vfs } from '../../base/vfs.ts';
import type { FileNumber, TableInfo } from '../../protocol/events.ts';
import { CURRENT_FILE_NAME, manifestFileName } from '../fileNames.ts';
import type { StoreFile } from '../fileNames.ts';
import { readCurrent } from '../manifest/currentFile.ts';
import { readManifest } from '../manifest/manifestLog.ts';
import { emptyRecord } from '../manifest/storeRecord.ts';
import type { StoreRecord } from '../manifest/storeRecord.ts';
import { tablesOfLevel } from '../manifest/version.ts';
import { findFiles } from '../open/storeFiles.ts';
import type { RepairedFile } from './repairReport.ts';

/** A file of the damaged store. */
export interface DamagedFile {
  readonly name: string;
  readonly number: FileNumber;
  readonly kind: StoreFile['kind'];
  readonly sizeBytes: number;
}

/** A table as the manifest names it. */
export interface NamedTable {
  /** An ingested table does not say it itself. */
  readonly family: number;
  readonly table: TableInfo;
}

/** Everything known before tables and logs are read. */
export interface DamagedStore {
  readonly files: readonly DamagedFile[];
  /** As far as a manifest could be read. */
  readonly record: StoreRecord;
  /** The manifest was read to its end: what it does not name is no part of the store. */
  readonly isComplete: boolean;
  /** Tables that it names. */
  readonly tables: ReadonlyMap<FileNumber, NamedTable>;
  /** What is wrong with CURRENT and the manifests. */
  readonly reports: readonly RepairedFile[];
}

/** @throws LsmError `IO` when the directory cannot be listed. */
export function surveyStore(vfs: Vfs, directory: string): DamagedStore {
  const files = findFiles(vfs, directory).flatMap(({ name, file, sizeBytes }): DamagedFile[] =>
    file === undefined ? [] : [{ name, ...file, sizeBytes }],
  );
  const reports: RepairedFile[] = [];
  const note = (name: string, detail: string): void =>
    void reports.push({ name, verdict: 'lost', entries: 0, detail });
  let record = emptyRecord();
  let isComplete = false;
  const candidates = manifestsToTry(vfs, directory, files, note);
  if (candidates.length === 0) note(manifestFileName(0), 'there is no manifest at all');
  for (const number of candidates) {
    try {
      ({ record } = readManifest(vfs, directory, number, (_edit, after) => {
        record = after;
      }));
      isComplete = true;
      break;
    } catch (thrown) {
      note(manifestFileName(number), messageOf(thrown));
      // Its beginning says more than an older one would.
      if (record.nextFile > 1) break;
    }
  }
  const tables = new Map(
    record.version.families.flatMap(({ family, levels }) =>
      levels
        .flatMap(tablesOfLevel)
        .map((table): [FileNumber, NamedTable] => [table.file, { family, table }]),
    ),
  );
  return { files, record, isComplete, tables, reports };
}

/** The one that CURRENT names first, then the others, newest first. */
function manifestsToTry(
  vfs: Vfs,
  directory: string,
  files: readonly DamagedFile[],
  note: (name: string, detail: string) => void,
): FileNumber[] {
  const manifests = files.filter(({ kind }) => kind === 'manifest').map(({ number }) => number);
  manifests.sort((left, right) => right - left);
  try {
    const current = readCurrent(vfs, directory);
    return [current, ...manifests.filter((number) => number !== current)];
  } catch (thrown) {
    note(CURRENT_FILE_NAME, messageOf(thrown));
    return manifests;
  }
}

/** What the world's bytes made somebody throw; anything else is our own mistake. */
export function messageOf(thrown: unknown): string {
  if (thrown instanceof LsmError) return thrown.message;
  throw thrown;
}

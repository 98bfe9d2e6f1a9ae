// What the manifest says about a store after any number of edits: the sum of them.

import type { FileNumber, SequenceNumber } from '../../protocol/events.ts';
import { COMPARATOR_NAME } from '../internalKey.ts';
import type { FamilyOptions } from '../options.ts';
import { familiesAfter, firstFamilies, wholeFamilies } from './familyRecord.ts';
import type { FamilyRecords } from './familyRecord.ts';
import { applyEdit, emptyVersion } from './version.ts';
import type { Version } from './version.ts';
import { EMPTY_EDIT } from './versionEdit.ts';
import type { EditCursor, VersionEdit } from './versionEdit.ts';

/** A store as its manifest has it. Immutable. */
export interface StoreRecord extends FamilyRecords {
  readonly comparator: string;
  readonly version: Version;
  /** Log segments that hold what no table holds yet, ascending. All of them exist. */
  readonly logs: readonly FileNumber[];
  /** Segments up to this one were ended: they may not lack their end. */
  readonly endedLog: FileNumber;
  /** No file has this number or a greater one. */
  readonly nextFile: FileNumber;
  /** At least every sequence number in tables. */
  readonly lastSequence: SequenceNumber;
  /** At most one for each family and level. */
  readonly cursors: readonly EditCursor[];
}

/**
 * A store before its first edit.
 * @param options chosen for its default family.
 */
export function emptyRecord(options: FamilyOptions = {}): StoreRecord {
  return {
    ...firstFamilies(options),
    comparator: COMPARATOR_NAME,
    version: emptyVersion(),
    logs: [],
    endedLog: 0,
    nextFile: 1,
    lastSequence: 0,
    cursors: [],
  };
}

/**
 * The store after one more edit.
 * @throws EditMismatch when the edit does not fit.
 */
export function afterEdit(record: StoreRecord, edit: VersionEdit): StoreRecord {
  const oldestLog = edit.oldestLog ?? 0;
  const families = familiesAfter(record, edit);
  return {
    ...families,
    comparator: edit.comparator ?? record.comparator,
    version: applyEdit(record.version, edit),
    logs: [...record.logs, ...edit.addedLogs].filter((log) => log >= oldestLog),
    endedLog: Math.max(record.endedLog, edit.endedLog ?? 0),
    nextFile: Math.max(record.nextFile, edit.nextFile ?? 0),
    lastSequence: Math.max(record.lastSequence, edit.lastSequence ?? 0),
    cursors: cursorsAfter(record.cursors, edit),
  };
}

function cursorsAfter(before: readonly EditCursor[], edit: VersionEdit): readonly EditCursor[] {
  const { cursors: moved, droppedFamilies } = edit;
  if (moved.length === 0 && droppedFamilies.length === 0) return before;
  const stays = ({ family, level }: EditCursor): boolean =>
    !droppedFamilies.includes(family) &&
    !moved.some((other) => other.family === family && other.level === level);
  return [...before.filter(stays), ...moved];
}

/** The one edit that says all of it: the first record of a new manifest. */
export function wholeEdit(record: StoreRecord): VersionEdit {
  const added = record.version.families.flatMap(({ family, levels }) =>
    levels.flatMap(({ level, runs }) =>
      runs.flatMap((run) => run.tables.map((table) => ({ family, level, table }))),
    ),
  );
  return {
    ...EMPTY_EDIT,
    ...wholeFamilies(record),
    comparator: record.comparator,
    addedLogs: record.logs,
    endedLog: record.endedLog,
    nextFile: record.nextFile,
    lastSequence: record.lastSequence,
    added,
    cursors: record.cursors,
  };
}

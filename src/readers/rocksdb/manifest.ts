// A RocksDB manifest, record by record: which families there are, and which tables stand in which
// level of each. A manifest begins with the store as it was, family by family, and goes on with
// what changed; the first edit that names the next file number is the first change.

import type { FileNumber } from '../../protocol/events.ts';
import type { EditSource, ReadEdit } from '../manifestFile.ts';
import { hasTimestamps } from '../keyOrder.ts';
import type { ProblemList } from '../problems.ts';
import { internalWithoutTime } from '../sst/timestamps.ts';
import type { Dialect } from './dialect.ts';
import type { RocksdbTable } from './newFile.ts';
import type { BlobFileInfo, RocksdbEdit } from './versionEdit.ts';

/** One column family as the manifest has it by now. */
export interface FamilyVersion {
  readonly id: number;
  readonly name: string;
  comparator: string;
  /** Logs below this hold nothing that is not in its tables. */
  logNumber: number;
  timestampsPersisted: boolean;
  /** Tables of each level by their number. */
  readonly levels: Map<FileNumber, RocksdbTable>[];
  /** Bytes of each level's tables. */
  readonly levelBytes: number[];
  readonly blobFiles: Map<FileNumber, BlobFileInfo>;
}

/** One edit, applied. */
export interface ManifestRecord {
  readonly edit: RocksdbEdit;
  /** Where the manifest's records ended after it, bytes. */
  readonly sizeBytes: number;
  /** It tells of the store as it was when the manifest was begun. */
  readonly isSnapshot: boolean;
  /** What it is of; the dropped one when it was dropped. `undefined` for an unknown one. */
  readonly family: FamilyVersion | undefined;
}

/** Replays one manifest. */
export class RocksdbManifest {
  readonly name: string;
  readonly families: Map<number, FamilyVersion> = new Map();
  nextFile = 0;
  lastSequence = 0;
  /** Logs below are needed by no family; families' own numbers say more. */
  minLogToKeep = 0;
  databaseId = '';
  edits = 0;
  sizeBytes = 0;
  private isSnapshot = true;
  /** Edits of a group that is not whole yet. */
  private group: ReadEdit<RocksdbEdit>[] = [];
  private readonly applied: ManifestRecord[] = [];
  private readonly source: EditSource<RocksdbEdit>;
  private readonly problems: ProblemList;
  private readonly sublevelsOf: Dialect['sublevelsOf'];

  /** @param problems takes what the edits cannot mean. */
  constructor(
    name: string,
    source: EditSource<RocksdbEdit>,
    problems: ProblemList,
    sublevelsOf: Dialect['sublevelsOf'],
  ) {
    this.sublevelsOf = sublevelsOf;
    this.name = name;
    this.source = source;
    this.problems = problems;
    this.families.set(0, newFamily(0, 'default'));
  }

  /**
   * The next edit; `undefined` when there is none yet. Edits of a group are given when all of them
   * are there.
   */
  next(): ManifestRecord | undefined {
    for (;;) {
      const ready = this.applied.shift();
      if (ready !== undefined) return ready;
      const read = this.source.next();
      if (read === undefined) return undefined;
      this.take(read);
    }
  }

  /** Takes in all that is there. */
  readOn(): void {
    while (this.next() !== undefined);
  }

  /** Lists that it ends inside of a group, if it does. */
  reportTorn(): void {
    const first = this.group[0];
    if (first === undefined) return;
    const message = 'the manifest ends inside of a group of changes, of which none counts';
    this.problems.add('CORRUPTION', this.name, first.offset, message);
  }

  /** Logs below are needed by nobody. */
  get oldestLog(): FileNumber {
    const needed = [...this.families.values()].map(({ logNumber }) => logNumber);
    const oldest = Math.min(...needed);
    return this.minLogToKeep === 0 ? oldest : Math.min(oldest, this.minLogToKeep);
  }

  /** The table, its level and family. */
  find(
    file: FileNumber,
  ): { readonly family: FamilyVersion; level: number; table: RocksdbTable } | undefined {
    for (const family of this.families.values()) {
      for (const [level, tables] of family.levels.entries()) {
        const table = tables.get(file);
        if (table !== undefined) return { family, level, table };
      }
    }
    return undefined;
  }

  private take(read: ReadEdit<RocksdbEdit>): void {
    const { edit, offset, endOffset } = read;
    for (const fault of edit.notUnderstood) {
      this.problems.add(fault.code, this.name, offset, fault.message);
    }
    if (edit.leftInGroup !== undefined) {
      this.group.push(read);
      if (edit.leftInGroup > 0) return;
      for (const each of this.group.splice(0)) this.apply({ ...each, endOffset });
      return;
    }
    this.apply(read);
  }

  private apply({ edit, offset, endOffset }: ReadEdit<RocksdbEdit>): void {
    this.edits++;
    this.sizeBytes = endOffset;
    if (edit.nextFile !== undefined) this.isSnapshot = false;
    this.nextFile = edit.nextFile ?? this.nextFile;
    this.lastSequence = Math.max(this.lastSequence, edit.lastSequence ?? 0);
    this.databaseId = edit.databaseId ?? this.databaseId;
    const minLog = Math.max(...edit.added.map(({ table }) => table.minLogToKeep), 0);
    this.minLogToKeep = Math.max(this.minLogToKeep, edit.minLogToKeep ?? 0, minLog);
    const family = this.familyOf(edit);
    if (family !== undefined) this.applyTo(family, edit, offset);
    const { sizeBytes, isSnapshot } = this;
    this.applied.push({ edit, sizeBytes, isSnapshot, family });
  }

  private familyOf({ family, familyAdded, familyDropped }: RocksdbEdit): FamilyVersion | undefined {
    if (familyAdded !== undefined && !this.families.has(family)) {
      this.families.set(family, newFamily(family, familyAdded));
    }
    const found = this.families.get(family);
    if (familyDropped) this.families.delete(family);
    return found;
  }

  private applyTo(family: FamilyVersion, edit: RocksdbEdit, offset: number): void {
    family.comparator = edit.comparator ?? family.comparator;
    family.logNumber = Math.max(family.logNumber, edit.logNumber ?? 0);
    family.timestampsPersisted = edit.timestampsPersisted ?? family.timestampsPersisted;
    for (const { level, number } of edit.removed) {
      if (remove(family, level, number)) continue;
      const message = `table ${number} is removed from level ${level} but is not there`;
      this.problems.add('CORRUPTION', this.name, offset, message);
    }
    for (const { level, table } of edit.added) add(family, level, withBounds(table, family));
    const changes = [...edit.added, ...edit.removed];
    if (changes.some(({ level }) => level === 0)) this.divideTop(family);
    for (const blobFile of edit.blobFiles) family.blobFiles.set(blobFile.number, blobFile);
    for (const { number, blobs, blobBytes } of edit.blobGarbage) {
      const known = family.blobFiles.get(number);
      if (known === undefined) continue;
      const left = { number, blobs: known.blobs - blobs, blobBytes: known.blobBytes - blobBytes };
      if (left.blobs > 0) family.blobFiles.set(number, left);
      else family.blobFiles.delete(number);
    }
  }

  /** Puts each table of level 0 into its sublevel. */
  private divideTop({ levels, comparator }: FamilyVersion): void {
    const top = levels[0]!;
    const sublevels = this.sublevelsOf?.(top.values(), comparator);
    if (sublevels === undefined) return;
    for (const [file, table] of top) {
      const sublevel = sublevels.get(file)!;
      if (table.sublevel !== sublevel) top.set(file, { ...table, sublevel });
    }
  }
}

function newFamily(id: number, name: string): FamilyVersion {
  return {
    id,
    name,
    comparator: 'leveldb.BytewiseComparator',
    logNumber: 0,
    timestampsPersisted: true,
    levels: [],
    levelBytes: [],
    blobFiles: new Map(),
  };
}

/** Bounds are compared with keys that have times: those that lack them get the time 0. */
function withBounds(table: RocksdbTable, { comparator }: FamilyVersion): RocksdbTable {
  if (table.lacksTimes !== true || !hasTimestamps(comparator)) return table;
  const { smallest, largest } = table;
  return {
    ...table,
    smallest: internalWithoutTime(smallest),
    largest: internalWithoutTime(largest),
  };
}

function add(family: FamilyVersion, level: number, table: RocksdbTable): void {
  remove(family, level, table.number);
  family.levels[level]!.set(table.number, table);
  family.levelBytes[level]! += table.sizeBytes;
}

/** False when it is not there. */
function remove({ levels, levelBytes }: FamilyVersion, level: number, file: FileNumber): boolean {
  while (levels.length <= level) {
    levels.push(new Map());
    levelBytes.push(0);
  }
  const tables = levels[level]!;
  levelBytes[level]! -= tables.get(file)?.sizeBytes ?? 0;
  return tables.delete(file);
}

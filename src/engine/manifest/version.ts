// A version: which tables make up the store at one moment. Immutable; an edit makes the next one
// and shares every level that it does not touch.
//
//   version → families → levels 0 … n → runs, newest first → tables, ascending and never
//   overlapping
//
// A read asks level 0 first, and within a level the newest run first; in each run at most one table
// can hold the key. Whatever an earlier place holds for a key is newer than what a later one does.

import { compareBytes } from '../../base/bytes.ts';
import type { TableInfo } from '../../protocol/events.ts';
import type { VersionEdit } from './versionEdit.ts';

/** Tables of one level that never overlap, ascending by key. */
export interface Run {
  readonly run: number;
  readonly tables: readonly TableInfo[];
}

/** One level: its runs, newest first. */
export interface Level {
  readonly level: number;
  readonly runs: readonly Run[];
  readonly tableCount: number;
  readonly sizeBytes: number;
  /** Of all its tables; 0 lets readers pass by. */
  readonly rangeDeletes: number;
}

/** The tables of one column family. */
export interface FamilyVersion {
  readonly family: number;
  readonly levels: readonly Level[];
}

/** The whole store. */
export interface Version {
  readonly families: readonly FamilyVersion[];
}

/**
 * Thrown when an edit does not fit the version before it: a damaged manifest, or our own mistake.
 */
export class EditMismatch extends Error {
  override name = 'EditMismatch';
}

/** The version of a new store: the default family, empty. */
export function emptyVersion(): Version {
  return { families: [emptyFamily(0)] };
}

/** A family without tables. */
export function emptyFamily(family: number): FamilyVersion {
  return { family, levels: [emptyLevel(0)] };
}

/** The family with at least so many levels; those it has no table in are empty. */
export function withLevels(version: FamilyVersion, levelCount: number): FamilyVersion {
  if (version.levels.length >= levelCount) return version;
  const levels = [...version.levels];
  while (levels.length < levelCount) levels.push(emptyLevel(levels.length));
  return { ...version, levels };
}

function emptyLevel(level: number): Level {
  return { level, runs: [], tableCount: 0, sizeBytes: 0, rangeDeletes: 0 };
}

/** The family's tables; every version holds family 0. */
export function familyOf(version: Version, family: number): FamilyVersion {
  // A loop, not a closure: every get and every write comes this way.
  for (const candidate of version.families) {
    if (candidate.family === family) return candidate;
  }
  throw new EditMismatch(`there is no column family ${family}`);
}

/**
 * The version after `edit`.
 * @throws EditMismatch when the edit names a family or removes a table that is not there, adds one
 * twice, or makes two tables of a run overlap.
 */
export function applyEdit(version: Version, edit: VersionEdit): Version {
  const { added, removed, createdFamilies, droppedFamilies } = edit;
  const changes = [added, removed, createdFamilies, droppedFamilies];
  if (changes.every((list) => list.length === 0)) return version;
  const families = [...version.families, ...createdFamilies.map(({ id }) => emptyFamily(id))];
  for (const { family } of [...added, ...removed]) familyOf({ families }, family);
  return {
    families: families
      .map((family) => applyToFamily(family, edit))
      .filter(({ family }) => !droppedFamilies.includes(family)),
  };
}

function applyToFamily(family: FamilyVersion, edit: VersionEdit): FamilyVersion {
  const added = edit.added.filter((place) => place.family === family.family);
  const removed = edit.removed.filter((place) => place.family === family.family);
  if (added.length === 0 && removed.length === 0) return family;
  const levels = [...family.levels];
  for (const { level } of added) {
    while (levels.length <= level) levels.push(emptyLevel(levels.length));
  }
  for (const level of new Set([...added, ...removed].map((place) => place.level))) {
    const before = levels[level];
    if (before === undefined) throw new EditMismatch(`there is no level ${level}`);
    levels[level] = applyToLevel(
      before,
      added.filter((place) => place.level === level).map((place) => place.table),
      new Set(removed.filter((place) => place.level === level).map((place) => place.file)),
    );
  }
  return { family: family.family, levels };
}

function applyToLevel(
  before: Level,
  added: readonly TableInfo[],
  removed: ReadonlySet<number>,
): Level {
  const missing = new Set(removed);
  const tables: TableInfo[] = [];
  const present = new Set<number>();
  const keep = (table: TableInfo): void => {
    if (present.has(table.file)) {
      throw new EditMismatch(`table ${table.file} is added twice to level ${before.level}`);
    }
    present.add(table.file);
    tables.push(table);
  };
  for (const table of tablesOfLevel(before)) {
    if (removed.has(table.file)) missing.delete(table.file);
    else keep(table);
  }
  for (const file of missing) {
    throw new EditMismatch(`table ${file} is removed from level ${before.level} but is not there`);
  }
  for (const table of added) keep(table);
  return levelOf(before.level, tables);
}

/** A level from its tables in any order. */
function levelOf(level: number, tables: readonly TableInfo[]): Level {
  const byRun = new Map<number, TableInfo[]>();
  let sizeBytes = 0;
  let rangeDeletes = 0;
  for (const table of tables) {
    sizeBytes += table.sizeBytes;
    rangeDeletes += table.rangeDeletes;
    const run = byRun.get(table.run);
    if (run === undefined) byRun.set(table.run, [table]);
    else run.push(table);
  }
  const runs = [...byRun].sort(([left], [right]) => right - left);
  for (const [, run] of runs) {
    run.sort((left, right) => compareBytes(left.smallestKey, right.smallestKey));
    checkDisjoint(level, run);
  }
  return {
    level,
    runs: runs.map(([run, members]) => ({ run, tables: members })),
    tableCount: tables.length,
    sizeBytes,
    rangeDeletes,
  };
}

function checkDisjoint(level: number, tables: readonly TableInfo[]): void {
  for (let index = 1; index < tables.length; index++) {
    const left = tables[index - 1]!;
    const right = tables[index]!;
    if (compareBytes(left.largestKey, right.smallestKey) >= 0) {
      throw new EditMismatch(
        `tables ${left.file} and ${right.file} overlap in run ${left.run} of level ${level}`,
      );
    }
  }
}

/** The tables of a level in reading order: newest run first, within a run ascending. */
export function tablesOfLevel(level: Level): TableInfo[] {
  return level.runs.flatMap((run) => run.tables);
}

/** Every table of a version. */
export function* tablesOf(version: Version): Generator<TableInfo> {
  for (const family of version.families) {
    for (const level of family.levels) for (const run of level.runs) yield* run.tables;
  }
}

/**
 * Index of the first table whose largest key is at or after `key`; the run's length when none is.
 */
export function firstTableAtOrAfter(run: Run, key: Uint8Array): number {
  const tables = run.tables;
  let low = 0;
  let high = tables.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(tables[middle]!.largestKey, key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The one table of a run that may hold `key`. */
export function tableHolding(run: Run, key: Uint8Array): TableInfo | undefined {
  const table = run.tables[firstTableAtOrAfter(run, key)];
  return table !== undefined && compareBytes(table.smallestKey, key) <= 0 ? table : undefined;
}

/** A range of keys with both ends included; `undefined` is unbounded. */
export interface KeyRange {
  readonly from: Uint8Array | undefined;
  readonly to: Uint8Array | undefined;
}

/** The tables of a run that hold keys of `range`, ascending. */
export function overlapping(run: Run, range: KeyRange): readonly TableInfo[] {
  const first = range.from === undefined ? 0 : firstTableAtOrAfter(run, range.from);
  let end = run.tables.length;
  if (range.to !== undefined) {
    end = firstTableAtOrAfter(run, range.to);
    const last = run.tables[end];
    if (last !== undefined && compareBytes(last.smallestKey, range.to) <= 0) end++;
  }
  return run.tables.slice(first, Math.max(first, end));
}

/** The tables of a level that hold keys of `range`, in reading order. */
export function overlappingInLevel(level: Level, range: KeyRange): TableInfo[] {
  return level.runs.flatMap((run) => overlapping(run, range));
}

/** The smallest range that covers all of `tables`, of which there is at least one. */
export function coverOf(tables: readonly TableInfo[]): { from: Uint8Array; to: Uint8Array } {
  let from = tables[0]!.smallestKey;
  let to = tables[0]!.largestKey;
  for (const table of tables) {
    if (compareBytes(table.smallestKey, from) < 0) from = table.smallestKey;
    if (compareBytes(table.largestKey, to) > 0) to = table.largestKey;
  }
  return { from, to };
}

/** Sum of the tables' sizes. */
export function sizeOf(tables: readonly TableInfo[]): number {
  let sizeBytes = 0;
  for (const table of tables) sizeBytes += table.sizeBytes;
  return sizeBytes;
}

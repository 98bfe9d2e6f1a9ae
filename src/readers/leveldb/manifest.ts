// A LevelDB manifest, record by record: which tables stand in which level after each.

import type { FileNumber } from '../../protocol/events.ts';
import type { ForeignDirectory } from '../foreignDirectory.ts';
import type { ProblemList } from '../problems.ts';
import { RecordLogReader } from '../recordLog/recordLogReader.ts';
import { decodeLeveldbEdit } from './versionEdit.ts';
import type { LeveldbEdit, LeveldbTable } from './versionEdit.ts';

/** One record of the manifest. */
export interface ManifestRecord {
  readonly edit: LeveldbEdit;
  /** Where the manifest's records ended after it, bytes. */
  readonly sizeBytes: number;
}

/** A manifest file being read. */
export interface OpenManifest {
  readonly name: string;
  readonly replay: ManifestReplay;
  /** Takes in the records not read yet. */
  readOn(): void;
  /** Lists that it ends inside of a record, if it does. */
  reportTorn(): void;
  /** Idempotent. */
  close(): void;
}

/** @throws LsmError `IO`. */
export function openManifest(
  directory: ForeignDirectory,
  name: string,
  problems: ProblemList,
): OpenManifest {
  const file = directory.open(name);
  const log = new RecordLogReader(file, name, problems);
  const replay = new ManifestReplay(log, name, problems);
  const readOn = (): void => {
    while (replay.next() !== undefined);
  };
  return { name, replay, readOn, reportTorn: () => log.reportTorn(), close: () => file.close() };
}

/** What the manifest says so far. */
export class ManifestReplay {
  comparator = '';
  logNumber = 0;
  previousLog = 0;
  nextFile = 0;
  lastSequence = 0;
  edits = 0;
  sizeBytes = 0;
  /** Tables of each level by their number. */
  readonly levels: Map<number, LeveldbTable>[] = [];
  /** Bytes of each level's tables. */
  private readonly levelBytes: number[] = [];
  private readonly name: string;
  private readonly log: RecordLogReader;
  private readonly problems: ProblemList;

  constructor(log: RecordLogReader, name: string, problems: ProblemList) {
    this.log = log;
    this.name = name;
    this.problems = problems;
  }

  /**
   * Takes in the next record; `undefined` when there is none yet. A record that cannot be
   * understood is listed and passed over.
   */
  next(): ManifestRecord | undefined {
    for (;;) {
      const record = this.log.next();
      if (record === undefined) return undefined;
      try {
        const edit = decodeLeveldbEdit(record.bytes, this.name, record.offset);
        this.apply(edit, record.offset);
        this.sizeBytes = this.log.offset;
        return { edit, sizeBytes: this.sizeBytes };
      } catch (thrown) {
        this.problems.addThrown(thrown, this.name);
      }
    }
  }

  /** Whether a table of that number stands in any level. */
  has(table: FileNumber): boolean {
    return this.levels.some((tables) => tables.has(table));
  }

  /** How many tables stand in a level, and their bytes. */
  figuresOf(level: number): { readonly tables: number; readonly sizeBytes: number } {
    const { levels, levelBytes } = this;
    return { tables: levels[level]?.size ?? 0, sizeBytes: levelBytes[level] ?? 0 };
  }

  private apply(edit: LeveldbEdit, offset: number): void {
    this.edits++;
    this.comparator = edit.comparator ?? this.comparator;
    this.logNumber = edit.logNumber ?? this.logNumber;
    this.previousLog = edit.previousLog ?? this.previousLog;
    this.nextFile = edit.nextFile ?? this.nextFile;
    this.lastSequence = edit.lastSequence ?? this.lastSequence;
    for (const { level, number } of edit.removed) {
      if (this.remove(level, number)) continue;
      const message = `table ${number} is removed from level ${level} but is not there`;
      this.problems.add('CORRUPTION', this.name, offset, message);
    }
    for (const { level, table } of edit.added) this.add(level, table);
  }

  private add(level: number, table: LeveldbTable): void {
    this.remove(level, table.number);
    this.level(level).set(table.number, table);
    this.levelBytes[level]! += table.sizeBytes;
  }

  /** False when it is not there. */
  private remove(level: number, number: FileNumber): boolean {
    const tables = this.level(level);
    this.levelBytes[level]! -= tables.get(number)?.sizeBytes ?? 0;
    return tables.delete(number);
  }

  private level(level: number): Map<number, LeveldbTable> {
    while (this.levels.length <= level) {
      this.levels.push(new Map());
      this.levelBytes.push(0);
    }
    return this.levels[level]!;
  }
}

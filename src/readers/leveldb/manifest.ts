// A LevelDB manifest, record by record: which tables stand in which level after each.

import type { FileNumber } from '../../protocol/events.ts';
import type { EditSource } from '../manifestFile.ts';
import type { ProblemList } from '../problems.ts';
import type { LeveldbEdit, LeveldbTable } from './versionEdit.ts';

/** One record of the manifest. */
export interface ManifestRecord {
  readonly edit: LeveldbEdit;
  /** Where the manifest's records ended after it, bytes. */
  readonly sizeBytes: number;
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
  readonly name: string;
  private readonly source: EditSource<LeveldbEdit>;
  private readonly problems: ProblemList;

  /** @param problems takes what the edits cannot mean. */
  constructor(name: string, source: EditSource<LeveldbEdit>, problems: ProblemList) {
    this.name = name;
    this.source = source;
    this.problems = problems;
  }

  /** Takes in the next edit; `undefined` when there is none yet. */
  next(): ManifestRecord | undefined {
    const read = this.source.next();
    if (read === undefined) return undefined;
    const { edit, offset, endOffset } = read;
    this.apply(edit, offset);
    this.sizeBytes = endOffset;
    return { edit, sizeBytes: endOffset };
  }

  /** Takes in all that is there. */
  readOn(): void {
    while (this.next() !== undefined);
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

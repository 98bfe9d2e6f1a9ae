// What is known of each table: from the manifest at once, counted when somebody asks for it.

import type { FileNumber, TableInfo } from '../../protocol/events.ts';
import type { ForeignDirectory } from '../foreignDirectory.ts';
import type { ProblemList } from '../problems.ts';
import type { BlockBasedReader } from '../sst/blockBasedReader.ts';
import type { TableFiles } from '../tableFiles.ts';
import { uncountedTable } from '../tableInfo.ts';
import type { NamedTable } from '../tableInfo.ts';
import { InfoLogFiles } from '../infoLogFiles.ts';
import { InfoLog } from './infoLog.ts';
import { countedTable } from './tableFigures.ts';
import type { LeveldbTable } from './versionEdit.ts';

/** The tables of one store by their numbers. */
export class TableCatalogue {
  private readonly directory: ForeignDirectory;
  private readonly files: TableFiles<BlockBasedReader>;
  private readonly manifestName: string;
  private readonly problems: ProblemList;
  /** How many tables have been counted. */
  countings = 0;
  private readonly known = new Map<FileNumber, TableInfo>();
  private infoLog: InfoLogFiles<InfoLog> | undefined;

  constructor(
    directory: ForeignDirectory,
    files: TableFiles<BlockBasedReader>,
    manifestName: string,
    problems: ProblemList,
  ) {
    this.directory = directory;
    this.files = files;
    this.manifestName = manifestName;
    this.problems = problems;
  }

  /** LOG may tell more by now. */
  refresh(): void {
    this.infoLog?.refresh();
  }

  /** As the manifest has it; counted when it was before. */
  info(level: number, table: LeveldbTable): TableInfo {
    const known = this.known.get(table.number);
    if (known !== undefined)
      return known.run === runOf(level, table) ? known : this.moved(level, known);
    const info = uncountedTable(this.named(level, table));
    this.known.set(table.number, info);
    return info;
  }

  /** With every figure counted: the table is read whole, what cannot be read is listed. */
  counted(level: number, table: LeveldbTable): TableInfo {
    const known = this.info(level, table);
    if (known.uncounted !== true) return known;
    const reader = this.files.tryReader(table.number);
    if (reader === undefined) return known;
    const info = countedTable(this.named(level, table), reader, this.problems);
    this.known.set(table.number, info);
    this.countings++;
    return info;
  }

  private moved(level: number, table: TableInfo): TableInfo {
    const info = { ...table, run: level === 0 ? table.file : 0 };
    this.known.set(table.file, info);
    return info;
  }

  private named(level: number, table: LeveldbTable): NamedTable {
    const { number } = table;
    this.infoLog ??= new InfoLogFiles(this.directory, new InfoLog());
    const logged = this.infoLog.log.tables.get(number);
    return {
      name: this.files.nameOf(number),
      table,
      run: runOf(level, table),
      createdMicros: logged?.timeMicros ?? 0,
      madeBy: logged?.madeBy ?? 'unknown',
      manifest: this.manifestName,
    };
  }
}

/** Each table of level 0 is a run; deeper levels are one run each. */
function runOf(level: number, table: LeveldbTable): number {
  return level === 0 ? table.number : 0;
}

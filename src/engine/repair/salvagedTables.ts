// The tables of a damaged store, one after the other: which of them it needs, which are whole, and
// what is saved of the others. Each one is known by the number inside it: a table under another's
// name is the table that it is.

import type { VfsFile } from '../../base/vfs.ts';
import type { FileNumber, SequenceNumber, TableInfo } from '../../protocol/events.ts';
import type { ReadableFile } from '../cache/openFiles.ts';
import { tableFileName } from '../fileNames.ts';
import { EXTERNAL_FILE } from '../ingest/tableBuilder.ts';
import type { EntryIterator } from '../iterator/entryIterator.ts';
import type { TableContext } from '../jobs/jobContext.ts';
import type { RangeTombstone } from '../rangeDelete/rangeTombstone.ts';
import { JOB_READS } from '../table/readContext.ts';
import type { ReadContext } from '../table/readContext.ts';
import { tableInfoOf } from '../table/tableInfo.ts';
import { TableReader } from '../table/tableReader.ts';
import { verifyTable } from '../table/verifyTable.ts';
import { messageOf } from './damagedStore.ts';
import { placesOf } from './ingestedPlace.ts';
import type { IngestedPlace, TableSpan } from './ingestedPlace.ts';
import type { DamagedFile, DamagedStore } from './damagedStore.ts';
import type { RepairedFile } from './repairReport.ts';
import { salvageTable } from './salvagedTable.ts';

/** What a table's own properties say, as far as they can be read. */
interface Identity {
  readonly number: FileNumber;
  readonly family: number;
  /** What all entries of an ingested table read as; 0 for other tables. */
  readonly givenSequence: SequenceNumber;
  /** That sequence is a guess. */
  readonly isGuess: boolean;
  /** `undefined` when they cannot be read. */
  readonly table: TableInfo | undefined;
}

/** Saves tables, in the order of their names. */
export class TableSalvage {
  /** Numbers of the tables that were found, by what they are. */
  readonly found: Set<FileNumber> = new Set();
  private readonly context: TableContext;
  private readonly reads: ReadContext;
  private readonly directory: string;
  private readonly damaged: DamagedStore;
  private readonly newFile: () => FileNumber;
  private readonly saved: { readonly reader: TableReader; readonly family: number }[] = [];
  private readonly written: string[] = [];
  private places: ReadonlyMap<FileNumber, IngestedPlace> = new Map();

  /** @param context of the new store. @param newFile gives a number that is free there. */
  constructor(
    context: TableContext,
    reads: ReadContext,
    directory: string,
    damaged: DamagedStore,
    newFile: () => FileNumber,
  ) {
    this.context = context;
    this.reads = reads;
    this.directory = directory;
    this.damaged = damaged;
    this.newFile = newFile;
  }

  /** Looks at what tables say of themselves and of each other, before any of them is taken. */
  survey(tables: readonly DamagedFile[]): void {
    const { vfs } = this.context.environment;
    const spans = tables.flatMap(({ name, number }): TableSpan[] => {
      try {
        const handle = vfs.open(vfs.join(this.directory, name), 'read');
        const reader = TableReader.open(handle, name, undefined, this.reads);
        const { properties } = reader;
        reader.close();
        const isIngested = properties.file === EXTERNAL_FILE;
        return [{ ...properties, isIngested, number: isIngested ? number : properties.file }];
      } catch (thrown) {
        // It is told of when it is taken.
        messageOf(thrown);
        return [];
      }
    });
    this.places = placesOf(spans);
  }

  /** Column families that something was saved of. */
  get families(): number[] {
    return this.saved.map(({ family }) => family);
  }

  /** What was saved of a family, the latest tables first. */
  sources(family: number): EntryIterator[] {
    const own = this.saved.filter((table) => table.family === family).toReversed();
    return own.map(({ reader }) => reader.iterator(JOB_READS));
  }

  /** The range deletes that were saved of a family. */
  rangeTombstones(family: number): RangeTombstone[] {
    return this.saved
      .filter((table) => table.family === family)
      .flatMap(({ reader }) => reader.rangeTombstones);
  }

  /** Tables in the new store's directory that hold what was saved, and are no part of it. */
  get temporary(): readonly string[] {
    return this.written;
  }

  /**
   * Takes over what is good of one table.
   * @throws LsmError `IO` when the new store's disk fails.
   */
  async take({ name, number }: DamagedFile): Promise<RepairedFile> {
    const { vfs } = this.context.environment;
    const report = { name, entries: 0, detail: '' } as const;
    let handle: VfsFile;
    try {
      handle = vfs.open(vfs.join(this.directory, name), 'read');
    } catch (thrown) {
      return { ...report, verdict: 'lost', detail: messageOf(thrown) };
    }
    const identity = this.identify(handle, name, number);
    if (this.damaged.isComplete && !this.damaged.tables.has(identity.number)) {
      handle.close();
      return { ...report, verdict: 'unneeded' };
    }
    this.found.add(identity.number);
    try {
      return await this.save(handle, name, identity);
    } finally {
      handle.close();
    }
  }

  /** Closes what it reads. Idempotent. */
  close(): void {
    for (const { reader } of this.saved) reader.close();
  }

  private identify(handle: VfsFile, name: string, number: FileNumber): Identity {
    const known = this.damaged.tables.get(number);
    const unread = { number, family: 0, givenSequence: 0, isGuess: false, table: undefined };
    let reader: TableReader;
    try {
      reader = TableReader.open(unclosed(handle), name, undefined, this.reads);
    } catch (thrown) {
      messageOf(thrown);
      if (known === undefined) return unread;
      const isIngested = known.table.madeBy === 'ingest';
      const givenSequence = isIngested ? known.table.smallestSequence : 0;
      return { ...unread, family: known.family, givenSequence };
    }
    const { file, family } = reader.properties;
    const table = tableInfoOf(reader, number, number);
    if (file !== EXTERNAL_FILE) return { ...unread, number: file, family, table };
    if (known?.table.madeBy === 'ingest') {
      const givenSequence = known.table.smallestSequence;
      return { ...unread, family: known.family, givenSequence, table };
    }
    return { ...unread, ...this.places.get(number)!, table };
  }

  private async save(handle: VfsFile, name: string, identity: Identity): Promise<RepairedFile> {
    const { table, givenSequence, family } = identity;
    const problems = await this.check(handle, name);
    const notes = notesOn(name, identity);
    if (problems.length === 0 && table !== undefined) {
      const sequences = { smallestSequence: givenSequence, largestSequence: givenSequence };
      const read = { ...table, file: identity.number, name: tableFileName(identity.number) };
      const expected = givenSequence === 0 ? read : { ...read, ...sequences };
      this.open(this.directory, name, expected, family);
      return { name, verdict: 'whole', entries: table.entries, detail: notes.join('; ') };
    }
    const source = { file: handle, name, family, givenSequence };
    const output = this.newFile();
    const salvaged = await salvageTable(this.context, source, output);
    const faults = salvaged.faults.length > 0 ? salvaged.faults : problems;
    const detail = [faults[0]!, ...moreOf(faults), ...notes].join('; ');
    if (salvaged.table === undefined) return { name, verdict: 'lost', entries: 0, detail };
    const { directory } = this.context;
    this.written.push(this.context.environment.vfs.join(directory, salvaged.table.name));
    this.open(directory, salvaged.table.name, salvaged.table, family);
    // Only what leads to the entries, or says something of them, was damaged.
    const verdict = salvaged.faults.length === 0 ? 'whole' : 'partly';
    return { name, verdict, entries: salvaged.table.entries, detail };
  }

  private async check(handle: VfsFile, name: string): Promise<string[]> {
    const { scheduler } = this.context.environment;
    const steps = verifyTable(unclosed(handle), name, undefined, this.reads);
    let step = steps.next();
    for (let blocks = 1; step.done !== true; step = steps.next(), blocks++) {
      if (blocks % 64 === 0) await scheduler.turn();
    }
    return step.value.map(({ message }) => message);
  }

  private open(directory: string, name: string, expected: TableInfo, family: number): void {
    const { vfs } = this.context.environment;
    const handle = vfs.open(vfs.join(directory, name), 'read');
    const reader = TableReader.open(handle, name, expected, this.reads);
    this.saved.push({ reader, family });
  }
}

function notesOn(name: string, { number, givenSequence, isGuess }: Identity): string[] {
  const notes: string[] = [];
  const own = tableFileName(number);
  if (own !== name) notes.push(`it is ${own} under the name of ${name}`);
  if (isGuess) {
    const into = 'of the default column family';
    notes.push(`when it was ingested is not known; it is taken for #${givenSequence} ${into}`);
  }
  return notes;
}

function moreOf(faults: readonly string[]): string[] {
  return faults.length > 1 ? [`${faults.length - 1} more like it`] : [];
}

/** The same file for somebody who closes what he is given. */
function unclosed(file: VfsFile): ReadableFile {
  return {
    sizeBytes: () => file.sizeBytes(),
    read: (target, targetOffset, lengthBytes, position) =>
      file.read(target, targetOffset, lengthBytes, position),
    close: () => {},
  };
}

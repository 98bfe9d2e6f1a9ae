// A LevelDB directory as a whole, read as LevelDB itself would at its next start: CURRENT names the
// manifest, the manifest the tables and the oldest log that is needed, the logs hold what no table
// does. Nothing is written: what LevelDB would repair is listed as a problem.

import { LsmError } from '../../base/errors.ts';
import type { FileNumber, SequenceNumber, TableInfo } from '../../protocol/events.ts';
import type { TableDetails } from '../../protocol/messages.ts';
import type { Problem } from '../../protocol/treeState.ts';
import { chainsOf } from '../chainCursor.ts';
import type { ChainLink } from '../chainCursor.ts';
import { currentManifest, manifestNow } from '../currentManifest.ts';
import type { EntryCursor } from '../entryCursor.ts';
import { ForeignDirectory } from '../foreignDirectory.ts';
import { keyOrderNamed } from '../keyOrder.ts';
import { inAskingOrder, placesOf, runsOf } from '../levelOrder.ts';
import type { CompareKeys, KeyOrder } from '../keyOrder.ts';
import { ListCursor } from '../listCursor.ts';
import { liveEntries } from '../mergedView.ts';
import { Following } from '../following.ts';
import { LiveReads } from '../liveReads.ts';
import { ManifestFile, openUnlessGone } from '../manifestFile.ts';
import { ProblemList } from '../problems.ts';
import { BlockBasedReader } from '../sst/blockBasedReader.ts';
import { SstCursor } from '../sst/sstCursor.ts';
import type {
  CheckProgress,
  FamilyReader,
  LiveRangeKey,
  PastEvent,
  PlacedFile,
  ReaderWorld,
  StoredState,
  StoreReader,
} from '../storeReader.ts';
import { noRangeKeys } from '../noRangeKeys.ts';
import { TableFiles } from '../tableFiles.ts';
import { tracedGet } from '../tracedGet.ts';
import type { Telling } from '../tracedGet.ts';
import type { ViewRange } from '../viewRange.ts';
import { leveldbUncompress } from './compression.ts';
import { describeLeveldb } from './describe.ts';
import { numberedNames } from './fileNames.ts';
import { LeveldbHistory } from './history.ts';
import { IDB_COMPARATOR } from './idbComparator.ts';
import { LiveLogs } from './liveLogs.ts';
import { ManifestReplay } from './manifest.ts';
import { describeSst } from './tableDetails.ts';
import { TableCatalogue } from './tableCatalogue.ts';
import { decodeLeveldbEdit } from './versionEdit.ts';
import type { LeveldbEdit } from './versionEdit.ts';

/** Reads one LevelDB directory. */
export class LeveldbReader implements StoreReader {
  private readonly world: ReaderWorld;
  private readonly directory: ForeignDirectory;
  private readonly found = new ProblemList();
  private manifestFile: ManifestFile<LeveldbEdit>;
  private manifest: ManifestReplay;
  private readonly order: KeyOrder;
  private readonly logs: LiveLogs;
  private readonly files: TableFiles<BlockBasedReader>;
  private readonly tables: TableCatalogue;
  /** As `levels` gave them after so many edits, and so many tables counted. */
  private ordered: readonly (readonly TableInfo[])[] = [];
  private levelsAt = -1;
  private levelsCounted = 0;
  private readonly live: LiveReads;
  private readonly following: Following;
  /** Replays the manifest a second time, at the pace of whoever asks for it. */
  private past: LeveldbHistory | undefined;

  /**
   * Opens the directory.
   * @throws LsmError `NOT_A_STORE` when it has no manifest; `IO`.
   */
  constructor(path: string, world: ReaderWorld) {
    this.world = world;
    this.directory = new ForeignDirectory(world.vfs, path, () => world.clock.wallMicros());
    const { directory, found } = this;
    const name = currentManifest(directory, found);
    this.manifestFile = new ManifestFile(directory, name, found, decodeLeveldbEdit);
    this.manifest = new ManifestReplay(name, this.manifestFile, found);
    this.manifestFile.replayAll(this.manifest, world.onProgress);
    this.manifestFile.reportTorn();
    this.order = keyOrderNamed(this.manifest.comparator, [IDB_COMPARATOR]);
    const uncompress = leveldbUncompress(world);
    this.files = new TableFiles(
      directory,
      {
        namesIn: (names) => numberedNames(names, 'table'),
        usualName: (file) => `${String(file).padStart(6, '0')}.ldb`,
        open: (handle, name) => BlockBasedReader.open(handle, name, uncompress),
      },
      found,
      () => this.hasChanged(),
    );
    this.following = new Following(found, {
      manifest: () => this.manifestFile,
      passOverPast: () => this.passOverPast(),
      lookAgain: () => this.lookAgain(),
    });
    this.live = new LiveReads({
      version: () => `${this.manifest.name} ${this.manifest.edits}`,
      hasChanged: () => this.hasChanged(),
      catchUp: () => this.following.catchUp(),
    });
    this.tables = new TableCatalogue(directory, this.files, this.manifest.name, found);
    this.logs = new LiveLogs(directory, this.order.compare, found);
    this.logs.openFrom(this.manifest, world.onProgress);
    if (this.order.compare === undefined) this.reportUnknownOrder();
  }

  describe(): StoredState {
    const { name, sizeBytes, edits } = this.manifest;
    return describeLeveldb({
      directory: this.directory.path,
      comparator: this.order.name,
      manifest: { name, sizeBytes, edits },
      lastSequence: this.lastSequence,
      logs: this.logs.segments,
      levels: this.levels(),
      problems: this.found.list(),
    });
  }

  *countedTables(): Generator<PlacedFile> {
    for (const [level, tables] of this.manifest.levels.entries()) {
      for (const table of tables.values()) {
        yield { level, table: this.tables.counted(level, table) };
      }
    }
  }

  get hasOrder(): boolean {
    return this.order.compare !== undefined;
  }

  get(key: Uint8Array, telling?: Telling): Uint8Array | undefined {
    return this.live.once(() => this.getNow(key, telling));
  }

  private getNow(key: Uint8Array, telling: Telling | undefined): Uint8Array | undefined {
    const { logs, files, world } = this;
    const compare = this.requireOrder();
    const places = {
      compare,
      memtables: logs.segments
        .map(({ number, entries }) => ({ memtable: number, entries }))
        .toReversed(),
      lastSequence: this.lastSequence,
      tables: placesOf(key, this.levels(), compare),
      open: (file: FileNumber) => files.reader(file),
      nowMicros: () => world.clock.monotonicMicros(),
    };
    return tracedGet(places, key, telling);
  }

  entries(range: ViewRange): Iterable<readonly [Uint8Array, Uint8Array]> {
    const { compare } = this.order;
    if (compare === undefined) return this.allVersions(range);
    return this.live.entries(range, (rest) =>
      liveEntries({ cursors: this.cursors(compare, this.live), compare }, rest),
    );
  }

  family(name: string): FamilyReader | undefined {
    return name === 'default' ? this : undefined;
  }

  *history(editsMax: number = Infinity): Generator<PastEvent> {
    this.manifest.readOn();
    if (this.past === undefined) {
      this.past = this.beginHistory();
      const tooMany = this.manifest.edits - editsMax;
      if (tooMany > 0) yield this.past.sumUp(tooMany, this.world.onProgress);
    }
    yield* this.past.next();
  }

  follow(): Iterable<PastEvent> {
    return this.following.follow();
  }

  private *lookAgain(): Generator<PastEvent> {
    yield* this.changeManifest();
    // The manifest first: a log that its edits name is there by then, and its beginning is told
    // before the flush of the memtable that it took over from.
    this.manifest.readOn();
    if (this.levelsAt !== this.manifest.edits) this.tables.refresh();
    const edits = [...this.history()];
    yield* this.logs.readOn();
    for (const event of edits) yield* this.withLogs(event);
  }

  tableDetails(file: FileNumber): TableDetails {
    if (!this.manifest.has(file)) {
      throw new LsmError('INVALID_ARGUMENT', `the store has no table number ${file}`);
    }
    return describeSst(file, this.files.reader(file), this.found);
  }

  *check(): Generator<CheckProgress> {
    const all = this.levels().flat();
    const bytesTotal = all.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    let bytesDone = 0;
    for (const { table } of this.countedTables()) {
      bytesDone += table.sizeBytes;
      yield { bytesDone, bytesTotal };
    }
  }

  rangeKeys(): readonly LiveRangeKey[] {
    return [];
  }

  rangeKeyMask(): never {
    throw noRangeKeys('leveldb');
  }

  problems(): readonly Problem[] {
    return this.found.list();
  }

  close(): void {
    this.manifestFile.close();
    this.logs.close();
    this.files.close();
  }

  private hasChanged(): boolean {
    const named = manifestNow(this.directory);
    const isAnother = named !== this.manifest.name && this.directory.has(named);
    return isAnother || this.manifestFile.hasGrown;
  }

  private passOverPast(): void {
    if (this.past === undefined) for (const _ of this.history(0));
  }

  private get lastSequence(): SequenceNumber {
    return Math.max(this.manifest.lastSequence, this.logs.lastSequence);
  }

  /** Tables of each level as LevelDB asks them: level 0 newest first, deeper ones by their keys. */
  private levels(): readonly (readonly TableInfo[])[] {
    const { manifest } = this;
    const { countings } = this.tables;
    if (this.levelsAt !== manifest.edits || this.levelsCounted !== countings) {
      const compare: CompareKeys = this.order.compare ?? (() => 0);
      this.ordered = manifest.levels.map((tables, level) => {
        const infos = [...tables.values()].map((table) => this.tables.info(level, table));
        return inAskingOrder(infos, level, compare);
      });
      this.levelsAt = manifest.edits;
      this.levelsCounted = countings;
    }
    return this.ordered;
  }

  /** Every place that holds versions: the logs, each table of level 0, each deeper level. */
  private cursors(compare: CompareKeys, live?: LiveReads): EntryCursor[] {
    const { logs, files, found } = this;
    const cursors: EntryCursor[] = logs.segments.map(
      ({ entries }) => new ListCursor(entries, compare),
    );
    const link = ({ file, largestKey }: TableInfo): ChainLink => ({
      largestKey,
      open: (ahead) => {
        const reader = files.walkedReader(file, live);
        return reader === undefined ? undefined : new SstCursor(reader, compare, found, ahead);
      },
    });
    return [...cursors, ...chainsOf(runsOf(this.levels()), link, compare)];
  }

  /** Without an order there is nothing to merge by: log by log, table by table, every version. */
  private *allVersions({ limit }: ViewRange): Generator<[Uint8Array, Uint8Array]> {
    let left = limit ?? Infinity;
    for (const cursor of this.cursors(() => 0)) {
      for (cursor.first(); cursor.valid && left > 0; cursor.next(), left--) {
        yield [cursor.key.slice(0, cursor.keyLength), cursor.value()];
      }
    }
  }

  /** Another start of LevelDB: another manifest counts from now on. */
  private *changeManifest(): Generator<PastEvent> {
    const { directory, found } = this;
    const named = manifestNow(directory);
    if (named === this.manifest.name || !directory.has(named)) return;
    const opened = openUnlessGone(
      directory,
      named,
      () => new ManifestFile(directory, named, found, decodeLeveldbEdit),
    );
    if (opened === undefined) return;
    const past = (this.past ??= this.beginHistory());
    this.manifest.readOn();
    for (const event of past.next()) yield* this.withLogs(event);
    this.manifestFile.close();
    this.manifestFile = opened;
    this.manifest = new ManifestReplay(named, this.manifestFile, found);
    this.manifest.readOn();
    this.levelsAt = -1;
    this.tables.refresh();
    for (const event of past.goOnWith(this.secondReplay())) yield* this.withLogs(event);
  }

  private *withLogs({ body, timeMicros }: PastEvent): Generator<PastEvent> {
    if (body.kind !== 'manifest.edit') yield { body, timeMicros };
    else yield* this.logs.tellEdit(body, timeMicros);
  }

  private secondReplay(): ManifestReplay {
    // What the edits cannot mean was listed by the first replay.
    return new ManifestReplay(this.manifest.name, this.manifestFile.again(), new ProblemList());
  }

  private beginHistory(): LeveldbHistory {
    return new LeveldbHistory(this.secondReplay(), {
      infoOf: (level, table) => this.tables.info(level, table),
    });
  }

  private requireOrder(): CompareKeys {
    const { compare, name } = this.order;
    if (compare !== undefined) return compare;
    const message = `the comparator ${name} is not known here: entries can only be listed`;
    throw new LsmError('NOT_SUPPORTED', message);
  }

  private reportUnknownOrder(): void {
    const message =
      `the comparator ${this.order.name} is not known here: entries are listed table by table, ` +
      'older versions too';
    this.found.add('NOT_SUPPORTED', this.manifest.name, -1, message);
  }
}

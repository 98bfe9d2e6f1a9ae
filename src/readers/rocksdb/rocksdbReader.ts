// A RocksDB directory as a whole, read as RocksDB itself would at its next start: CURRENT names the
// manifest, the manifest families, tables and the oldest log that is needed, the logs hold what no
// table does, OPTIONS tells what the store was opened with. Nothing is written: what RocksDB would
// repair is listed as a problem.

import { LsmError } from '../../base/errors.ts';
import type { FileNumber, LsmEventBody, SequenceNumber } from '../../protocol/events.ts';
import type { TableDetails } from '../../protocol/messages.ts';
import type { Problem } from '../../protocol/treeState.ts';
import { ForeignDirectory } from '../foreignDirectory.ts';
import { Following } from '../following.ts';
import { LiveReads } from '../liveReads.ts';
import { ManifestFile, openUnlessGone } from '../manifestFile.ts';
import type { EditSource } from '../manifestFile.ts';
import { ProblemList } from '../problems.ts';
import type { OnProgress } from '../readingProgress.ts';
import type { SstReader } from '../sst/sstReader.ts';
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
import type { Telling } from '../tracedGet.ts';
import type { ViewRange } from '../viewRange.ts';
import { BlobFiles } from './blobFiles.ts';
import { checkStore } from './checkStore.ts';
import { ROCKSDB_DIALECT } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import { rocksdbUncompress } from './compression.ts';
import { describeFamily, describeOptions, memtableCapacity } from './describe.ts';
import type { RocksdbFamilyReader } from './familyReader.ts';
import { reportElsewhere } from './elsewhere.ts';
import { FamilyReaders } from './familyReaders.ts';
import { numberedNames } from './fileNames.ts';
import { RocksdbHistory } from './history.ts';
import { InfoLogFiles } from '../infoLogFiles.ts';
import { strategyOf } from './levelTargets.ts';
import { InfoLog } from './infoLog.ts';
import { LiveLogs } from './liveLogs.ts';
import { RocksdbManifest } from './manifest.ts';
import type { FamilyVersion } from './manifest.ts';
import { optionsOf } from './optionsFile.ts';
import type { FamilyOptions, StoreOptions } from './optionsFile.ts';
import { TableCatalogue } from './tableCatalogue.ts';
import { describeTable } from './tableDetails.ts';
import type { RocksdbEdit } from './versionEdit.ts';

const IDENTITY_BYTES_MAX = 256;

/** Reads one RocksDB directory. */
export class RocksdbReader implements StoreReader {
  private readonly dialect: Dialect;
  private readonly onProgress: OnProgress;
  private readonly directory: ForeignDirectory;
  private readonly found = new ProblemList();
  private options: StoreOptions;
  /** The OPTIONS files that were there when they were read. */
  private optionsNames: string;
  private manifestFile: ManifestFile<RocksdbEdit>;
  private manifest: RocksdbManifest;
  private readonly logs: LiveLogs;
  private readonly files: TableFiles<SstReader>;
  private readonly blobs: BlobFiles;
  private readonly infoLog: InfoLogFiles<InfoLog>;
  private readonly tables: TableCatalogue;
  private readonly families: FamilyReaders;
  private readonly live: LiveReads;
  private readonly following: Following;
  /** Replays the manifest a second time, at the pace of whoever asks for it. */
  private past: RocksdbHistory | undefined;

  /**
   * Opens the directory.
   * @throws LsmError `NOT_A_STORE` when it has no manifest; `IO`.
   */
  constructor(path: string, world: ReaderWorld, dialect: Dialect = ROCKSDB_DIALECT) {
    this.dialect = dialect;
    this.onProgress = world.onProgress;
    this.directory = new ForeignDirectory(world.vfs, path, () => world.clock.wallMicros());
    const { directory, found } = this;
    this.optionsNames = optionsNamesIn(directory);
    this.options = dialect.optionsOf(directory);
    this.manifestFile = this.openManifest(dialect.manifestOf(directory, found));
    this.manifest = this.replay(this.manifestFile, found);
    this.manifestFile.replayAll(this.manifest, world.onProgress);
    this.manifestFile.reportTorn();
    this.manifest.reportTorn();
    const uncompress = rocksdbUncompress(world);
    this.blobs = new BlobFiles(directory, uncompress);
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
    this.files = new TableFiles<SstReader>(
      directory,
      {
        namesIn: (names) => numberedNames(names, 'table'),
        usualName: (file) => dialect.tableName(file),
        open: (handle, name, file) =>
          dialect.openTable({ handle, name, table: this.manifest.find(file)?.table, uncompress }),
      },
      found,
      () => this.hasChanged(),
    );
    this.infoLog = new InfoLogFiles(directory, new InfoLog(), world.onProgress);
    this.tables = new TableCatalogue(this.files, this.infoLog, this.manifest.name);
    this.logs = new LiveLogs(
      {
        directory,
        problems: found,
        uncompress: world.uncompress,
        dialect: dialect.logs,
        orderOf: (family) => this.families.of(family).order.compare,
        onProgress: world.onProgress,
        keepsPrepared: () => this.options.database['allow_2pc'] === true,
        capacityOf: (family) => memtableCapacity(this.optionsOf(family)),
      },
      () => this.manifest,
    );
    this.families = new FamilyReaders({
      files: this.files,
      problems: found,
      live: this.live,
      blobs: this.blobs,
      orders: dialect.orders,
      manifest: () => this.manifest,
      memtablesOf: (family) => this.logs.memtablesOf(family),
      hidden: () => this.logs.hidden(),
      optionsOf: (family) => this.optionsOf(family),
      infoOf: (level, table) => this.tables.info(level, table),
      lastSequence: () => this.lastSequence,
      nowMicros: () => world.clock.monotonicMicros(),
    });
    this.logs.open();
    this.reportCuckooTables();
    reportElsewhere(directory, this.options, this.manifest, found);
  }

  describe(): StoredState {
    const { name, sizeBytes, edits } = this.manifest;
    const families = this.familyVersions();
    return {
      store: this.storeInfo(),
      lastSequence: this.lastSequence,
      wal: this.logs.describe(),
      families: families.map((family) =>
        describeFamily(
          family,
          this.logs.memtablesOf(family),
          this.optionsOf(family),
          (level, table) => this.tables.info(level, table),
          this.dialect.targetsOf,
        ),
      ),
      manifest: { name, sizeBytes, edits },
      problems: this.found.list(),
    };
  }

  private storeInfo(): StoredState['store'] {
    const first = this.familyVersions()[0]!;
    return {
      directory: this.directory.path,
      engine: this.dialect.engine,
      engineVersion: this.options.rocksdbVersion,
      comparator: first.comparator,
      readOnly: true,
      strategy: strategyOf(this.optionsOf(first).values),
      options: describeOptions(this.options, this.identity()),
    };
  }

  *countedTables(): Generator<PlacedFile> {
    for (const family of this.familyVersions()) {
      for (const [level, tables] of family.levels.entries()) {
        for (const table of tables.values()) {
          yield { level, table: this.tables.counted(level, table) };
        }
      }
    }
  }

  get hasOrder(): boolean {
    return this.families.of(this.familyVersions()[0]!).hasOrder;
  }

  get(key: Uint8Array, telling?: Telling): Uint8Array | undefined {
    return this.familyOf(0).get(key, telling);
  }

  entries(range: ViewRange): Iterable<readonly [Uint8Array, Uint8Array]> {
    return this.familyOf(0).entries(range);
  }

  family(name: string): FamilyReader | undefined {
    const family = this.familyVersions().find((each) => each.name === name);
    return family === undefined ? undefined : this.familyOf(family.id);
  }

  *history(editsMax: number = Infinity): Generator<PastEvent> {
    this.manifest.readOn();
    if (this.past === undefined) {
      this.past = this.beginHistory();
      const tooMany = this.manifest.edits - editsMax;
      if (tooMany > 0) yield* this.past.sumUp(tooMany, this.onProgress);
    }
    yield* this.past.next();
  }

  follow(): Iterable<PastEvent> {
    return this.following.follow();
  }

  private *lookAgain(): Generator<PastEvent> {
    this.infoLog.refresh();
    if (this.refreshOptions()) yield untimed(this.optionsEvent());
    yield* this.changeManifest();
    // The manifest first: a log that its edits name is there by then, and its beginning is told
    // before the flush of the memtable that it took over from. Families come before their entries.
    const edits = [...this.history()].map((event) => this.joinMemtables(event));
    yield* edits.filter(({ body }) => body.kind === 'family.create');
    yield* this.logs.readOn();
    for (const event of edits) {
      if (event.body.kind !== 'family.create') yield this.withFlushed(event);
    }
    yield* this.logs.tellGone();
  }

  tableDetails(file: FileNumber): TableDetails {
    if (this.manifest.find(file) === undefined) {
      throw new LsmError('INVALID_ARGUMENT', `the store has no table number ${file}`);
    }
    return describeTable(file, this.files.reader(file), this.found);
  }

  check(): Generator<CheckProgress> {
    return checkStore(this.familyVersions(), this.files, this.blobs, this.found);
  }

  rangeKeys(range: ViewRange = {}): readonly LiveRangeKey[] {
    const family = this.familyVersions()[0]!;
    const logged = this.logs.memtablesOf(family).newestFirst.flatMap(({ rangeKeys }) => rangeKeys);
    const { files, found } = this;
    return this.dialect.rangeKeysOf?.(family, { files, logged, problems: found }, range) ?? [];
  }

  rangeKeyMask(asOf: Uint8Array): (key: Uint8Array) => boolean {
    const { maskOf, engine } = this.dialect;
    if (maskOf === undefined) throw noRangeKeys(engine);
    const { comparator } = this.familyVersions()[0]!;
    return maskOf(comparator, this.rangeKeys(), asOf);
  }

  problems(): readonly Problem[] {
    return this.found.list();
  }

  close(): void {
    this.manifestFile.close();
    this.logs.close();
    this.files.close();
    this.blobs.close();
    this.dialect.close();
  }

  /** A family as it is when it is read: another manifest has it anew. */
  private familyOf(id: number): FamilyReader {
    const now = (): RocksdbFamilyReader | undefined => {
      const family = this.manifest.families.get(id);
      return family === undefined ? undefined : this.families.of(family);
    };
    return {
      get hasOrder() {
        return now()?.hasOrder ?? true;
      },
      get: (key, telling) => this.live.once(() => now()?.get(key, telling)),
      entries: (range) =>
        now()?.hasOrder !== true
          ? (now()?.entries(range) ?? [])
          : this.live.entries(range, (rest) => now()?.entries(rest) ?? []),
    };
  }

  private hasChanged(): boolean {
    const named = this.dialect.manifestNow(this.directory);
    const isAnother = named !== this.manifest.name && this.directory.has(named);
    return isAnother || this.manifestFile.hasGrown;
  }

  private passOverPast(): void {
    if (this.past === undefined) for (const _ of this.history(0));
  }

  private get lastSequence(): SequenceNumber {
    return Math.max(this.manifest.lastSequence, this.logs.lastSequence);
  }

  /** LOG may tell all figures of such a table: it would not be opened before somebody reads it. */
  private reportCuckooTables(): void {
    for (const [family, { tableFormat }] of this.options.families) {
      if (tableFormat !== 'CuckooTable') continue;
      const message =
        `column family ${family} writes cuckoo tables, hash tables without order, whose entries ` +
        'are not read here';
      this.found.add('NOT_SUPPORTED', this.manifestFile.name, -1, message);
    }
  }

  /** Another start, or options that were changed while it ran: a further file tells them. */
  private refreshOptions(): boolean {
    const names = optionsNamesIn(this.directory);
    if (names === this.optionsNames) return false;
    this.optionsNames = names;
    const { fileName } = this.options;
    this.options = this.dialect.optionsOf(this.directory);
    this.families.forgetRules();
    return this.options.fileName !== fileName;
  }

  private optionsEvent(): LsmEventBody {
    const { engineVersion, strategy, options } = this.storeInfo();
    return { kind: 'store.options', engineVersion, strategy, options };
  }

  /** Another start of RocksDB, or a manifest grown too large: another one counts from now on. */
  private *changeManifest(): Generator<PastEvent> {
    const named = this.dialect.manifestNow(this.directory);
    const { name: from } = this.manifest;
    if (named === from || !this.directory.has(named)) return;
    const opened = openUnlessGone(this.directory, named, () => this.openManifest(named));
    if (opened === undefined) return;
    const past = (this.past ??= this.beginHistory());
    const before = this.manifest;
    before.readOn();
    for (const event of past.next()) yield this.withFlushed(event);
    this.manifestFile.close();
    this.manifestFile = opened;
    this.manifest = this.replay(this.manifestFile, this.found);
    this.manifest.readOn();
    const { sizeBytes, families } = this.manifest;
    for (const { id, name } of before.families.values()) {
      if (!families.has(id)) yield untimed({ kind: 'family.drop', family: id, name });
    }
    this.past = past.goOnWith(this.secondReplay());
    yield untimed({ kind: 'manifest.rotate', from, to: named, sizeBytes });
    // A manifest that has been begun counts as one edit: the first is told by that.
    this.past.passFirst();
  }

  /** A new family's memtable is that of its entries; a flush empties the memtable it came from. */
  private joinMemtables({ body, timeMicros }: PastEvent): PastEvent {
    if (body.kind !== 'family.create' && body.kind !== 'flush.begin') return { body, timeMicros };
    const family = this.manifest.families.get(body.family);
    if (family === undefined) return { body, timeMicros };
    const memtables = this.logs.memtablesOf(family);
    if (body.kind === 'family.create') {
      const capacityBytes = memtableCapacity(this.optionsOf(family));
      const memtable = { memtable: memtables.active.number, capacityBytes };
      return { body: { ...body, memtable }, timeMicros };
    }
    return { body: { ...body, memtable: memtables.flushedBy(family.logNumber) }, timeMicros };
  }

  /** An edit, with the memtable that it has made needless. */
  private withFlushed({ body, timeMicros }: PastEvent): PastEvent {
    if (body.kind !== 'manifest.edit') return { body, timeMicros };
    const family = this.manifest.families.get(body.family);
    const flushed = family === undefined ? undefined : this.logs.drop(family);
    return { body: { ...body, flushedMemtable: flushed?.number ?? 0 }, timeMicros };
  }

  private beginHistory(): RocksdbHistory {
    return new RocksdbHistory(this.secondReplay(), {
      infoLog: this.infoLog,
      infoOf: (level, table) => this.tables.info(level, table),
      optionsOf: (family) => this.optionsOf(family).values,
      targetsOf: this.dialect.targetsOf,
    });
  }

  private secondReplay(): RocksdbManifest {
    // What the edits cannot mean was listed by the first.
    return this.replay(this.manifestFile.again(), new ProblemList());
  }

  private replay(source: EditSource<RocksdbEdit>, problems: ProblemList): RocksdbManifest {
    const { sublevelsOf } = this.dialect;
    return new RocksdbManifest(this.manifestFile.name, source, problems, sublevelsOf);
  }

  /** The default one first. */
  private familyVersions(): readonly FamilyVersion[] {
    return [...this.manifest.families.values()].sort((left, right) => left.id - right.id);
  }

  private optionsOf({ name }: FamilyVersion): FamilyOptions {
    return optionsOf(this.options, name);
  }

  private openManifest(name: string): ManifestFile<RocksdbEdit> {
    const { directory, dialect, found } = this;
    return new ManifestFile(directory, name, found, (bytes, file, offset) =>
      dialect.decodeEdit(bytes, file, offset),
    );
  }

  private identity(): string {
    const stored = this.directory.readStart('IDENTITY', IDENTITY_BYTES_MAX).trim();
    return stored === '' ? this.manifest.databaseId : stored;
  }
}

function optionsNamesIn(directory: ForeignDirectory): string {
  return directory
    .names()
    .filter((name) => name.startsWith('OPTIONS-'))
    .join('/');
}

function untimed(body: LsmEventBody): PastEvent {
  return { body, timeMicros: 0 };
}

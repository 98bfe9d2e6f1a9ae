// The store's set of tables as it changes: the newest version, the manifest that makes each change
// durable, and the readers that keep older versions' files alive.
//
// One change at a time: the edit is checked against the newest version, appended and synced, and
// only then published. Flushes, compactions and log rotations all queue here.

import { ensureExists } from '../../base/assert.ts';
import type { Environment } from '../../base/environment.ts';
import type { FileNumber, JobId, SequenceNumber } from '../../protocol/events.ts';
import type { TableInfo } from '../../protocol/events.ts';
import type { ManifestState } from '../../protocol/treeState.ts';
import type { EventOutlet } from '../eventOutlet.ts';
import type { FamilySet } from '../family/familySet.ts';
import { manifestFileName } from '../fileNames.ts';
import { Mutex } from '../mutex.ts';
import { FileNumbers } from './fileNumbers.ts';
import { ManifestLog } from './manifestLog.ts';
import { afterEdit } from './storeRecord.ts';
import type { FamilyRecord } from './familyRecord.ts';
import type { StoreRecord } from './storeRecord.ts';
import { TableLifetimes } from './tableLifetimes.ts';
import type { LeavingTable } from './tableLifetimes.ts';
import { familyOf, tablesOf } from './version.ts';
import type { Version } from './version.ts';
import { EMPTY_EDIT } from './versionEdit.ts';
import type { VersionEdit } from './versionEdit.ts';

/** A manifest below this size is never begun anew. */
const ROTATE_MIN_BYTES = 1024 * 1024;
/** Otherwise it is, once it has grown to this many times the size it began with. */
const ROTATE_GROWTH = 4;

/** What a version set needs to know about its store. */
export interface VersionSetParameters {
  readonly environment: Environment;
  readonly directory: string;
  readonly events: EventOutlet;
  /** Each shows its tables in the newest version. */
  readonly families: FamilySet;
}

/** What brought an edit about, for its event. */
export interface EditOrigin {
  /** 0 when no job. */
  readonly job: JobId;
  /** The column family that it is about; that of the added tables when left out. */
  readonly family?: number;
  /** The memtable whose entries an added table holds, or 0. */
  readonly flushedMemtable: number;
  /** Of the newest write that readers see. */
  readonly lastSequence: SequenceNumber;
  /** Called in the moment in which readers see the new version. */
  readonly onPublish?: () => void;
}

/** The newest version and how it came about. */
export class VersionSet {
  private readonly parameters: VersionSetParameters;
  private readonly lifetimes = new TableLifetimes();
  private readonly turns = new Mutex();
  private record: StoreRecord;
  private manifest: ManifestLog | undefined;
  /** Jobs in other threads take numbers from it, too. */
  readonly fileNumbers: FileNumbers;
  /** The manifest as far as it counts: an edit under way is not in it. */
  private shown: ManifestState;

  /** @param manifest as it was read. */
  constructor(parameters: VersionSetParameters, record: StoreRecord, manifest: ManifestState) {
    this.parameters = parameters;
    this.record = record;
    this.shown = manifest;
    this.fileNumbers = FileNumbers.startingAt(record.nextFile);
    this.lifetimes.publish([...tablesOf(record.version)], []);
  }

  get current(): Version {
    return this.record.version;
  }

  /** Everything that the manifest says by now. */
  get storeRecord(): StoreRecord {
    return this.record;
  }

  /** Log segments still needed, ascending. */
  get logs(): readonly FileNumber[] {
    return this.record.logs;
  }

  /** Segments up to this one were ended: they may not lack their end. */
  get endedLog(): FileNumber {
    return this.record.endedLog;
  }

  /** At least every sequence number in tables. */
  get lastSequence(): SequenceNumber {
    return this.record.lastSequence;
  }

  /** The column families that there are, ascending. */
  get families(): readonly FamilyRecord[] {
    return this.record.families;
  }

  /** The number that the next column family will have. */
  get nextFamily(): number {
    return this.record.nextFamily;
  }

  /** Name, size and number of edits of the manifest. */
  manifestState(): ManifestState {
    return this.shown;
  }

  /** Number of the manifest that is written to. */
  get manifestNumber(): FileNumber {
    return ensureExists(this.manifest, 'a manifest to write to').number;
  }

  /** Where each level's compaction round stands. */
  cursors(family: number): ReadonlyMap<number, Uint8Array> {
    const own = this.record.cursors.filter((cursor) => cursor.family === family);
    return new Map(own.map((cursor) => [cursor.level, cursor.key]));
  }

  /** A number that no file has or had. */
  newFileNumber(): FileNumber {
    return this.fileNumbers.take();
  }

  /** The manifest to write to from now on. */
  attach(manifest: ManifestLog): void {
    this.manifest = manifest;
  }

  /** Begins a new manifest, which then holds everything the old one said. */
  async beginManifest(): Promise<void> {
    const { environment, directory, events } = this.parameters;
    const old = this.manifest;
    const number = this.newFileNumber();
    const record = { ...this.record, nextFile: this.fileNumbers.next };
    this.manifest = await ManifestLog.create(environment.vfs, directory, number, record);
    this.shown = this.manifest.state();
    if (old === undefined) return;
    old.close();
    environment.vfs.remove(environment.vfs.join(directory, manifestFileName(old.number)));
    if (events.structural) {
      const { name, sizeBytes } = this.manifest;
      events.emit({ kind: 'manifest.rotate', from: old.name, to: name, sizeBytes });
    }
  }

  /**
   * Makes a change durable and publishes it, after all that were asked for before.
   * @throws LsmError when the manifest cannot be written: nothing was published, and whether the
   * change is durable is not known.
   */
  apply(change: Partial<VersionEdit>, origin: EditOrigin): Promise<void> {
    return this.turns.run(() => this.applyNow(change, origin));
  }

  /** A reader begins to use the newest version; give the answer to `release`. */
  retain(): number {
    return this.lifetimes.retain();
  }

  release(reader: number): void {
    this.lifetimes.release(reader);
  }

  /** Tables whose files may go now; each is given out once. */
  takeUnneeded(): TableInfo[] {
    return this.lifetimes.takeUnneeded();
  }

  /** Tables of a family that left the newest version but whose files are still there. */
  ghosts(family: number): TableInfo[] {
    return this.lifetimes.ghosts(family);
  }

  close(): void {
    this.manifest?.close();
  }

  private async applyNow(change: Partial<VersionEdit>, origin: EditOrigin): Promise<void> {
    const { clock } = this.parameters.environment;
    const edit: VersionEdit = {
      ...EMPTY_EDIT,
      ...change,
      nextFile: this.fileNumbers.next,
      lastSequence: origin.lastSequence,
      timeMicros: clock.wallMicros(),
    };
    const next = afterEdit(this.record, edit);
    const began = clock.monotonicMicros();
    const manifest = await this.manifestForEdit();
    await manifest.append(edit);
    this.publish(edit, next);
    origin.onPublish?.();
    this.tell(edit, origin, clock.monotonicMicros() - began);
  }

  private async manifestForEdit(): Promise<ManifestLog> {
    const { sizeBytes, firstSizeBytes } = this.manifest!;
    if (sizeBytes > Math.max(ROTATE_MIN_BYTES, ROTATE_GROWTH * firstSizeBytes)) {
      await this.beginManifest();
    }
    return this.manifest!;
  }

  private publish(edit: VersionEdit, next: StoreRecord): void {
    const { version } = this.record;
    this.record = next;
    this.shown = this.manifest!.state();
    if (version === next.version) return;
    this.lifetimes.publish(...difference(version, edit));
    this.parameters.families.follow(next);
  }

  private tell(edit: VersionEdit, origin: EditOrigin, syncMicros: number): void {
    const { events, families } = this.parameters;
    if (!events.structural) return;
    const family = origin.family ?? edit.added[0]?.family ?? 0;
    const { name, sizeBytes } = this.manifestState();
    events.emit({
      kind: 'manifest.edit',
      family,
      job: origin.job,
      manifest: name,
      sizeBytes,
      added: edit.added.map(({ level, table }) => ({ level, table })),
      removed: edit.removed.map(({ level, file }) => ({ level, file })),
      flushedMemtable: origin.flushedMemtable,
      oldestWal: this.record.logs[0] ?? 0,
      nextFile: edit.nextFile ?? this.fileNumbers.next,
      lastSequence: origin.lastSequence,
      syncMicros,
      levels: families.of(family).targets(),
    });
  }
}

/** The tables that come with an edit, and those that leave: a moved one does neither. */
function difference(before: Version, edit: VersionEdit): [TableInfo[], LeavingTable[]] {
  const tables = new Map([...tablesOf(before)].map((table) => [table.file, table]));
  const added = new Set(edit.added.map((place) => place.table.file));
  const leaving = edit.removed
    .filter(({ file }) => !added.has(file))
    .map(({ family, file }) => ({ family, table: tables.get(file)! }));
  const dropped = edit.droppedFamilies.flatMap((family) =>
    [...tablesOf({ families: [familyOf(before, family)] })].map((table) => ({ family, table })),
  );
  const coming = edit.added.map(({ table }) => table).filter(({ file }) => !tables.has(file));
  return [coming, [...leaving, ...dropped]];
}

// The logs of a store that are needed, replayed as RocksDB would at its next start
// (db/db_impl/db_impl_open.cc): in order, each entry into its family's memtable unless that
// family's tables hold it already. Behind damage nothing counts, but a later log that goes on with
// exactly the next sequence number.
//
// Another process may be writing to the newest log, begin new ones and delete old ones at any
// moment.

import { LsmError } from '../../base/errors.ts';
import type { FileNumber, LsmEventBody, SequenceNumber } from '../../protocol/events.ts';
import type { WalState } from '../../protocol/treeState.ts';
import type { ForeignDirectory } from '../foreignDirectory.ts';
import { entryKindOf } from '../internalKey.ts';
import type { CompareKeys } from '../keyOrder.ts';
import type { ProblemList } from '../problems.ts';
import { ReadingProgress } from '../readingProgress.ts';
import type { OnProgress } from '../readingProgress.ts';
import type { PastEvent, UncompressBytes } from '../storeReader.ts';
import type { LogDialect } from './dialect.ts';
import { numberedNames } from './fileNames.ts';
import type { FamilyVersion, RocksdbManifest } from './manifest.ts';
import { FamilyMemtables } from './memtables.ts';
import type { LoggedMemtable } from './memtables.ts';
import { LoggedTransactions } from './transactions.ts';
import type { CountedOperation } from './transactions.ts';
import { Wal } from './wal.ts';
import type { PlacedBatch } from './wal.ts';

const PREVIEW_BYTES = 64;

/** What the logs need to know of families. */
export interface LogWorld {
  readonly directory: ForeignDirectory;
  readonly problems: ProblemList;
  readonly uncompress: UncompressBytes;
  readonly dialect: LogDialect;
  readonly orderOf: (family: FamilyVersion) => CompareKeys | undefined;
  /**
   * Whether transactions are prepared in logs: until the manifest says which of these are needed,
   * all are.
   */
  readonly keepsPrepared: () => boolean;
  /** Of the family's memtables. */
  readonly capacityOf: (family: FamilyVersion) => number;
  /** Hears while they are opened how far it is. */
  readonly onProgress: OnProgress;
}

/** All logs that are needed, and what they hold. */
export class LiveLogs {
  private readonly world: LogWorld;
  private readonly manifest: () => RocksdbManifest;
  private logs: Wal[] = [];
  private readonly families = new Map<number, FamilyMemtables>();
  private readonly transactions = new LoggedTransactions();
  private isBehindDamage = false;
  private progress: ReadingProgress | undefined;

  /** @param manifest the one that counts: it may be followed by another. */
  constructor(world: LogWorld, manifest: () => RocksdbManifest) {
    this.world = world;
    this.manifest = manifest;
  }

  get lastSequence(): SequenceNumber {
    return this.transactions.lastSequence;
  }

  /** Sequence numbers of what transactions wrote to memtables or tables and did not commit. */
  hidden(): ReadonlySet<number> {
    return this.transactions.hidden();
  }

  memtablesOf({ id }: FamilyVersion): FamilyMemtables {
    const known = this.families.get(id);
    if (known !== undefined) return known;
    const added = new FamilyMemtables(this.logs.at(-1)?.number ?? 0);
    this.families.set(id, added);
    return added;
  }

  describe(): WalState {
    return {
      segments: this.logs.map((log) => log.describe()),
      active: this.logs.at(-1)?.number ?? 0,
    };
  }

  /** Opens and reads the logs that are there. */
  open(): void {
    const { directory, onProgress } = this.world;
    const { oldestLog } = this;
    const needed = numberedNames(directory.names(), 'log').filter(
      ({ number }) => number >= oldestLog,
    );
    const names = needed.map(({ name }) => name);
    this.progress = new ReadingProgress(directory, names, onProgress);
    for (const _ of this.readOn());
    this.progress = undefined;
    for (const log of this.logs) log.reportTorn();
  }

  /** Takes in what was written since, new logs included. */
  *readOn(): Generator<PastEvent> {
    for (const log of this.logs) yield* this.readLog(log, log !== this.logs.at(-1));
    const newest = this.logs.at(-1)?.number ?? -1;
    const { oldestLog } = this;
    for (const { name, number } of numberedNames(this.world.directory.names(), 'log')) {
      if (number <= newest || number < oldestLog) continue;
      const before = this.logs.at(-1);
      if (!this.add(name, number)) continue;
      // What was written to it last may not have been there before.
      if (before !== undefined) yield* this.readLog(before, true);
      yield* this.tellRotation();
      yield* this.readLog(this.logs.at(-1)!, false);
    }
    this.sort();
  }

  /** Memtables of logs below the family's number are in tables now; the newest of them. */
  drop(family: FamilyVersion): LoggedMemtable | undefined {
    return this.memtablesOf(family).drop(family.logNumber);
  }

  /** Forgets a family that was dropped. */
  forget({ id }: FamilyVersion): void {
    this.families.delete(id);
  }

  /** Logs that nobody needs any more go. */
  *tellGone(): Generator<PastEvent> {
    const { oldestLog } = this;
    const gone = this.logs.filter(({ number }) => number < oldestLog);
    this.logs = this.logs.filter(({ number }) => number >= oldestLog);
    for (const log of gone) {
      log.close();
      yield now({ kind: 'wal.delete', wal: log.number, recycled: false });
    }
  }

  /** Idempotent. */
  close(): void {
    for (const log of this.logs) log.close();
  }

  /** Logs below are needed by nobody. */
  private get oldestLog(): FileNumber {
    const manifest = this.manifest();
    const isUntold = manifest.minLogToKeep === 0 && this.world.keepsPrepared();
    return isUntold ? 0 : manifest.oldestLog;
  }

  /** False when the log has vanished meanwhile: its entries are in a table then. */
  private add(name: string, number: FileNumber): boolean {
    const { directory, problems, uncompress, dialect } = this.world;
    try {
      this.logs.push(new Wal(number, name, directory.open(name), problems, uncompress, dialect));
      return true;
    } catch (thrown) {
      if (thrown instanceof LsmError && !directory.has(name)) return false;
      throw thrown;
    }
  }

  /** @param isWhole there is a later log, so that nobody writes to this one. */
  private *readLog(log: Wal, isWhole: boolean): Generator<PastEvent> {
    for (let batch = log.next(); batch !== undefined; batch = log.next()) {
      if (this.isBehindDamage && !this.goesOn(log, batch)) break;
      this.isBehindDamage = false;
      this.progress?.tell(log.name, batch.endOffset);
      const counted = this.transactions.take(batch);
      yield this.appended(log, batch, counted);
      for (const each of counted) yield* this.insert(log, each);
    }
    if (isWhole) log.end();
    if (log.isDamaged) this.isBehindDamage = true;
  }

  /** A store that was opened after damage goes on in a new log where reading had ended. */
  private goesOn(log: Wal, { firstSequence, offset }: PlacedBatch): boolean {
    if (firstSequence === this.lastSequence + 1) return true;
    const message = `${log.name} follows a damaged log and does not go on where that ended`;
    this.world.problems.add('CORRUPTION', log.name, offset, message);
    return false;
  }

  private *insert(log: Wal, counted: CountedOperation): Generator<PastEvent> {
    const { operation, sequence } = counted;
    const family = this.manifest().families.get(operation.family);
    if (family === undefined || log.number < family.logNumber) return;
    const { active } = this.memtablesOf(family);
    active.insert(counted, log.number);
    if (operation.kind === 'range-keys') return;
    const known = { family: family.id, memtable: active.number, operation: 0, sequence } as const;
    const { sizeBytes } = active;
    if (operation.kind === 'range-delete') {
      const { from, to } = operation;
      const rangeDeletes = active.rangeDeletes.length;
      yield now({ kind: 'memtable.rangeDelete', ...known, from, to, rangeDeletes, sizeBytes });
      return;
    }
    yield now({
      kind: 'memtable.insert',
      ...known,
      entryKind: entryKindOf(operation.code) ?? 'put',
      key: operation.key,
      valueSizeBytes: operation.value.length,
      valuePreview: operation.value.slice(0, PREVIEW_BYTES),
      height: 1,
      path: [],
      entries: active.entries.length,
      tombstones: active.tombstones,
      sizeBytes,
    });
  }

  private appended(
    log: Wal,
    { offset, endOffset, firstSequence, syncedOffset }: PlacedBatch,
    counted: readonly CountedOperation[],
  ): PastEvent {
    return now({
      kind: 'wal.append',
      wal: log.number,
      group: 0,
      offset,
      sizeBytes: endOffset - offset,
      checksum: 0,
      syncedOffset,
      firstSequence,
      entries: counted.length,
      walSizeBytes: endOffset,
      walRecords: log.records,
      walRecordsUnsynced: null,
    });
  }

  /** A new log: the memtables that have something in the one before are full. */
  private *tellRotation(): Generator<PastEvent> {
    const [from, to] = this.logs.slice(-2);
    if (from === undefined || to === undefined) return;
    for (const family of this.manifest().families.values()) {
      const sealed = this.memtablesOf(family).rotate(to.number);
      if (sealed === undefined) continue;
      yield now(this.sealing(family, sealed, to));
    }
    yield now({
      kind: 'wal.rotate',
      from: from.number,
      to: to.number,
      recycled: 0,
      fromSizeBytes: from.describe().sizeBytes,
      toSizeBytes: 0,
    });
  }

  private sealing(family: FamilyVersion, sealed: LoggedMemtable, to: Wal): LsmEventBody {
    return {
      kind: 'memtable.seal',
      family: family.id,
      memtable: sealed.number,
      entries: sealed.entries.length,
      tombstones: sealed.tombstones,
      rangeDeletes: sealed.rangeDeletes.length,
      sizeBytes: sealed.sizeBytes,
      reason: 'full',
      next: { memtable: to.number, capacityBytes: this.world.capacityOf(family) },
      walSegments: [sealed.log],
    };
  }

  private sort(): void {
    for (const family of this.manifest().families.values()) {
      const compare = this.world.orderOf(family);
      for (const memtable of this.memtablesOf(family).newestFirst) memtable.sort(compare);
    }
  }
}

/** What is seen while following has no time written down: it has just happened. */
function now(body: LsmEventBody): PastEvent {
  return { body, timeMicros: 0 };
}

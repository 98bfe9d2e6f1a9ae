// Repair: a new store of everything that can still be read in a damaged one.
//
//   survey: CURRENT and the manifests, as far as they can be read
//   tables: each checked whole; damaged ones saved block by block
//   logs:   each read up to its first damage
//   → all of it merged into a new store in another directory; the damaged one is only read
//
// With a manifest that can be read to its end only what it names is taken over. Without one, every
// table and log is; then keys may come back that were deleted, if the merge that dropped their
// tombstones had left inputs behind. When an ingested table came, other tables tell, or their
// silence does (ingestedPlace.ts); its family nobody knows unless a later table tells.

import { LsmError } from '../../base/errors.ts';
import type { Environment } from '../../base/environment.ts';
import type { FileNumber } from '../../protocol/events.ts';
import type { Progress } from '../../protocol/messages.ts';
import { BlockCache } from '../cache/blockCache.ts';
import { EventOutlet } from '../eventOutlet.ts';
import { chosenOptions } from '../family/familyOptions.ts';
import { logFileName, parseFileName } from '../fileNames.ts';
import { removeQuietly } from '../jobs/copyFile.ts';
import type { CancelSignal } from '../jobs/jobPace.ts';
import { emptyFamily } from '../manifest/version.ts';
import { emptyRecord } from '../manifest/storeRecord.ts';
import type { StoreRecord } from '../manifest/storeRecord.ts';
import { newCounters } from '../metrics/counters.ts';
import { notAStore, recognise } from '../open/storeRecognition.ts';
import { resolveOptions } from '../options.ts';
import type { FamilyOptions, LsmOptions, ResolvedOptions } from '../options.ts';
import type { ReadContext } from '../table/readContext.ts';
import { surveyStore } from './damagedStore.ts';
import type { DamagedFile, DamagedStore } from './damagedStore.ts';
import type { RepairedFile, RepairReport } from './repairReport.ts';
import { writeStore } from './rewrittenStore.ts';
import type { RepairContext, SavedFamily } from './rewrittenStore.ts';
import { repairedFamilies } from './repairedFamilies.ts';
import { LogSalvage } from './salvagedLogs.ts';
import { TableSalvage } from './salvagedTables.ts';

/** How a repair is done, watched and stopped. */
export interface RepairOptions {
  /** Of the new store; what is not said has its default. */
  readonly store?: LsmOptions | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly signal?: CancelSignal | undefined;
}

/**
 * Builds a store in `into`, which must be missing or empty, of what can be read in `directory`,
 * which should not be in use.
 * @throws LsmError `NOT_A_STORE`, `INVALID_ARGUMENT` (`into` is not free), `CANCELLED`, `IO`; what
 * was made is taken away again.
 */
export async function repairStore(
  directory: string,
  into: string,
  environment: Environment,
  options: RepairOptions = {},
): Promise<RepairReport> {
  const { vfs } = environment;
  const found = recognise(vfs, directory);
  if (found.kind !== 'store') throw notAStore(directory, found);
  const target = recognise(vfs, into);
  if (target.kind !== 'missing' && !(target.kind === 'empty' && target.leftovers.length === 0)) {
    throw new LsmError(
      'INVALID_ARGUMENT',
      `${into} is not empty; repair into a directory of its own`,
      {
        file: into,
      },
    );
  }
  vfs.makeDirectory(into);
  const repair = new Repair(directory, into, environment, options);
  try {
    return await repair.run();
  } catch (thrown) {
    for (const name of vfs.list(into)) {
      if (parseFileName(name) !== undefined) removeQuietly(vfs, vfs.join(into, name));
    }
    throw thrown;
  } finally {
    repair.close();
  }
}

class Repair {
  private readonly environment: Environment;
  private readonly options: ResolvedOptions;
  /** Given for the new store. */
  private readonly chosen: FamilyOptions;
  private readonly onProgress: RepairOptions['onProgress'];
  private readonly context: RepairContext;
  private readonly damaged: DamagedStore;
  private readonly tables: TableSalvage;
  private readonly logs: LogSalvage;
  private readonly files: RepairedFile[];
  private nextFile: FileNumber = 1;

  constructor(directory: string, into: string, environment: Environment, options: RepairOptions) {
    this.environment = environment;
    this.options = resolveOptions(options.store ?? {});
    this.chosen = chosenOptions(options.store ?? {});
    this.onProgress = options.onProgress;
    const events = new EventOutlet(undefined);
    const cancel = options.signal ?? { aborted: false };
    const createdMicros = environment.clock.wallMicros();
    this.context = {
      job: 0,
      directory: into,
      environment,
      options: this.options,
      events,
      createdMicros,
      cancel,
    };
    const { codecs, clock, vfs } = environment;
    const cache: ReadContext['cache'] = new BlockCache(0, events);
    const reads = { cache, codecs, counters: newCounters(), clock, sink: events };
    this.damaged = surveyStore(vfs, directory);
    this.files = [...this.damaged.reports];
    const newFile = (): FileNumber => this.nextFile++;
    this.tables = new TableSalvage(this.context, reads, directory, this.damaged, newFile);
    const { families } = this.damaged.record;
    this.logs = new LogSalvage(
      environment,
      directory,
      this.options.memtableSize,
      (id) => families.find((family) => family.id === id)?.flushedSequence ?? 0,
    );
  }

  async run(): Promise<RepairReport> {
    const { vfs, codecs } = this.environment;
    await codecs.prepare(['lz4', 'snappy', 'deflate', 'zstd']);
    await this.takeTables(this.damaged.files.filter(({ kind }) => kind === 'table'));
    this.logs.tablesAreWhole = this.tablesAreWhole;
    this.takeLogs(this.damaged.files.filter(({ kind }) => kind === 'log'));
    this.reportMissing();
    const empty = this.emptyStore();
    const saved = this.savedFamilies(empty);
    const written = await writeStore(this.context, saved, empty, this.nextFile);
    this.close();
    for (const path of this.tables.temporary) removeQuietly(vfs, path);
    const files = this.files.toSorted((left, right) => (left.name < right.name ? -1 : 1));
    const ok = files.every(({ verdict }) => verdict === 'whole' || verdict === 'unneeded');
    return { ok, files, ...written };
  }

  /** Closes what it reads. Idempotent. */
  close(): void {
    this.tables.close();
  }

  private async takeTables(tables: readonly DamagedFile[]): Promise<void> {
    this.tables.survey(tables);
    const total = tables.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    let done = 0;
    for (const table of tables) {
      this.onProgress?.({ done, total, unit: 'bytes', message: table.name });
      this.files.push(await this.tables.take(table));
      done += table.sizeBytes;
      if (this.context.cancel.aborted) throw new LsmError('CANCELLED', 'the repair was stopped');
    }
  }

  private takeLogs(logs: readonly DamagedFile[]): void {
    const { isComplete, record } = this.damaged;
    const newest = logs.at(-1)?.number ?? 0;
    for (const log of logs) {
      const isNeeded = !isComplete || record.logs.includes(log.number);
      const mayLackEnd = log.number === newest && log.number > record.endedLog;
      const unneeded = { name: log.name, verdict: 'unneeded', entries: 0, detail: '' } as const;
      this.files.push(isNeeded ? this.logs.segment(log, mayLackEnd) : unneeded);
    }
  }

  /** Those that the manifest names, as far as it could be read to its end. */
  private get tablesAreWhole(): boolean {
    const { isComplete, tables } = this.damaged;
    const areFound = [...tables.keys()].every((file) => this.tables.found.has(file));
    const reports = this.files.slice(this.damaged.reports.length);
    const areGood = reports.every(({ verdict }) => verdict === 'whole' || verdict === 'unneeded');
    return isComplete && areFound && areGood;
  }

  private reportMissing(): void {
    const { files, record, tables, isComplete } = this.damaged;
    if (!isComplete) return;
    const logs = new Set(files.filter(({ kind }) => kind === 'log').map(({ number }) => number));
    const missing = [
      ...[...tables.values()]
        .map(({ table }) => table)
        .filter(({ file }) => !this.tables.found.has(file)),
      ...record.logs.filter((log) => !logs.has(log)).map((log) => ({ name: logFileName(log) })),
    ];
    const detail = 'the manifest names it, but it is missing';
    for (const { name } of missing) {
      this.files.push({ name, verdict: 'lost', entries: 0, detail });
    }
  }

  /** What was saved of each; what is left over was of families that were dropped. */
  private savedFamilies({ families }: StoreRecord): SavedFamily[] {
    return families.map(({ id: family }) => {
      const memtables = this.logs.memtables.get(family) ?? [];
      const newestFirst = memtables.map((memtable) => memtable.iterator()).toReversed();
      return {
        family,
        // A table may have made one entry of what the log has as several.
        sources: [...this.tables.sources(family), ...newestFirst],
        rangeTombstones: [
          ...memtables.flatMap((memtable) => memtable.rangeDeletes.all),
          ...this.tables.rangeTombstones(family),
        ],
      };
    });
  }

  /** With no table, but no sequence number that was ever used free for another write. */
  private emptyStore(): StoreRecord {
    const lastSequence = Math.max(this.damaged.record.lastSequence, this.logs.lastSequence);
    const saved = [...this.tables.families, ...this.logs.memtables.keys()];
    const families = repairedFamilies(this.damaged, new Set(saved), this.chosen);
    const version = { families: families.families.map(({ id }) => emptyFamily(id)) };
    return { ...emptyRecord(), ...families, version, lastSequence };
  }
}

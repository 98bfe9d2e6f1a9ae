// Checks every byte of a store without opening it: CURRENT, the manifest, every table the manifest
// names, every log segment it names. Content never makes it throw: what is wrong is listed, and
// what can still be checked is. Nothing is written and no lock is taken, so the store should not be
// in use.
//
// It is stricter than opening: a log or manifest that ends in bytes which are no record may be the
// work of a power failure, which recovery cuts off without loss of anything durable; here it is
// told.

import { corruption, LsmError } from '../base/errors.ts';
import type { Environment } from '../base/environment.ts';
import type { FileNumber, TableInfo } from '../protocol/events.ts';
import type { Progress } from '../protocol/messages.ts';
import type { Problem } from '../protocol/treeState.ts';
import { BlockCache } from './cache/blockCache.ts';
import { EventOutlet } from './eventOutlet.ts';
import { CURRENT_FILE_NAME, logFileName, manifestFileName } from './fileNames.ts';
import type { CancelSignal } from './jobs/jobPace.ts';
import type { LogOutcome } from './log/logReader.ts';
import { readCurrent } from './manifest/currentFile.ts';
import { readManifest } from './manifest/manifestLog.ts';
import type { StoreRecord } from './manifest/storeRecord.ts';
import { sizeOf, tablesOf } from './manifest/version.ts';
import { newCounters } from './metrics/counters.ts';
import { checkLogs, findFiles } from './open/storeFiles.ts';
import { notAStore, recognise } from './open/storeRecognition.ts';
import type { ReadContext } from './table/readContext.ts';
import { verifyTable } from './table/verifyTable.ts';
import { WalReader } from './wal/walReader.ts';

/** Bytes checked between two turns of the event loop. */
const SLICE_BYTES = 256 * 1024;

/** What was found. */
export interface VerifyReport {
  readonly ok: boolean;
  readonly bytesChecked: number;
  readonly problems: readonly Problem[];
}

/**
 * Verifies the store in `directory`.
 * @throws LsmError `NOT_A_STORE` when it holds none, `CANCELLED` when `signal` says so.
 */
export async function verifyStore(
  directory: string,
  environment: Environment,
  onProgress?: (progress: Progress) => void,
  signal?: CancelSignal,
): Promise<VerifyReport> {
  const recognition = recognise(environment.vfs, directory);
  if (recognition.kind !== 'store') throw notAStore(directory, recognition);
  const verification = new Verification(directory, environment, onProgress, signal);
  await verification.run();
  const { problems, bytesChecked } = verification;
  return { ok: problems.length === 0, bytesChecked, problems };
}

class Verification {
  readonly problems: Problem[] = [];
  bytesChecked = 0;
  private readonly directory: string;
  private readonly environment: Environment;
  private readonly onProgress: ((progress: Progress) => void) | undefined;
  private readonly signal: CancelSignal | undefined;
  private bytesAtTurn = 0;
  private totalBytes = 0;

  constructor(
    directory: string,
    environment: Environment,
    onProgress: ((progress: Progress) => void) | undefined,
    signal: CancelSignal | undefined,
  ) {
    this.directory = directory;
    this.environment = environment;
    this.onProgress = onProgress;
    this.signal = signal;
  }

  async run(): Promise<void> {
    const record = this.checkManifest();
    if (record === undefined) return;
    const tables = [...tablesOf(record.version)];
    await this.environment.codecs.prepare(tables.map(({ compression }) => compression));
    const logBytes = record.logs.map((log) => this.sizeOf(logFileName(log)) ?? 0);
    this.totalBytes =
      this.bytesChecked + sizeOf(tables) + logBytes.reduce((sum, size) => sum + size, 0);
    for (const table of tables) await this.checkTable(table);
    for (const [index, log] of record.logs.entries()) {
      const mayLackEnd = index === record.logs.length - 1 && log > record.endedLog;
      await this.checkSegment(log, mayLackEnd, record.nextFamily);
    }
    await this.turn('done');
  }

  /** CURRENT and the manifest it names; `undefined` when they do not lead to the tables. */
  private checkManifest(): StoreRecord | undefined {
    const { vfs } = this.environment;
    const { directory } = this;
    const files = findFiles(vfs, directory);
    return this.attempt(CURRENT_FILE_NAME, () => {
      const number = readCurrent(vfs, directory);
      this.bytesChecked += this.sizeOf(CURRENT_FILE_NAME) ?? 0;
      const manifest = readManifest(vfs, directory, number);
      this.bytesChecked += manifest.sizeBytes;
      this.reportEnd(manifestFileName(number), manifest.outcome);
      this.attempt(CURRENT_FILE_NAME, () => checkLogs(vfs, directory, files, manifest.record));
      return manifest.record;
    });
  }

  private async checkTable(table: TableInfo): Promise<void> {
    const { vfs } = this.environment;
    const { name } = table;
    if (this.sizeOf(name) === undefined) {
      this.report(corruption('the manifest names it, but it is missing', name, 0), name);
      return;
    }
    const handle = this.attempt(name, () => vfs.open(vfs.join(this.directory, name), 'read'));
    if (handle === undefined) return;
    const steps = verifyTable(handle, name, table, this.readContext());
    try {
      let step = steps.next();
      for (; step.done !== true; step = steps.next()) {
        this.bytesChecked += step.value;
        if (this.bytesChecked - this.bytesAtTurn >= SLICE_BYTES) await this.turn(name);
      }
      this.problems.push(...step.value);
    } finally {
      handle.close();
    }
  }

  private async checkSegment(
    log: FileNumber,
    mayLackEnd: boolean,
    nextFamily: number,
  ): Promise<void> {
    const { vfs } = this.environment;
    const name = logFileName(log);
    if (this.sizeOf(name) === undefined) {
      this.report(corruption('the manifest names it, but it is missing', name, 0), name);
      return;
    }
    const handle = this.attempt(name, () => vfs.open(vfs.join(this.directory, name), 'read'));
    if (handle === undefined) return;
    try {
      const before = this.bytesChecked;
      const wal = new WalReader(handle, log, mayLackEnd);
      let more = this.attempt(name, () => passGroup(wal, nextFamily));
      for (; more === true; more = this.attempt(name, () => passGroup(wal, nextFamily))) {
        this.bytesChecked += wal.log.sizeBytes;
        if (this.bytesChecked - this.bytesAtTurn >= SLICE_BYTES) await this.turn(name);
      }
      if (more === false) this.reportEnd(name, wal.outcome);
      // Header and end are no records.
      this.bytesChecked = before + (this.sizeOf(name) ?? 0);
    } finally {
      handle.close();
    }
  }

  private reportEnd(name: string, { verdict, reason, stopOffset }: LogOutcome): void {
    if (verdict === 'whole') return;
    const error = corruption(reason, name, stopOffset);
    const torn = `${error.message}; its end was cut off in an append, or is damaged`;
    const message = verdict === 'torn' ? torn : error.message;
    const code = verdict === 'torn' ? 'TORN' : error.code;
    this.problems.push({ code, message, file: name, offset: stopOffset });
  }

  /** The result of `work`, or `undefined` after noting what the world's bytes made it throw. */
  private attempt<T>(name: string, work: () => T): T | undefined {
    try {
      return work();
    } catch (thrown) {
      this.report(thrown, name);
      return undefined;
    }
  }

  private report(thrown: unknown, name: string): void {
    if (!(thrown instanceof LsmError)) throw thrown;
    const { code, message, file, offset } = thrown;
    this.problems.push({ code, message, file: file ?? name, offset: offset ?? -1 });
  }

  private sizeOf(name: string): number | undefined {
    const { vfs } = this.environment;
    return vfs.stat(vfs.join(this.directory, name))?.sizeBytes;
  }

  private async turn(message: string): Promise<void> {
    this.bytesAtTurn = this.bytesChecked;
    const total = Math.max(this.totalBytes, this.bytesChecked);
    this.onProgress?.({ done: this.bytesChecked, total, unit: 'bytes', message });
    await this.environment.scheduler.turn();
    if (this.signal?.aborted === true) {
      throw new LsmError('CANCELLED', 'the verification was stopped');
    }
  }

  private readContext(): ReadContext {
    const sink = new EventOutlet(undefined);
    const cache: ReadContext['cache'] = new BlockCache(0, sink);
    const { clock, codecs } = this.environment;
    return { cache, counters: newCounters(), clock, codecs, sink };
  }
}

/** Goes to the next group of a segment and walks its entries; false at the end. */
function passGroup(wal: WalReader, nextFamily: number): boolean {
  if (!wal.next()) return false;
  while (wal.cursor.next()) {
    if (wal.cursor.family >= nextFamily) throw wal.unknownFamily();
  }
  return true;
}

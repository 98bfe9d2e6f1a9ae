// Opening a store: what is on disk becomes an engine's state.
//
//   recognised → locked → CURRENT → manifest → tables looked at → log replayed into memtables
//   → only now, and only when it is not read-only, the first write: the log's torn end is cut and
//     ended, a new segment begins, what interrupted jobs left is taken away
//
// Until everything was found good nothing is written or deleted, so an open that fails leaves a
// store as it was.

import { LsmError } from '../../base/errors.ts';
import type { Environment } from '../../base/environment.ts';
import { Random } from '../../base/random.ts';
import type { Vfs, VfsLock } from '../../base/vfs.ts';
import { EngineState } from '../engineState.ts';
import { EventOutlet } from '../eventOutlet.ts';
import { chosenOptions, sameOptions } from '../family/familyOptions.ts';
import { FamilySet } from '../family/familySet.ts';
import { LOCK_FILE_NAME, manifestFileName } from '../fileNames.ts';
import { readCurrent } from '../manifest/currentFile.ts';
import type { ChosenOptions } from '../manifest/versionEdit.ts';
import { ManifestLog, readManifest } from '../manifest/manifestLog.ts';
import type { RecoveredManifest } from '../manifest/manifestLog.ts';
import { emptyRecord } from '../manifest/storeRecord.ts';
import { tablesOf } from '../manifest/version.ts';
import { VersionSet } from '../manifest/versionSet.ts';
import { MergeOperators } from '../merge/mergeOperators.ts';
import { resolveOptions } from '../options.ts';
import type { LsmOptions, ResolvedOptions } from '../options.ts';
import { leaveLostLog } from './lostLog.ts';
import {
  checkLogs,
  checkTables,
  findFiles,
  numberAfterAll,
  removeOrphans,
  reportUnknownFiles,
} from './storeFiles.ts';
import type { FoundFile } from './storeFiles.ts';
import { notAStore, recognise } from './storeRecognition.ts';
import type { Recognition } from './storeRecognition.ts';
import { finishNewestSegment, replayLog } from './walReplay.ts';
import type { Replay } from './walReplay.ts';
import { WalSegments } from '../write/walSegments.ts';
import { WalWriter } from '../wal/walWriter.ts';

/** More segments than this after recovery, and they are flushed at once so that they may go. */
const SEGMENTS_KEPT_MAX = 8;

/** A store as recovery leaves it. */
export interface OpenedStore {
  readonly state: EngineState;
  /** `undefined` when opened read-only. */
  readonly lock: VfsLock | undefined;
}

/**
 * Opens the store in `directory`, creating it if the options say so.
 * @throws LsmError telling what is wrong in one line; an existing store was not changed then.
 */
export async function openStore(
  directory: string,
  environment: Environment,
  given: LsmOptions,
): Promise<OpenedStore> {
  const options = resolveOptions(given);
  const mergeOperators = new MergeOperators(given.mergeOperators);
  mergeOperators.requireKnown(given.mergeOperator);
  const events = new EventOutlet(given.events);
  const { vfs, codecs } = environment;
  await codecs.prepare([options.compression, ...options.compressionPerLevel]);
  const found = recognise(vfs, directory);
  refuseUnlessWanted(directory, found, options);
  if (options.readOnly) {
    const { state } = await load(directory, environment, given, mergeOperators, events);
    return { state, lock: undefined };
  }
  if (found.kind === 'missing') vfs.makeDirectory(directory);
  const lock = vfs.lock(vfs.join(directory, LOCK_FILE_NAME));
  try {
    // Another process may have made a store of it before the lock was ours.
    const now = recognise(vfs, directory);
    refuseUnlessWanted(directory, now, options);
    if (now.kind === 'empty') await createStore(directory, vfs, given, now.leftovers);
    const loaded = await load(directory, environment, given, mergeOperators, events);
    await beginWriting(loaded);
    return { state: loaded.state, lock };
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

function refuseUnlessWanted(directory: string, found: Recognition, options: ResolvedOptions): void {
  if (found.kind === 'store') {
    if (!options.errorIfExists) return;
    throw new LsmError(
      'INVALID_ARGUMENT',
      `a store exists in ${directory} already (errorIfExists)`,
    );
  }
  const canCreate = options.createIfMissing && !options.readOnly;
  if (found.kind === 'other' || !canCreate) throw notAStore(directory, found);
}

/** The first manifest; CURRENT comes last and makes a store of it. */
async function createStore(
  directory: string,
  vfs: Vfs,
  given: LsmOptions,
  leftovers: readonly string[],
): Promise<void> {
  for (const name of leftovers) vfs.remove(vfs.join(directory, name));
  const manifest = await ManifestLog.create(vfs, directory, 1, {
    ...emptyRecord(chosenOptions(given)),
    nextFile: 2,
  });
  manifest.close();
}

/** A store read into memory, before anything was written. */
interface LoadedStore {
  readonly state: EngineState;
  readonly manifest: RecoveredManifest;
  readonly replay: Replay;
  readonly files: readonly FoundFile[];
}

async function load(
  directory: string,
  environment: Environment,
  given: LsmOptions,
  mergeOperators: MergeOperators,
  events: EventOutlet,
): Promise<LoadedStore> {
  const { vfs, clock, codecs } = environment;
  const began = clock.monotonicMicros();
  // Before the manifest: what is listed now and in use, the manifest must know.
  const files = findFiles(vfs, directory);
  const manifest = readManifest(vfs, directory, readCurrent(vfs, directory));
  const { record } = manifest;
  await codecs.prepare([...tablesOf(record.version)].map((table) => table.compression));
  const name = manifestFileName(manifest.number);
  if (events.structural) {
    events.emit({ kind: 'recovery.begin', manifest: name, walSegments: record.logs });
  }
  checkLogs(vfs, directory, files, record);
  checkTables(vfs, directory, record);
  const families = new FamilySet(record, given, mergeOperators, new Random(environment.seed));
  const versions = new VersionSet(
    { environment, directory, events, families },
    { ...record, nextFile: Math.max(record.nextFile, numberAfterAll(files)) },
    { name, sizeBytes: manifest.outcome.stopOffset, edits: manifest.edits },
  );
  const state = new EngineState({ directory, environment, events, families, versions });
  reportUnknownFiles(state, files);
  const replay = replayLog(state);
  state.lastSequence = replay.lastSequence;
  state.wal = new WalSegments(replay.segments.map((segment) => segment.state));
  if (events.structural) {
    events.emit({
      kind: 'recovery.end',
      tables: [...tablesOf(record.version)].length,
      walEntries: replay.entries,
      lastSequence: state.lastSequence,
      durationMicros: clock.monotonicMicros() - began,
    });
  }
  return { state, manifest, replay, files };
}

/** From here on the store is changed: first what a crash left unfinished is finished. */
async function beginWriting({ state, manifest, replay, files }: LoadedStore): Promise<void> {
  const { versions, families, directory } = state;
  const { vfs } = state.environment;
  try {
    if (manifest.outcome.verdict === 'whole') {
      versions.attach(await ManifestLog.reopen(vfs, directory, manifest));
    } else {
      await versions.beginManifest();
    }
    if (!replay.isLost) state.wal = new WalSegments(await finishNewestSegment(state, replay));
    if (replay.segments.length > SEGMENTS_KEPT_MAX) sealAll(families);
    const writer = await WalWriter.create(vfs, directory, versions.newFileNumber());
    state.wal.activate(writer);
    if (replay.isLost) {
      await versions.apply(
        { addedLogs: [writer.number] },
        { job: 0, flushedMemtable: 0, lastSequence: state.lastSequence },
      );
      await leaveLostLog(state);
    }
    const oldestLog = families.oldestWalBesides([]) ?? writer.number;
    await versions.apply(
      {
        addedLogs: replay.isLost ? [] : [writer.number],
        oldestLog,
        familyOptions: changedOptions(state),
      },
      { job: 0, flushedMemtable: 0, lastSequence: state.lastSequence },
    );
    state.wal.takeBelow(oldestLog);
    removeOrphans(state, files, versions.manifestNumber);
  } catch (thrown) {
    state.wal.close();
    versions.close();
    throw thrown;
  }
}

function sealAll(families: FamilySet): void {
  for (const { memtables } of families.list) {
    if (!memtables.active.isEmpty) memtables.seal('recovery', memtables.prepare(0));
  }
}

/** What was given now and differs from what is stored. */
function changedOptions({ versions, families }: EngineState): ChosenOptions[] {
  return versions.families.flatMap(({ id, options: stored }) => {
    const { chosen } = families.of(id);
    return sameOptions(chosen, stored) ? [] : [{ family: id, options: chosen }];
  });
}

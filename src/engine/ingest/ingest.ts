// Tables from outside become part of the store.
//
//   each one brought in and checked → their names durable → with the write queue stopped: what is
//   in memtables flushed, a sequence number taken, the level chosen, one edit → the sources of a
//   move removed
//
// All their entries read as that one sequence number, the newest: so they hide whatever the store
// held for their keys, and older snapshots do not see them. The manifest keeps the number, as the
// smallest and largest of a table made by `ingest`; in the file it is 0.
//
// The family's memtables are flushed, so that nothing above the tables is older than they are; the
// log is synced, so that no power failure takes an older write of another family and leaves them.

import { compareBytes } from '../../base/bytes.ts';
import { LsmError, toLsmError } from '../../base/errors.ts';
import type { SequenceNumber, TableInfo } from '../../protocol/events.ts';
import type { CompactionScheduler } from '../compaction/compactionScheduler.ts';
import type { EngineState } from '../engineState.ts';
import type { ColumnFamily } from '../family/columnFamily.ts';
import type { FamilyState } from '../family/familyState.ts';
import { removeQuietly } from '../jobs/copyFile.ts';
import { overlappingInLevel } from '../manifest/version.ts';
import type { AddedTable } from '../manifest/versionEdit.ts';
import type { WriteQueue } from '../write/writeQueue.ts';
import { bringIn } from './externalTable.ts';
import type { ExternalTable, IngestManner } from './externalTable.ts';

/** How tables are taken in. */
export interface IngestOptions {
  /** Where to; the default column family when left out. */
  readonly family?: ColumnFamily | undefined;
  /** `copy` by default. */
  readonly manner?: IngestManner | undefined;
}

/** Where a table went. */
export interface IngestedTable {
  readonly path: string;
  readonly level: number;
  readonly table: TableInfo;
}

/** What an ingest needs of the store. */
export interface IngestParts {
  readonly queue: WriteQueue;
  readonly compactions: CompactionScheduler;
  /** Resolves when everything written to the family before is in tables. */
  readonly flush: (family: FamilyState) => Promise<void>;
  /** The same, called with the write queue stopped. */
  readonly drain: (family: FamilyState) => Promise<void>;
  /** Resolves when everything in the log is durable; called with the write queue stopped. */
  readonly syncLog: () => Promise<void>;
}

/**
 * Takes tables in, all or none.
 * @throws LsmError `INVALID_ARGUMENT` when they share keys or are no external tables, `CORRUPTION`,
 * `NOT_OPEN`, `NOT_SUPPORTED`, `IO`; the store is then as before.
 */
export async function ingestTables(
  state: EngineState,
  parts: IngestParts,
  paths: readonly string[],
  options: IngestOptions,
): Promise<IngestedTable[]> {
  state.requireWritable();
  const manner = checkedManner(options.manner ?? 'copy');
  const family = state.families.meant(options.family);
  if (paths.length === 0) return [];
  const brought = await bringAllIn(state, paths, manner);
  const ingested = await add(state, parts, family, brought);
  tell(state, family, ingested, manner);
  if (manner === 'move') {
    for (const path of paths) removeQuietly(state.environment.vfs, path);
  }
  parts.compactions.kick();
  return ingested;
}

function checkedManner(manner: IngestManner): IngestManner {
  if (manner === 'copy' || manner === 'link' || manner === 'move') return manner;
  const given = JSON.stringify(manner);
  throw new LsmError('INVALID_ARGUMENT', `manner is ${given}; it must be copy, link or move`);
}

async function bringAllIn(
  state: EngineState,
  paths: readonly string[],
  manner: IngestManner,
): Promise<ExternalTable[]> {
  const brought: ExternalTable[] = [];
  try {
    for (const path of paths) {
      brought.push(await bringIn(state, path, state.versions.newFileNumber(), manner));
    }
    brought.sort((left, right) => compareBytes(left.table.smallestKey, right.table.smallestKey));
    requireDisjoint(brought);
    await state.environment.vfs.syncDirectory(state.directory);
    return brought;
  } catch (thrown) {
    takeBack(state, brought);
    throw thrown;
  }
}

/** Which of two values for one key were the newer could not be told. */
function requireDisjoint(brought: readonly ExternalTable[]): void {
  for (const [index, { path, table }] of brought.entries()) {
    const before = brought[index - 1];
    if (before === undefined) continue;
    if (compareBytes(before.table.largestKey, table.smallestKey) < 0) continue;
    throw new LsmError(
      'INVALID_ARGUMENT',
      `${before.path} and ${path} overlap; ingest them one after the other, the newer one last`,
    );
  }
}

async function add(
  state: EngineState,
  parts: IngestParts,
  family: FamilyState,
  brought: readonly ExternalTable[],
): Promise<IngestedTable[]> {
  let ingested: IngestedTable[] = [];
  try {
    // Most of it while writers still go on.
    await parts.flush(family);
    await parts.queue.exclusively(async () => {
      state.requireWritable();
      state.families.meant(family);
      await parts.drain(family);
      // The edit is durable at once; what other families were given before must not come later.
      await parts.syncLog();
      state.requireWritable();
      ingested = await publish(state, parts.compactions, family, brought);
    });
    return ingested;
  } catch (thrown) {
    // After a failed edit it is not known whether they are in the store.
    if (state.failure === undefined) takeBack(state, brought);
    throw thrown;
  }
}

async function publish(
  state: EngineState,
  compactions: CompactionScheduler,
  family: FamilyState,
  brought: readonly ExternalTable[],
): Promise<IngestedTable[]> {
  const sequence = state.lastSequence + 1;
  const run = state.versions.newFileNumber();
  const placed = brought.map(({ path, table }): IngestedTable => {
    const level = levelFor(family, compactions, table);
    return { path, level, table: numbered(table, sequence, level === 0 ? run : 0) };
  });
  const releases = placed.map(({ level, table }) => compactions.reserve(family.id, level, table));
  try {
    const added = placed.map(({ level, table }): AddedTable => ({
      family: family.id,
      level,
      table,
    }));
    await state.versions.apply(
      { added },
      {
        job: 0,
        flushedMemtable: 0,
        lastSequence: sequence,
        onPublish: () => (state.lastSequence = sequence),
      },
    );
  } catch (thrown) {
    const fault = toLsmError(thrown);
    state.fail(fault, { isTold: true });
    throw fault;
  } finally {
    for (const release of releases) release();
  }
  return placed;
}

function numbered(table: TableInfo, sequence: SequenceNumber, run: number): TableInfo {
  return { ...table, run, smallestSequence: sequence, largestSequence: sequence };
}

/**
 * The deepest level at which the table may lie: none of its keys above it or in it, nor on their
 * way there. Levels of several runs are passed: what lies between two runs has no place of its own.
 */
function levelFor(
  { id, version }: FamilyState,
  compactions: CompactionScheduler,
  table: TableInfo,
): number {
  const range = { from: table.smallestKey, to: table.largestKey };
  let level = 0;
  const deepest = version.levels.findLastIndex(({ tableCount }) => tableCount > 0);
  for (const candidate of version.levels.slice(0, deepest + 1)) {
    if (overlappingInLevel(candidate, range).length > 0) break;
    if (compactions.writesInto(id, candidate.level, range)) break;
    if (candidate.runs.every(({ run }) => run === 0)) level = candidate.level;
  }
  return level;
}

function tell(
  { events }: EngineState,
  { id: family }: FamilyState,
  ingested: readonly IngestedTable[],
  manner: IngestManner,
): void {
  if (!events.structural) return;
  for (const { path, level, table } of ingested) {
    const { file, entries, smallestSequence: sequence } = table;
    events.emit({ kind: 'table.ingest', family, path, file, level, sequence, entries, manner });
  }
}

function takeBack(
  { environment, directory }: EngineState,
  brought: readonly ExternalTable[],
): void {
  const { vfs } = environment;
  for (const { table } of brought) removeQuietly(vfs, vfs.join(directory, table.name));
}

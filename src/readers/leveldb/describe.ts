// A LevelDB directory as the state that viewers draw.

import type { SequenceNumber, TableInfo } from '../../protocol/events.ts';
import type {
  LevelState,
  ManifestState,
  MemtableState,
  Problem,
} from '../../protocol/treeState.ts';
import { entryKindOf } from '../internalKey.ts';
import type { StoredState } from '../storeReader.ts';
import { leveldbTargets, LEVEL_COUNT } from './levelTargets.ts';
import { WRITE_BUFFER_BYTES } from './liveLog.ts';
import type { LogSegment } from './liveLog.ts';

/** As many nodes as the page draws of a memtable. */
const NODES_MAX = 512;

/** What a state is made from. */
export interface LeveldbPicture {
  readonly directory: string;
  readonly comparator: string;
  readonly manifest: ManifestState;
  readonly lastSequence: SequenceNumber;
  /** Oldest first. */
  readonly logs: readonly LogSegment[];
  readonly levels: readonly (readonly TableInfo[])[];
  readonly problems: readonly Problem[];
}

/** The state as far as the directory's files tell it. */
export function describeLeveldb(picture: LeveldbPicture): StoredState {
  const { manifest, lastSequence, problems, logs } = picture;
  return {
    store: {
      directory: picture.directory,
      engine: 'leveldb',
      engineVersion: '',
      comparator: picture.comparator,
      readOnly: true,
      strategy: 'leveled',
      options: {},
    },
    lastSequence,
    wal: { segments: logs.map((log) => log.describe()), active: logs.at(-1)?.number ?? 0 },
    families: [
      {
        family: 0,
        name: 'default',
        memtable: memtableOf(logs.at(-1)),
        immutables: logs.slice(0, -1).map(memtableOf),
        levels: levelsOf(picture.levels),
        ghosts: [],
        stall: null,
      },
    ],
    manifest,
    problems,
  };
}

/** A memtable bears its log's number: LevelDB gives it none of its own. */
function memtableOf(log: LogSegment | undefined): MemtableState {
  const logged = log?.entries ?? [];
  const every = Math.max(1, Math.ceil(logged.length / NODES_MAX));
  const shown = logged.filter((_, index) => index % every === 0);
  return {
    memtable: log?.number ?? 0,
    entries: logged.length,
    tombstones: logged.filter(({ code }) => entryKindOf(code) === 'delete').length,
    rangeDeletes: 0,
    sizeBytes: logged.reduce((sum, { key, value }) => sum + key.length + value.length, 0),
    capacityBytes: WRITE_BUFFER_BYTES,
    nodes: shown.map(({ key, sequence, code, value }) => ({
      key,
      sequence,
      entryKind: entryKindOf(code) ?? 'put',
      valueSizeBytes: value.length,
      height: 1,
    })),
  };
}

function levelsOf(levels: readonly (readonly TableInfo[])[]): readonly LevelState[] {
  const all = Array.from({ length: Math.max(LEVEL_COUNT, levels.length) }, (_, level) => {
    const tables = levels[level] ?? [];
    return { tables, sizeBytes: tables.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0) };
  });
  const targets = leveldbTargets(
    all.map(({ tables, sizeBytes }) => ({ tables: tables.length, sizeBytes })),
  );
  return all.map((figures, level) => ({ level, ...figures, target: targets[level]! }));
}

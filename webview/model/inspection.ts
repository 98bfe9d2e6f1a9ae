// What the inspector says about the selected thing: a title and rows of words and figures. Pure.

import type { Counters, TableInfo } from '../../src/protocol/events.ts';
import type {
  FamilyState,
  JobState,
  MemtableState,
  StoreInfo,
  TreeState,
  WalSegmentState,
} from '../../src/protocol/treeState.ts';
import { familyShown } from './families.ts';
import { counted, formatBytes, formatCount, formatRatio, formatShare } from './format.ts';
import { fileText, keyText, shortened } from './keyText.ts';
import { OWN_ENGINE } from './lens.ts';
import { totalsText } from './narration/tellCompaction.ts';
import type { Target } from './selection.ts';
import { placeName, unitOf } from './levelNames.ts';
import { findTable } from './selection.ts';

export interface InspectionRow {
  readonly name: string;
  readonly value: string;
  /** Set in the key font. */
  readonly isKey?: boolean;
}

export interface Inspection {
  readonly title: string;
  readonly subtitle: string;
  readonly rows: readonly InspectionRow[];
  /** What is asked for now and then: every option of a store. */
  readonly options?: readonly InspectionRow[];
}

const KEY_CHARACTERS = 40;

/**
 * The inspector's words for `target` in `state`; what is gone says so.
 * @param family number of the column family that is shown: levels are its own
 */
export function inspect(target: Target, state: TreeState, family: number): Inspection {
  switch (target.kind) {
    case 'table':
      return inspectTable(target.file, state);
    case 'memtable':
      return inspectMemtable(target.memtable, state);
    case 'wal':
      return inspectWal(state);
    case 'cache':
      return inspectCache(state);
    case 'level':
      return inspectLevel(target.level, familyShown(state, family));
    case 'job':
      return inspectJob(target.job, state);
    case 'store':
      return inspectStore(state);
  }
}

function inspectTable(file: number, state: TreeState): Inspection {
  const found = findTable(state, file);
  if (found === undefined) {
    const title = `table ${fileText(file)}`;
    return { title, subtitle: 'not in the store at this moment', rows: [] };
  }
  const { level, table, target } = found;
  const title = table.name;
  const sublevel = target?.measure === 'sublevels' ? `, sublevel ${placeName(target, table)}` : '';
  const place = level < 0 ? 'ghost: out of the tree' : `level ${level}${sublevel}`;
  return {
    title,
    subtitle: `${place} · ${formatBytes(table.sizeBytes)}`,
    rows: tableRows(table),
  };
}

function tableRows(table: TableInfo): readonly InspectionRow[] {
  const keys = [
    row('smallest key', shortened(keyText(table.smallestKey), KEY_CHARACTERS), true),
    row('largest key', shortened(keyText(table.largestKey), KEY_CHARACTERS), true),
  ];
  // Another engine's manifest tells no more; its table was not read.
  if (table.uncounted === true) return [...keys, row('entries', 'not counted')];
  const raw = table.rawKeyBytes + table.rawValueBytes;
  return [
    ...keys,
    row('entries', `${formatCount(table.entries)}, ${counted(table.tombstones, 'tombstone')} †`),
    row(
      'sequences',
      `#${formatCount(table.smallestSequence)} … #${formatCount(table.largestSequence)}`,
    ),
    row('made by', table.madeBy === 'unknown' ? 'not known' : `a ${table.madeBy}`),
    row('on disk', `${formatBytes(table.sizeBytes)} for ${formatBytes(raw)} of keys and values`),
    row('data blocks', dataBlocks(table)),
    row('filter', formatBytes(table.filterSizeBytes)),
    row('index', formatBytes(table.indexSizeBytes)),
  ];
}

function dataBlocks({ dataBlocks: count, compression }: TableInfo): string {
  return compression === 'none' ? formatCount(count) : `${formatCount(count)}, ${compression}`;
}

function inspectMemtable(number: number, state: TreeState): Inspection {
  const all: MemtableState[] = state.families.flatMap((family) => [
    family.memtable,
    ...family.immutables,
  ]);
  const memtable = all.find((candidate) => candidate.memtable === number);
  const title = `memtable #${number}`;
  if (memtable === undefined) return { title, subtitle: 'flushed into a table', rows: [] };
  const active = state.families.some((family) => family.memtable === memtable);
  const first = memtable.nodes[0];
  const last = memtable.nodes.at(-1);
  return {
    title,
    subtitle: active ? 'takes the writes' : 'sealed, waits for its flush',
    rows: [
      ...(first === undefined || last === undefined
        ? []
        : [
            row('smallest key', shortened(keyText(first.key), KEY_CHARACTERS), true),
            row('largest key', shortened(keyText(last.key), KEY_CHARACTERS), true),
          ]),
      row(
        'entries',
        `${formatCount(memtable.entries)}, ${counted(memtable.tombstones, 'tombstone')} †`,
      ),
      row('size', `${formatBytes(memtable.sizeBytes)} of ${formatBytes(memtable.capacityBytes)}`),
    ],
  };
}

function inspectWal(state: TreeState): Inspection {
  const active = state.wal.segments.find((segment) => segment.file === state.wal.active);
  const lost = recordsAtRisk(state);
  return {
    title: `${fileText(state.wal.active)}.log`,
    subtitle: 'write-ahead log',
    rows: [
      row('records', formatCount(active?.records ?? 0)),
      row('size', formatBytes(active?.sizeBytes ?? 0)),
      row('durable', durableText(active)),
      row('at risk', riskText(lost)),
      row('segments', counted(state.wal.segments.length, 'file')),
    ],
  };
}

function durableText(segment: WalSegmentState | undefined): string {
  const { syncedBytes = 0, recordsUnsynced = 0 } = segment ?? {};
  if (syncedBytes === null) return 'unknown';
  return `${recordsUnsynced === null ? 'at least ' : ''}${formatBytes(syncedBytes)}`;
}

/** Records that a power failure would lose; `null` when nobody knows of some. */
function recordsAtRisk({ wal }: TreeState): number | null {
  let lost = 0;
  for (const { recordsUnsynced } of wal.segments) {
    if (recordsUnsynced === null) return null;
    lost += recordsUnsynced;
  }
  return lost;
}

function riskText(lost: number | null): string {
  if (lost === null) return 'unknown: no file tells of all syncs';
  return lost === 0 ? 'nothing' : `${counted(lost, 'record')} not synced`;
}

function inspectCache(state: TreeState): Inspection {
  const { cache, counters } = state;
  const looks = counters.cacheHits + counters.cacheMisses;
  return {
    title: 'block cache',
    subtitle: `${formatBytes(cache.sizeBytes)} of ${formatBytes(cache.capacityBytes)}`,
    rows: [
      row('blocks', formatCount(cache.blocks)),
      row('hits', formatCount(counters.cacheHits)),
      row('misses', formatCount(counters.cacheMisses)),
      row('hit rate', looks > 0 ? formatShare(counters.cacheHits / looks) : 'no reads yet'),
    ],
  };
}

function inspectLevel(number: number, family: FamilyState | undefined): Inspection {
  const level = family?.levels.find((candidate) => candidate.level === number);
  const title = `level ${number}`;
  if (level === undefined) return { title, subtitle: 'empty', rows: [] };
  const { score, measure, limit } = level.target;
  const limitText = measure === 'bytes' ? formatBytes(limit) : counted(limit, unitOf(level.target));
  const sublevels = new Set(level.tables.map(({ run }) => run)).size;
  return {
    title,
    subtitle: score >= 1 ? 'due for a compaction' : 'within its limit',
    rows: [
      row('tables', formatCount(level.tables.length)),
      ...(measure === 'sublevels' ? [row('sublevels', formatCount(sublevels))] : []),
      row('size', formatBytes(level.sizeBytes)),
      row('entries', entriesIn(level.tables)),
      row('limit', limit > 0 ? limitText : 'none'),
      row('score', formatRatio(score)),
    ],
  };
}

/** Tables of another engine that nobody has counted are not taken for empty. */
function entriesIn(tables: readonly TableInfo[]): string {
  const known = tables.filter(({ uncounted }) => uncounted !== true);
  if (known.length === 0 && tables.length > 0) return 'not counted';
  const entries = known.reduce((sum, table) => sum + table.entries, 0);
  const tombstones = known.reduce((sum, table) => sum + table.tombstones, 0);
  const words = `${formatCount(entries)}, ${counted(tombstones, 'tombstone')} †`;
  const missing = tables.length - known.length;
  return missing === 0 ? words : `${words}; ${counted(missing, 'table')} not counted`;
}

function inspectJob(number: number, state: TreeState): Inspection {
  const job = state.jobs.find((candidate) => candidate.job === number);
  if (job === undefined) return { title: `job #${number}`, subtitle: 'over', rows: [] };
  return { title: `${job.kind} #${number}`, subtitle: 'at work', rows: jobRows(job) };
}

function jobRows(job: JobState): readonly InspectionRow[] {
  if (job.kind === 'flush') {
    return [
      row('from', `memtable #${job.memtable}`),
      row('into', `table ${fileText(job.file)}`),
      row('entries', `${formatCount(job.entriesDone)} of ${formatCount(job.entries)}`),
      row('written', formatBytes(job.bytesWritten)),
    ];
  }
  const inputs = job.inputs.map((input) => `${input.files.length} of L${input.level}`).join(', ');
  return [
    row('inputs', inputs),
    row('into', `level ${job.outputLevel}`),
    row('entries', `${formatCount(job.totals.entriesIn)} of ${formatCount(job.entries)}`),
    row('so far', totalsText(job.totals)),
    row('read', formatBytes(job.totals.bytesRead)),
    row('written', formatBytes(job.totals.bytesWritten)),
  ];
}

function inspectStore(state: TreeState): Inspection {
  const { store, counters } = state;
  const tables = state.families.flatMap((family) => family.levels.flatMap((level) => level.tables));
  const bytes = tables.reduce((sum, table) => sum + table.sizeBytes, 0);
  return {
    title: store.engine,
    subtitle: `${store.strategy} · ${store.readOnly ? 'read-only' : 'read-write'}`,
    rows: [
      row('directory', store.directory, true),
      row('last write', `#${formatCount(state.lastSequence)}`),
      row('tables', `${formatCount(tables.length)}, ${formatBytes(bytes)}`),
      row('entries', entriesIn(tables)),
      ...(store.engine === OWN_ENGINE ? writeRows(counters) : []),
      row('gets', `${formatCount(counters.gets)}, ${formatCount(counters.getsFound)} found`),
      ...(state.snapshots.length > 0
        ? [row('snapshots', state.snapshots.map((at) => `#${formatCount(at)}`).join(', '))]
        : []),
      ...state.transactions.map(({ transaction, isolation, sequence, entries }) =>
        row(
          `transaction ${transaction}`,
          `${isolation}, sees #${formatCount(sequence)}, ${counted(entries, 'own write')}`,
        ),
      ),
      ...state.problems.slice(-3).map((problem) => row('problem', problem.message)),
    ],
    options: optionRows(store.options),
  };
}

/** They stay the same while a store is open: asked for with every frame, they are sorted once. */
const optionsSorted = new WeakMap<StoreInfo['options'], readonly InspectionRow[]>();

/** By name, as the engine itself calls them; what nobody has set says nothing. */
function optionRows(options: StoreInfo['options']): readonly InspectionRow[] {
  const known = optionsSorted.get(options);
  if (known !== undefined) return known;
  const rows = Object.entries(options)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => row(name, String(value)));
  optionsSorted.set(options, rows);
  return rows;
}

/** What only an engine that runs here counts. */
function writeRows(counters: Counters): readonly InspectionRow[] {
  return [
    row('puts', formatCount(counters.puts)),
    row('deletes', formatCount(counters.deletes)),
    row('flushes', formatCount(counters.flushes)),
    row('compactions', formatCount(counters.compactions)),
  ];
}

function row(name: string, value: string, isKey = false): InspectionRow {
  return isKey ? { name, value, isKey } : { name, value };
}

// A store's figures as OpenMetrics text (version 1.0.0, github.com/prometheus/OpenMetrics), which
// Prometheus and its like collect. docs/metrics.md lists every metric.
//
// The text is families one after the other, each `# TYPE`, `# UNIT` (when it has one), `# HELP` and
// its samples, and ends with `# EOF`. A unit is the last word of its family's name; a counter's
// samples end in `_total`.

import type { Counters } from '../protocol/events.ts';
import type {
  FamilyStats,
  LatencyName,
  LatencyStats,
  LevelShape,
  LevelStats,
  StoreStats,
} from '../protocol/storeStats.ts';

/** What the text's media type is called. */
export const OPEN_METRICS_TYPE = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

type Labels = Readonly<Record<string, string>>;

interface Sample {
  readonly suffix: string;
  readonly labels: Labels;
  readonly value: number;
}

interface Family {
  readonly name: string;
  readonly type: 'gauge' | 'counter' | 'histogram';
  readonly unit: '' | 'bytes' | 'seconds' | 'ratio';
  readonly help: string;
  readonly samples: readonly Sample[];
}

/** The figures as text; `directory` tells stores apart. */
export function openMetricsText(stats: StoreStats, directory: string): string {
  const store = { store: directory };
  const families = [
    ...gauges(stats, store),
    ...memtableGauges(stats.families, store),
    ...counters(stats, store),
    ...shapeGauges(stats.families, store),
    ...levelFigures(stats.levels, store),
    ...latencyFamilies(stats.latencies, store),
  ];
  return `${families.map(textOf).join('')}# EOF\n`;
}

function textOf({ name, type, unit, help, samples }: Family): string {
  const head = [`# TYPE ${name} ${type}`];
  if (unit !== '') head.push(`# UNIT ${name} ${unit}`);
  head.push(`# HELP ${name} ${escaped(help)}`);
  const lines = samples.map(({ suffix, labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
    return `${name}${suffix}{${pairs.join(',')}} ${value}`;
  });
  return `${[...head, ...lines].join('\n')}\n`;
}

/** A backslash, a quote and a line feed cannot stand in a text as they are. */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function gauges(stats: StoreStats, labels: Labels): Family[] {
  const gauge = (name: string, unit: Family['unit'], help: string, value: number): Family => {
    return {
      name: `lsm_${name}`,
      type: 'gauge',
      unit,
      help,
      samples: [{ suffix: '', labels, value }],
    };
  };
  return [
    gauge('disk_bytes', 'bytes', 'Tables, log and manifest.', stats.diskUsageBytes),
    gauge('wal_bytes', 'bytes', 'Log segments on disk.', stats.walSizeBytes),
    gauge('last_sequence', '', 'Sequence number of the newest write.', stats.lastSequence),
    gauge('snapshots', '', 'Snapshots that are held.', stats.snapshots),
    gauge('cache_bytes', 'bytes', 'Blocks in the block cache.', stats.cacheSizeBytes),
    gauge('cache_capacity_bytes', 'bytes', 'What it may hold.', stats.cacheCapacityBytes),
    gauge('open_tables', '', 'Tables that are open.', stats.openTables),
    gauge('open_tables_bytes', 'bytes', 'Their indexes and filters.', stats.openTablesSizeBytes),
  ];
}

type MakeCounter = (
  name: string,
  unit: Family['unit'],
  help: string,
  ...samples: readonly (readonly [Labels, number])[]
) => Family;

function counters({ counters: totals }: StoreStats, labels: Labels): Family[] {
  const counter: MakeCounter = (name, unit, help, ...samples) => ({
    name: `lsm_${name}`,
    type: 'counter',
    unit,
    help,
    samples: samples.map(([own, value]) => ({
      suffix: '_total',
      labels: { ...labels, ...own },
      value,
    })),
  });
  const hits: Labels = { result: 'hit' };
  const misses: Labels = { result: 'miss' };
  return [
    counter(
      'writes',
      '',
      'Entries written.',
      [{ kind: 'put' }, totals.puts],
      [{ kind: 'delete' }, totals.deletes],
      [{ kind: 'range-delete' }, totals.rangeDeletes],
      [{ kind: 'merge' }, totals.merges],
    ),
    counter(
      'gets',
      '',
      'Point reads.',
      [{ result: 'found' }, totals.getsFound],
      [{ result: 'absent' }, totals.gets - totals.getsFound],
    ),
    counter('scans', '', 'Iterators that were opened.', [{}, totals.scans]),
    counter('user_written_bytes', 'bytes', 'Keys and values.', [{}, totals.userBytesWritten]),
    counter(
      'written_bytes',
      'bytes',
      'Written to disk.',
      [{ by: 'wal' }, totals.walBytesWritten],
      [{ by: 'flush' }, totals.flushBytesWritten],
      [{ by: 'compaction' }, totals.compactionBytesWritten],
    ),
    counter('wal_syncs', '', 'Syncs of the log.', [{}, totals.walSyncs]),
    counter('flushes', '', 'Flushes that ended.', [{}, totals.flushes]),
    counter('compactions', '', 'Compactions that ended.', [{}, totals.compactions]),
    counter('compaction_read_bytes', 'bytes', 'Read to merge.', [{}, totals.compactionBytesRead]),
    counter('block_reads', '', 'Blocks read from disk.', [{}, totals.blockReads]),
    counter('block_read_bytes', 'bytes', 'Their bytes.', [{}, totals.blockBytesRead]),
    counter(
      'cache_lookups',
      '',
      'Blocks asked of the cache.',
      [hits, totals.cacheHits],
      [misses, totals.cacheMisses],
    ),
    ...waits(totals, counter),
  ];
}

/** Time that went by while work was there to be done. */
function waits(totals: Counters, counter: MakeCounter): Family[] {
  return [
    counter(
      'stall_seconds',
      'seconds',
      'Time that writers waited, by what held them.',
      [{ limit: 'immutable-memtables' }, totals.stallMemtablesMicros / 1e6],
      [{ limit: 'l0-tables' }, totals.stallL0Micros / 1e6],
      [{ limit: 'pending-bytes' }, totals.stallPendingBytesMicros / 1e6],
    ),
    counter(
      'compaction_wait_seconds',
      'seconds',
      'Time that compactions slept to keep to their rate.',
      [{}, totals.compactionWaitMicros / 1e6],
    ),
  ];
}

/** A gauge with one sample for each column family. */
function memtableGauges(families: readonly FamilyStats[], labels: Labels): Family[] {
  const gauge = (
    name: string,
    unit: Family['unit'],
    help: string,
    figure: (family: FamilyStats) => number,
  ): Family => ({
    name: `lsm_${name}`,
    type: 'gauge',
    unit,
    help,
    samples: families.map((family) => {
      return { suffix: '', labels: { ...labels, family: family.name }, value: figure(family) };
    }),
  });
  return [
    gauge('memtable_bytes', 'bytes', 'Size of the active memtable.', (family) => {
      return family.memtableSizeBytes;
    }),
    gauge('memtable_entries', '', 'Entries in the active memtable.', (family) => {
      return family.memtableEntries;
    }),
    gauge('immutable_memtables', '', 'Sealed memtables.', (family) => family.immutableMemtables),
  ];
}

/** How each level of each column family is. */
function shapeGauges(families: readonly FamilyStats[], labels: Labels): Family[] {
  const gauge = (
    name: string,
    unit: Family['unit'],
    help: string,
    figure: (level: LevelShape) => number,
  ): Family => ({
    name: `lsm_level_${name}`,
    type: 'gauge',
    unit,
    help,
    samples: families.flatMap((family) =>
      family.levels.map((level) => ({
        suffix: '',
        labels: { ...labels, family: family.name, level: String(level.level) },
        value: figure(level),
      })),
    ),
  });
  return [
    gauge('tables', '', 'Tables.', ({ tables }) => tables),
    gauge('runs', '', 'Sorted runs.', ({ runs }) => runs),
    gauge('bytes', 'bytes', 'Size of the tables.', ({ sizeBytes }) => sizeBytes),
    gauge('entries', '', 'Entries in them.', ({ entries }) => entries),
    gauge('tombstones', '', 'Tombstones in them.', ({ tombstones }) => tombstones),
    gauge('score', '', 'Due for compaction from 1 on.', ({ score }) => score),
  ];
}

type LevelFigure = readonly [labels: Labels, figure: (level: LevelStats) => number];

/** Makes a family of samples, one for each level and figure. */
type MakeLevelFamily = (
  name: string,
  type: 'gauge' | 'counter',
  unit: Family['unit'],
  help: string,
  ...figures: readonly LevelFigure[]
) => Family;

/** What was done to each level, for all column families. */
function levelFigures(levels: readonly LevelStats[], labels: Labels): Family[] {
  const family: MakeLevelFamily = (name, type, unit, help, ...figures) => ({
    name: `lsm_level_${name}`,
    type,
    unit,
    help,
    samples: levels.flatMap((level) =>
      figures.map(([own, figure]) => ({
        suffix: type === 'counter' ? '_total' : '',
        labels: { ...labels, level: String(level.level), ...own },
        value: figure(level),
      })),
    ),
  });
  return flowFamilies(family);
}

function flowFamilies(family: MakeLevelFamily): Family[] {
  return [
    family('jobs', 'counter', '', 'Flushes and compactions into it.', [
      {},
      ({ flow }) => flow.jobs,
    ]),
    family(
      'read_bytes',
      'counter',
      'bytes',
      'Read by compactions into it.',
      [{ from: 'above' }, ({ flow }) => flow.bytesReadAbove],
      [{ from: 'own' }, ({ flow }) => flow.bytesReadOwn],
    ),
    family('written_bytes', 'counter', 'bytes', 'Written into it.', [
      {},
      ({ flow }) => flow.bytesWritten,
    ]),
    family('moved_bytes', 'counter', 'bytes', 'Moved into it as they were.', [
      {},
      ({ flow }) => flow.bytesMoved,
    ]),
    family('dropped_entries', 'counter', '', 'Entries not written again.', [
      {},
      ({ flow }) => flow.entriesDropped,
    ]),
    family('busy_seconds', 'counter', 'seconds', 'Time of jobs into it.', [
      {},
      ({ flow }) => flow.durationMicros / 1e6,
    ]),
    family(
      'filter_checks',
      'counter',
      '',
      'Filters asked by gets.',
      [{ result: 'absent' }, ({ flow }) => flow.filterNegatives],
      [{ result: 'false_positive' }, ({ flow }) => flow.filterFalsePositives],
      [
        { result: 'present' },
        ({ flow }) => flow.filterChecks - flow.filterNegatives - flow.filterFalsePositives,
      ],
    ),
    family('filter_predicted_ratio', 'gauge', 'ratio', 'False positives that filters promise.', [
      {},
      ({ filterPredictedRate }) => filterPredictedRate,
    ]),
  ];
}

const LATENCIES: Readonly<Record<LatencyName, readonly [name: string, help: string]>> = {
  get: ['get', 'Point reads, one in 17.'],
  write: ['write', 'Groups of writes, waits included, one in 17.'],
  sync: ['wal_sync', 'Syncs of the log.'],
  flush: ['flush', 'Flushes.'],
  compaction: ['compaction', 'Compactions.'],
  stall: ['stall', 'Waits of a group of writes.'],
  blockRead: ['block_read', 'Blocks that the cache did not have, one in 17.'],
};

function latencyFamilies(
  latencies: Readonly<Record<LatencyName, LatencyStats>>,
  labels: Labels,
): Family[] {
  return Object.entries(LATENCIES).map(([latency, [name, help]]) => ({
    name: `lsm_${name}_duration_seconds`,
    type: 'histogram',
    unit: 'seconds',
    help,
    samples: histogramSamples(latencies[latency as LatencyName], labels),
  }));
}

/** Buckets end at powers of two of a microsecond: durations are whole ones, rounded down. */
function histogramSamples(stats: LatencyStats, labels: Labels): Sample[] {
  const bucket = (le: string, value: number): Sample => {
    return { suffix: '_bucket', labels: { ...labels, le }, value };
  };
  return [
    ...stats.belowPowers.map((below, power) => bucket(String(2 ** power / 1e6), below)),
    bucket('+Inf', stats.count),
    { suffix: '_count', labels, value: stats.count },
    { suffix: '_sum', labels, value: stats.sumMicros / 1e6 },
  ];
}

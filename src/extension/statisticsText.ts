// A store's figures as a Markdown page, for Show Statistics. docs/metrics.md says what each means.

import type { LatencyStats, LevelStats, StoreStats } from '../protocol/storeStats.ts';

/** The page. */
export function statisticsText(name: string, stats: StoreStats): string {
  return [
    `# Statistics of ${name}`,
    table(['Figure', 'Value'], figureRows(stats)),
    '## Levels',
    table(
      ['Level', 'Tables', 'Runs', 'Bytes', 'Entries', 'Tombstones', 'Score', 'Share of largest'],
      stats.levels.map(levelRow),
    ),
    '## Flushes and compactions into each level, since it was opened',
    table(
      [
        'Level',
        'Jobs',
        'Read above',
        'Read own',
        'Written',
        'Moved',
        'W-amp',
        'Dropped',
        'Seconds',
      ],
      stats.levels.map(flowRow),
    ),
    '## Filters, since it was opened',
    table(
      ['Level', 'Checks', 'Said absent', 'False positives', 'Observed rate', 'Predicted rate'],
      stats.levels.map(filterRow),
    ),
    '## Durations, microseconds',
    table(
      ['Work', 'Timed', 'Median', '90 %', '99 %', '99.9 %', 'Longest'],
      Object.entries(stats.latencies).map(latencyRow),
    ),
  ].join('\n\n');
}

/** The first column is set left, the others right. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [header, rule, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function figureRows(stats: StoreStats): string[][] {
  return [
    [
      'Memtable',
      `${count(stats.memtableEntries)} entries, ${count(stats.memtableSizeBytes)} bytes`,
    ],
    ['Immutable memtables', count(stats.immutableMemtables)],
    ['Tables', `${count(stats.tables)} with ${count(stats.tableEntries)} entries`],
    ['Tombstones in tables', count(stats.tombstones)],
    ['Disk usage', `${count(stats.diskUsageBytes)} bytes`],
    ['Write-ahead log', `${count(stats.walSizeBytes)} bytes`],
    ['Last sequence number', count(stats.lastSequence)],
    ['Snapshots', count(stats.snapshots)],
    ['Write amplification', `${stats.writeAmplification.toFixed(2)} ×`],
    ['Read amplification', `${stats.readAmplification.toFixed(2)} blocks a get`],
    ['Space amplification', `${stats.spaceAmplification.toFixed(2)} ×`],
    ['Filter false positives', percent(stats.filterFalsePositiveRate)],
    ['Block cache hits', percent(stats.cacheHitRate)],
    ['Block cache', `${count(stats.cacheSizeBytes)} of ${count(stats.cacheCapacityBytes)} bytes`],
    ['Writers waited', seconds(stats.counters.stallMicros)],
    ['for a flush', seconds(stats.counters.stallMemtablesMicros)],
    ['for level 0', seconds(stats.counters.stallL0Micros)],
    ['for compactions that were due', seconds(stats.counters.stallPendingBytesMicros)],
    ['Compactions waited for their rate', seconds(stats.counters.compactionWaitMicros)],
  ];
}

function levelRow(level: LevelStats): string[] {
  const { tables, runs, sizeBytes, entries, tombstones } = level;
  const counts = [tables, runs, sizeBytes, entries, tombstones].map(count);
  return [`L${level.level}`, ...counts, level.score.toFixed(2), percent(level.spaceAmplification)];
}

function flowRow({ level, flow, writeAmplification }: LevelStats): string[] {
  return [
    `L${level}`,
    ...[flow.jobs, flow.bytesReadAbove, flow.bytesReadOwn].map(count),
    ...[flow.bytesWritten, flow.bytesMoved].map(count),
    writeAmplification.toFixed(2),
    count(flow.entriesDropped),
    (flow.durationMicros / 1e6).toFixed(3),
  ];
}

function filterRow(level: LevelStats): string[] {
  const { filterChecks, filterNegatives, filterFalsePositives } = level.flow;
  return [
    `L${level.level}`,
    ...[filterChecks, filterNegatives, filterFalsePositives].map(count),
    percent(level.filterFalsePositiveRate),
    percent(level.filterPredictedRate),
  ];
}

function latencyRow([work, stats]: readonly [string, LatencyStats]): string[] {
  const { p50Micros, p90Micros, p99Micros, p999Micros, maxMicros } = stats;
  const durations = [p50Micros, p90Micros, p99Micros, p999Micros, maxMicros];
  return [work, ...[stats.count, ...durations].map(count)];
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function seconds(micros: number): string {
  return `${(micros / 1e6).toFixed(3)} s`;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

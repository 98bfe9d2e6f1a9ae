// `lsm-lens stats`: how large a store is and how it is spread over its levels.

import type { Command } from 'commander';
import { formatBytes, formatCount, formatTable } from '../format.ts';
import { print, printJson } from '../output.ts';
import type { StoreStats } from '../../protocol/storeStats.ts';
import { openMetricsText } from '../../session/openMetrics.ts';
import { withProgressLine } from '../progressLine.ts';
import { readCatalogue } from '../../session/openCatalogue.ts';

/** Adds the command. */
export function addStats(program: Command): void {
  program
    .command('stats')
    .summary('print sizes, counts and amplification')
    .description(
      'Prints figures of a store. Takes no lock and writes nothing. Rates and counters run ' +
        'since the store was opened, so a look from outside has none; scores are against the ' +
        'default sizes.',
    )
    .argument('<directory>', 'the store')
    .option('--json', 'print one object')
    .option('--openmetrics', 'print OpenMetrics text, for Prometheus and its like')
    .addHelpText(
      'after',
      `
With --json: every figure of docs/metrics.md in one object: {"memtableSizeBytes", …, "levels":
[{"level", "tables", "runs", "sizeBytes", "entries", "tombstones", "score", …, "flow": {…}}],
"writeAmplification", "readAmplification", "spaceAmplification", "filterFalsePositiveRate",
"cacheHitRate", "latencies": {…}, "counters": {…}}.

Examples:
  lsm-lens stats ./data
  lsm-lens stats ./data --openmetrics`,
    )
    .action(runStats);
}

interface StatsChoices {
  readonly json?: boolean;
  readonly openmetrics?: boolean;
}

async function runStats(directory: string, { json, openmetrics }: StatsChoices): Promise<void> {
  const stats = await withProgressLine('counting', (watch) =>
    readCatalogue(directory, (store) => store.stats(watch), watch),
  );
  if (openmetrics) await print(openMetricsText(stats, directory));
  else if (json) await printJson(stats);
  else await print(describe(stats));
}

function describe(stats: StoreStats): string {
  const figures = [
    ['on disk', formatBytes(stats.diskUsageBytes)],
    [
      'in tables',
      `${formatCount(stats.tableEntries)} entries in ${formatCount(stats.tables)} tables`,
    ],
    ['tombstones', formatCount(stats.tombstones)],
    [
      'in memory',
      `${formatCount(stats.memtableEntries)} entries, ${formatBytes(stats.memtableSizeBytes)}`,
    ],
    ['log', formatBytes(stats.walSizeBytes)],
    ['last sequence', formatCount(stats.lastSequence)],
    ['space amplification', stats.spaceAmplification.toFixed(2)],
  ] as const;
  const header = [
    'level',
    'tables',
    'runs',
    'size',
    'entries',
    'tombstones',
    'score',
    'filter errs',
  ];
  const levels = stats.levels.map((level) => [
    `L${level.level}`,
    formatCount(level.tables),
    formatCount(level.runs),
    formatBytes(level.sizeBytes),
    formatCount(level.entries),
    formatCount(level.tombstones),
    level.score.toFixed(2),
    `${(level.filterPredictedRate * 100).toFixed(2)} %`,
  ]);
  const lines = figures.map(([name, figure]) => `${name.padEnd(20)}${figure}\n`);
  return `${lines.join('')}\n${formatTable([header, ...levels])}`;
}

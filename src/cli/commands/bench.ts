// `lsm-lens bench`: what this machine does with this engine, measured now, in a store made for it.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { integerBetween, sizeInBytes } from '../arguments.ts';
import { measureDelays } from '../bench/measureDelays.ts';
import type { DelayMeasurement, DelayPlan } from '../bench/measureDelays.ts';
import type { BenchPlan } from '../bench/benchEntries.ts';
import { measureForeign } from '../bench/measureForeign.ts';
import { measureStore } from '../bench/measureStore.ts';
import type { Measurement } from '../bench/measureStore.ts';
import { formatBytes, formatCount, formatTable, plural } from '../format.ts';
import { print, printJson } from '../output.ts';

interface BenchOptions {
  readonly operations: number;
  readonly valueSize: number;
  readonly seed: number;
  readonly compactionSize: number;
  readonly directory: string;
  readonly foreign?: string;
  readonly json?: boolean;
}

/** Adds the command. */
export function addBench(program: Command): void {
  program
    .command('bench')
    .summary('measure writes, reads, scans and compaction')
    .description(
      'Fills fresh stores of 16-byte keys and measures them; what it made is removed at the end.',
    )
    .option(
      '--operations <count>',
      'writes and reads in each step',
      integerBetween(1, 1e7),
      100_000,
    )
    .option('--value-size <bytes>', 'bytes of each value', integerBetween(0, 2 ** 20), 100)
    .option('--seed <number>', 'chooses keys and values', integerBetween(0, 2 ** 32 - 1), 1)
    .option(
      '--compaction-size <bytes>',
      'data merged while the event loop is watched; 0 leaves that out',
      sizeInBytes,
      256 * 1024 * 1024,
    )
    .option('--directory <directory>', 'where to make the stores', os.tmpdir())
    .option('--foreign <directory>', 'measure reading this directory of another engine instead')
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
With --json: {"machine": {"node", "platform", "processor", "cores"}, "options": {…}, "measurements":
[{"name", "operations", "microsPerOperation", "operationsPerSecond", "megabytesPerSecond"}],
"delays":
[{"name", "seconds", "megabytes", "delayMedianMillis", "delayP99Millis", "delayMaxMillis"}]}.
Megabytes are of keys and values. Writes are not synced one by one unless the step says so. A delay
is how late the event loop of the store's thread was while the store was compacted.
With --foreign --json: {"machine": {…}, "directory", "tables", "tableBytes",
"firstPictureMillis", "firstPictureMegabytes", "tracedGetMillis", "scanEntries",
"scanMegabytesPerSecond"}. The first picture is there when a viewer has been told everything that it
shows; the memory is the whole process's then.

Examples:
  lsm-lens bench --operations 200000 --json
  lsm-lens bench --foreign ./leveldb`,
    )
    .action(runBench);
}

async function runBench({ foreign, ...options }: BenchOptions): Promise<void> {
  if (foreign === undefined) await benchOwn(options);
  else await benchForeign(path.resolve(foreign), options.json);
}

async function benchForeign(directory: string, json = false): Promise<void> {
  const figures = await measureForeign(directory);
  if (json) return printJson({ machine: machine(), directory, ...figures });
  const speed = `${figures.scanMegabytesPerSecond.toFixed(1)} MB/s`;
  const rows = [
    ['tables', `${formatCount(figures.tables)}, ${formatBytes(figures.tableBytes)}`],
    ['first picture', `${formatCount(figures.firstPictureMillis)} ms`],
    ['memory then', `${formatCount(figures.firstPictureMegabytes)} MB`],
    ['get, each step told', `${figures.tracedGetMillis.toFixed(2)} ms`],
    ['scan', `${plural(figures.scanEntries, 'entry', 'entries')} at ${speed}`],
  ];
  await print(formatTable(rows));
}

async function benchOwn({
  json,
  directory,
  ...options
}: Omit<BenchOptions, 'foreign'>): Promise<void> {
  const scratch = await mkdtemp(path.join(path.resolve(directory), 'lsm-lens-bench-'));
  try {
    const silent = json === true;
    const measurements = await measureSteps(scratch, options, silent);
    const delays =
      options.compactionSize === 0 ? [] : await watchEventLoop(scratch, options, silent);
    if (json) await printJson({ machine: machine(), options, measurements, delays });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function measureSteps(
  scratch: string,
  plan: BenchPlan,
  silent: boolean,
): Promise<readonly Measurement[]> {
  const measurements: Measurement[] = [];
  if (!silent) await print(formatRow(['step', 'operations', 'µs/op', 'op/s', 'MB/s']));
  for await (const measurement of measureStore(scratch, plan)) {
    measurements.push(measurement);
    if (!silent) await print(formatRow(cellsOf(measurement)));
  }
  return measurements;
}

async function watchEventLoop(
  scratch: string,
  plan: DelayPlan,
  silent: boolean,
): Promise<readonly DelayMeasurement[]> {
  const delays: DelayMeasurement[] = [];
  if (!silent)
    await print(`\n${formatRow(['event loop late by', 'median ms', 'p99', 'max', 's'])}`);
  for await (const delay of measureDelays(scratch, plan)) {
    delays.push(delay);
    if (!silent) await print(formatRow(delayCellsOf(delay)));
  }
  return delays;
}

function machine(): Readonly<Record<string, string | number>> {
  const processors = os.cpus();
  return {
    node: process.version,
    platform: `${process.platform} ${os.release()}`,
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
  };
}

function cellsOf(measurement: Measurement): readonly string[] {
  return [
    measurement.name,
    formatCount(measurement.operations),
    measurement.microsPerOperation.toFixed(2),
    formatCount(measurement.operationsPerSecond),
    measurement.megabytesPerSecond.toFixed(1),
  ];
}

function delayCellsOf(delay: DelayMeasurement): readonly string[] {
  return [
    delay.name,
    delay.delayMedianMillis.toFixed(1),
    delay.delayP99Millis.toFixed(1),
    delay.delayMaxMillis.toFixed(1),
    delay.seconds.toFixed(1),
  ];
}

/** A row of its own, so that each step shows when it is done. */
function formatRow(cells: readonly string[]): string {
  const widths = [24, 12, 10, 12, 8];
  return formatTable([
    cells.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
    ),
  ]);
}

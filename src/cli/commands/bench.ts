// `lsm-lens bench`: what this machine does with this engine, measured now, in a store made for it.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { integerBetween, sizeInBytes } from '../arguments.ts';
import { measureAmplification } from '../bench/measureAmplification.ts';
import type { AmplificationMeasurement } from '../bench/measureAmplification.ts';
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
  readonly amplification?: boolean;
  readonly json?: boolean;
}

type OwnOptions = Omit<BenchOptions, 'foreign' | 'amplification' | 'directory'>;

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
    .option(
      '--amplification',
      'measure instead what each compaction strategy makes of the same overwriting puts',
    )
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
With --amplification --json: {"machine": {…}, "options": {…}, "amplification": [{"strategy",
"writeAmplification", "readAmplification", "spaceAmplification", "runs", "tables", "levels",
"seconds"}]}: bytes that flushes and merges wrote per byte put, data blocks per get, bytes of tables
per byte alive; tables of each level. --operations are the puts, five to a key.
With --foreign --json: {"machine": {…}, "directory", "tables", "tableBytes",
"firstPictureMillis", "firstPictureMegabytes", "tracedGetMillis", "scanEntries",
"scanMegabytesPerSecond"}. The first picture is there when a viewer has been told everything that it
shows; the memory is the whole process's then.

Examples:
  lsm-lens bench --operations 200000 --json
  lsm-lens bench --amplification --operations 400000
  lsm-lens bench --foreign ./leveldb`,
    )
    .action(runBench);
}

async function runBench({ foreign, amplification, ...options }: BenchOptions): Promise<void> {
  if (foreign !== undefined) await benchForeign(path.resolve(foreign), options.json);
  else if (amplification) await inScratch(options, benchStrategies);
  else await inScratch(options, benchOwn);
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

/** The directory is made for it, and gone afterwards. */
async function inScratch(
  { directory, ...options }: Omit<BenchOptions, 'foreign' | 'amplification'>,
  bench: (scratch: string, options: OwnOptions) => Promise<void>,
): Promise<void> {
  const scratch = await mkdtemp(path.join(path.resolve(directory), 'lsm-lens-bench-'));
  try {
    await bench(scratch, options);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function benchOwn(scratch: string, { json, ...options }: OwnOptions): Promise<void> {
  const silent = json === true;
  const measurements = await measureSteps(scratch, options, silent);
  const delays = options.compactionSize === 0 ? [] : await watchEventLoop(scratch, options, silent);
  if (json) await printJson({ machine: machine(), options, measurements, delays });
}

async function benchStrategies(
  scratch: string,
  { json, operations, valueSize, seed }: OwnOptions,
): Promise<void> {
  const options = { operations, valueSize, seed };
  const amplification: AmplificationMeasurement[] = [];
  const titles = ['strategy', 'write', 'read', 'space', 'runs', 'tables by level'];
  if (!json) await print(formatRow(titles));
  for await (const measurement of measureAmplification(scratch, options)) {
    amplification.push(measurement);
    if (!json) await print(formatRow(amplificationCellsOf(measurement)));
  }
  if (json) await printJson({ machine: machine(), options, amplification });
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

function amplificationCellsOf(measurement: AmplificationMeasurement): readonly string[] {
  const { strategy, runs, levels } = measurement;
  const ratios = [
    measurement.writeAmplification,
    measurement.readAmplification,
    measurement.spaceAmplification,
  ];
  return [
    strategy,
    ...ratios.map((ratio) => ratio.toFixed(2)),
    formatCount(runs),
    levels.join(' '),
  ];
}

/** A row of its own, so that each step shows when it is done. */
function formatRow(cells: readonly string[]): string {
  const widths = [24, 12, 10, 12, 8, 18];
  return formatTable([
    cells.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
    ),
  ]);
}

// `lsm-lens bench`: what this machine does with this engine, measured now, in a store made for it.

import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Command } from 'commander';
import { integerBetween } from '../arguments.ts';
import { measureStore } from '../bench/measureStore.ts';
import type { Measurement } from '../bench/measureStore.ts';
import { formatCount, formatTable } from '../format.ts';
import { print, printJson } from '../output.ts';

interface BenchOptions {
  readonly operations: number;
  readonly valueSize: number;
  readonly seed: number;
  readonly directory: string;
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
    .option('--directory <directory>', 'where to make the stores', os.tmpdir())
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
With --json: {"machine": {"node", "platform", "processor", "cores"}, "options": {…}, "measurements":
[{"name", "operations", "microsPerOperation", "operationsPerSecond", "megabytesPerSecond"}]}.
Megabytes are of keys and values. Writes are not synced one by one unless the step says so.

Example:
  lsm-lens bench --operations 200000 --json`,
    )
    .action(runBench);
}

async function runBench({ json, directory, ...options }: BenchOptions): Promise<void> {
  const scratch = await mkdtemp(path.join(path.resolve(directory), 'lsm-lens-bench-'));
  try {
    const measurements: Measurement[] = [];
    if (!json) await print(formatRow(['step', 'operations', 'µs/op', 'op/s', 'MB/s']));
    for await (const measurement of measureStore(scratch, options)) {
      measurements.push(measurement);
      if (!json) await print(formatRow(cellsOf(measurement)));
    }
    if (json) await printJson({ machine: machine(), options, measurements });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
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

/** A row of its own, so that each step shows when it is done. */
function formatRow(cells: readonly string[]): string {
  const widths = [24, 12, 10, 12, 8];
  return formatTable([
    cells.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
    ),
  ]);
}

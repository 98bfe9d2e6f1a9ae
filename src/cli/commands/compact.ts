// `lsm-lens compact`: merges a store down.

import type { Command } from 'commander';
import { formatBytes, formatCount } from '../format.ts';
import { printJson, printLine } from '../output.ts';
import { ProgressLine } from '../progressLine.ts';
import { writingTo } from '../writingTo.ts';
import { hostClock } from '../../session/hostClock.ts';
import type { EditableCatalogue } from '../../session/catalogue.ts';

interface CompactOptions {
  readonly json?: boolean;
}

interface Size {
  readonly tables: number;
  readonly sizeBytes: number;
}

/** Adds the command. */
export function addCompact(program: Command): void {
  program
    .command('compact')
    .summary('flush and merge a store down')
    .description('Flushes what is in memory and merges all tables until nothing is left to merge.')
    .argument('<directory>', 'the store')
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
With --json: {"before": {"tables", "sizeBytes"}, "after": {"tables", "sizeBytes"}, "durationMs"}.

Example:
  lsm-lens compact ./data`,
    )
    .action(runCompact);
}

async function runCompact(directory: string, { json }: CompactOptions): Promise<void> {
  const beganMicros = hostClock.monotonicMicros();
  const progress = new ProgressLine('compacting');
  const report = await writingTo(directory, { createIfMissing: false }, async (store, signal) => {
    await store.flush();
    const before = sizeOf(store);
    await store.compact({ onProgress: progress.show, signal });
    return {
      before,
      after: sizeOf(store),
      durationMs: Math.round((hostClock.monotonicMicros() - beganMicros) / 1000),
    };
  }).finally(() => progress.finish());
  if (json) await printJson(report);
  else await printLine(`${describe(report.before)} became ${describe(report.after)}`);
}

function sizeOf(store: EditableCatalogue): Size {
  const { tables, levels } = store.stats();
  return { tables, sizeBytes: levels.reduce((sum, level) => sum + level.sizeBytes, 0) };
}

function describe({ tables, sizeBytes }: Size): string {
  return `${formatCount(tables)} tables of ${formatBytes(sizeBytes)}`;
}

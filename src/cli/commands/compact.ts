// `lsm-lens compact`: merges a store down.

import { Option } from 'commander';
import type { Command } from 'commander';
import { integerBetween, optionalBytesOf } from '../arguments.ts';
import type { FamilyChoice } from '../columnFamilyOption.ts';
import { formatBytes, plural } from '../format.ts';
import { printJson, printLine } from '../output.ts';
import { withProgressLine } from '../progressLine.ts';
import { writingTo } from '../writingTo.ts';
import { hostClock } from '../../session/hostClock.ts';
import type { CompactionChoice, EditableCatalogue } from '../../session/catalogue.ts';
import { BOTTOMMOST_CHOICES, LEVEL_MAX } from '../../session/storeOptionTable.ts';

interface CompactOptions extends FamilyChoice {
  readonly from?: string;
  readonly to?: string;
  readonly hex?: boolean;
  readonly targetLevel?: number;
  readonly bottommost: CompactionChoice['bottommostLevel'];
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
    .option('--from <key>', 'only tables from this key on')
    .option('--to <key>', 'only tables up to this key, inclusive')
    .option('--hex', 'keys are given as hexadecimal digits')
    .option(
      '--target-level <level>',
      'end there; deeper tables stay. The deepest level in use if left out',
      integerBetween(1, LEVEL_MAX),
    )
    .addOption(
      new Option(
        '--bottommost <how>',
        'which tables that lie at the end already are rewritten, too',
      )
        .choices(BOTTOMMOST_CHOICES)
        .default('force', 'all'),
    )
    .option('--column-family <name>', 'only this column family; all of them if left out')
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
With --bottommost if-needed, only tables with deletes, or with another compression than the options
say; with skip, none. Both, and --target-level, are for strategies that have levels.
Interrupted, it stops within a merge: what that one made is taken away, what was merged before
stays.
With --json: {"before": {"tables", "sizeBytes"}, "after": {"tables", "sizeBytes"}, "durationMs"}.

Examples:
  lsm-lens compact ./data
  lsm-lens compact ./data --from user:1 --to user:9 --target-level 2 --bottommost skip`,
    )
    .action(runCompact);
}

async function runCompact(directory: string, options: CompactOptions): Promise<void> {
  const beganMicros = hostClock.monotonicMicros();
  const choice = choiceOf(options);
  const report = await withProgressLine('compacting', (watch) =>
    writingTo(directory, { createIfMissing: false }, async (store, signal) => {
      await store.flush();
      const before = sizeOf(store);
      await store.compact({ ...choice, ...watch, signal });
      return {
        before,
        after: sizeOf(store),
        durationMs: Math.round((hostClock.monotonicMicros() - beganMicros) / 1000),
      };
    }),
  );
  if (options.json) await printJson(report);
  else await printLine(`${describe(report.before)} became ${describe(report.after)}`);
}

function choiceOf(options: CompactOptions): CompactionChoice {
  const { columnFamily, targetLevel, bottommost, hex } = options;
  return {
    columnFamily,
    from: optionalBytesOf(options.from, '--from', hex),
    to: optionalBytesOf(options.to, '--to', hex),
    targetLevel,
    // Left to the engine where it is nobody's choice: not every strategy has levels.
    bottommostLevel: bottommost === 'force' ? undefined : bottommost,
  };
}

function sizeOf(store: EditableCatalogue): Size {
  const { tables, levels } = store.stats();
  return { tables, sizeBytes: levels.reduce((sum, level) => sum + level.sizeBytes, 0) };
}

function describe({ tables, sizeBytes }: Size): string {
  return `${plural(tables, 'table', 'tables')} of ${formatBytes(sizeBytes)}`;
}

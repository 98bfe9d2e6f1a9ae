// `lsm-lens repair`: a new store of what can be read of a damaged one.

import type { Command } from 'commander';
import { plural } from '../format.ts';
import { EXIT_PROBLEM } from '../outcome.ts';
import { print, printJson } from '../output.ts';
import { withProgressLine } from '../progressLine.ts';
import { repairDirectory } from '../../session/openCatalogue.ts';
import type { RepairedFileSummary, RepairSummary } from '../../session/catalogue.ts';

interface RepairOptions {
  readonly into: string;
  readonly json?: boolean;
}

/** Adds the command. */
export function addRepair(program: Command): void {
  program
    .command('repair')
    .summary('build a new store of what a damaged one still holds')
    .description(
      'Reads every table and every log of a damaged store, keeps what its checksums prove, and ' +
        'writes it to a new store. The damaged one is not changed. The exit code is 1 when ' +
        'something was lost.',
    )
    .argument('<directory>', 'the damaged store, which nobody should have open')
    .requiredOption('--into <directory>', 'where the new store goes: missing or empty')
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
With --json: {"ok", "files": [{"name", "verdict", "entries", "detail"}], "entries", "tables",
"lastSequence"}. A verdict is whole, partly, lost or unneeded.

Example:
  lsm-lens repair ./data --into ./data.repaired && lsm-lens verify ./data.repaired`,
    )
    .action(runRepair);
}

async function runRepair(directory: string, { into, json }: RepairOptions): Promise<void> {
  const report = await withProgressLine('repairing', (watch) =>
    repairDirectory(directory, into, watch),
  );
  if (json) await printJson(report);
  else await print(describe(report, into));
  if (!report.ok) process.exitCode = EXIT_PROBLEM;
}

function describe(report: RepairSummary, into: string): string {
  const lines = report.files.filter(({ detail }) => detail !== '').map(fileLine);
  const { ok, entries, tables } = report;
  const kept = `${plural(entries, 'entry', 'entries')} in ${plural(tables, 'table')}`;
  const verdict = ok ? 'nothing was lost' : 'what could not be read is lost';
  return `${[...lines, `${into} holds ${kept}; ${verdict}`].join('\n')}\n`;
}

function fileLine({ name, verdict, entries, detail }: RepairedFileSummary): string {
  const kept = verdict === 'partly' ? ` (${plural(entries, 'entry', 'entries')} kept)` : '';
  return `${verdict} ${name}${kept}: ${detail}`;
}

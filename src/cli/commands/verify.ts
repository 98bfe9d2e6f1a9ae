// `lsm-lens verify`: every byte of every file, checked.

import type { Command } from 'commander';
import { formatBytes, plural } from '../format.ts';
import { EXIT_PROBLEM } from '../outcome.ts';
import { print, printJson } from '../output.ts';
import { withProgressLine } from '../progressLine.ts';
import { verifyDirectory } from '../../session/openCatalogue.ts';
import type { Verification } from '../../session/catalogue.ts';

/** Adds the command. */
export function addVerify(program: Command): void {
  program
    .command('verify')
    .summary('check every byte of a store')
    .description(
      'Reads every file and checks every checksum. Takes no lock and writes nothing. The ' +
        'exit code is 1 when a problem was found.',
    )
    .argument('<directory>', 'the store')
    .option('--json', 'print one object')
    .addHelpText(
      'after',
      `
With --json: {"ok", "bytesChecked", "problems": [{"file", "offset", "code", "message"}]}.

Example:
  lsm-lens verify ./data && echo sound`,
    )
    .action(runVerify);
}

async function runVerify(directory: string, { json }: { readonly json?: boolean }): Promise<void> {
  const verification = await withProgressLine('verifying', (watch) =>
    verifyDirectory(directory, watch),
  );
  if (json) await printJson(verification);
  else await print(describe(verification));
  if (!verification.ok) process.exitCode = EXIT_PROBLEM;
}

function describe({ ok, bytesChecked, problems }: Verification): string {
  const lines = problems.map(({ file, offset, code, message }) => {
    const place = offset < 0 ? file : `${file} at byte ${offset}`;
    return `${code} ${place}: ${message}`;
  });
  const verdict = ok ? 'sound' : plural(problems.length, 'problem');
  return `${[...lines, `${verdict}, ${formatBytes(bytesChecked)} checked`].join('\n')}\n`;
}

// How a command ends: 0 good, 1 the store has a problem, 2 wrong usage. Every fault becomes one
// line on stderr; with --json also one object on stdout, so that a script reads a single stream.

import { CommanderError } from 'commander';
import { LsmError, toLsmError } from '../base/errors.ts';
import type { Problem } from '../protocol/treeState.ts';
import { OutputClosedError } from './output.ts';

/** Exit codes that scripts rely on. */
export const EXIT_GOOD = 0;
export const EXIT_PROBLEM = 1;
export const EXIT_USAGE = 2;

/** Problems that are told by a line each. */
const LEFT_OUT_SHOWN = 3;

/** The caller asked for something that no store could do. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** What is printed about a fault with --json. */
interface FaultReport {
  readonly code: string;
  readonly message: string;
  readonly file: string | null;
  readonly offset: number | null;
}

/**
 * Reports what a command threw and answers with the exit code.
 * @param json whether the command was given --json.
 */
export function reportFault(thrown: unknown, json: boolean): number {
  if (thrown instanceof OutputClosedError) return EXIT_GOOD;
  if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT_GOOD;
  // Without a command, commander has printed its help, which says more than a line could.
  if (thrown instanceof CommanderError && thrown.code === 'commander.help') return EXIT_USAGE;
  const fault = describeFault(thrown);
  process.stderr.write(`lsm-lens: ${fault.message}\n`);
  if (json) process.stdout.write(`${JSON.stringify({ error: fault })}\n`);
  return fault.code === 'USAGE' || fault.code === 'INVALID_ARGUMENT' ? EXIT_USAGE : EXIT_PROBLEM;
}

/** Says on stderr what a reading has left out: its output alone would look whole. */
export function reportLeftOut(problems: readonly Problem[]): void {
  for (const { message } of problems.slice(0, LEFT_OUT_SHOWN)) {
    process.stderr.write(`lsm-lens: left out: ${oneLine(message)}\n`);
  }
  const more = problems.length - LEFT_OUT_SHOWN;
  if (more > 0) process.stderr.write(`lsm-lens: and ${more} more; lsm-lens verify tells all\n`);
}

function describeFault(thrown: unknown): FaultReport {
  if (thrown instanceof CommanderError || thrown instanceof UsageError) {
    const message = oneLine(thrown.message.replace(/^error: /, '').replace(/\.$/, ''));
    return { code: 'USAGE', message: `${message}; see lsm-lens --help`, file: null, offset: null };
  }
  const fault = thrown instanceof LsmError ? thrown : toLsmError(thrown);
  return {
    code: fault.code,
    message: oneLine(fault.message),
    file: fault.file ?? null,
    offset: fault.offset ?? null,
  };
}

function oneLine(message: string): string {
  return message.replaceAll(/\s*\n\s*/g, ' ').trim();
}

// `lsm-lens history` and `lsm-lens follow`: what happened in a directory, and what happens in it
// now.

import type { Command } from 'commander';
import { printJson, printLine } from '../output.ts';
import { withProgressLine } from '../progressLine.ts';
import type { ProgressWatch } from '../progressLine.ts';
import { eventLine, plainEvent } from '../plainEvent.ts';
import { untilInterrupted } from '../untilInterrupted.ts';
import { LsmError } from '../../base/errors.ts';
import type { LsmEventBody } from '../../protocol/events.ts';
import { hostClock } from '../../session/hostClock.ts';
import { readPast } from '../../session/openCatalogue.ts';
import type { PastCatalogue, PastEvent } from '../../session/openCatalogue.ts';

interface EventOptions {
  readonly json?: boolean;
}

/** How often a followed directory is looked at. */
const FOLLOW_MILLIS = 250;

const SHAPE = `
With --json: one event a line, {"time", "kind", …} as docs/events.md tells each kind; bytes are
hexadecimal digits under a name that ends in Hex, time is null where nobody wrote it down.`;

/** Adds both commands. */
export function addHistory(program: Command): void {
  program
    .command('history')
    .summary('print how another engine’s tree came to be')
    .description(
      'Prints the events that a directory’s manifest and log for people tell of, oldest first. ' +
        'Takes no lock and writes nothing.',
    )
    .argument('<directory>', 'a directory of LevelDB, RocksDB or Pebble')
    .option('--json', 'print one event a line as an object')
    .addHelpText('after', `${SHAPE}\n\nExample:\n  lsm-lens history ./leveldb --json`)
    .action(runHistory);
  program
    .command('follow')
    .summary('print what another process does to a directory, as it does it')
    .description(
      'Prints events as they happen until it is interrupted, or the store is deleted and begun ' +
        'anew. Takes no lock and writes nothing.',
    )
    .argument('<directory>', 'a directory of LevelDB, RocksDB or Pebble')
    .option('--json', 'print one event a line as an object')
    .addHelpText('after', `${SHAPE}\n\nExample:\n  lsm-lens follow ./leveldb`)
    .action(runFollow);
}

async function runHistory(directory: string, options: EventOptions): Promise<void> {
  const past = await withProgressLine('reading', (watch) => readPast(directory, watch));
  try {
    // On a terminal the lines themselves tell how far it is.
    if (process.stdout.isTTY) for (const event of past.history()) await show(event, options);
    else await withProgressLine('reading', (watch) => showAll(past, options, watch));
  } finally {
    past.close();
  }
}

async function showAll(
  past: PastCatalogue,
  options: EventOptions,
  { onProgress }: ProgressWatch,
): Promise<void> {
  const { edits: total } = past.describe().manifest;
  let done = 0;
  for (const event of past.history()) {
    await show(event, options);
    if (event.body.kind !== 'manifest.edit') continue;
    onProgress({ done: ++done, total, unit: 'edits', message: '' });
  }
}

async function runFollow(directory: string, options: EventOptions): Promise<void> {
  const past = await withProgressLine('reading', (watch) => readPast(directory, watch));
  let isOver = false;
  const interrupted = untilInterrupted().then(() => {
    isOver = true;
  });
  try {
    // What lies in the past is for `history`.
    for (const _ of past.history());
    while (!isOver) {
      for (const { body } of past.follow()) {
        if (isEnd(body)) throw new LsmError('NOT_A_STORE', body.message, body);
        await show({ body, timeMicros: hostClock.wallMicros() }, options);
      }
      await Promise.race([interrupted, new Promise((wake) => setTimeout(wake, FOLLOW_MILLIS))]);
    }
  } finally {
    past.close();
  }
}

/** After it nothing of the directory will be told any more. */
function isEnd(body: LsmEventBody): body is Extract<LsmEventBody, { kind: 'error' }> {
  return body.kind === 'error' && body.code === 'NOT_A_STORE';
}

async function show({ body, timeMicros }: PastEvent, { json }: EventOptions): Promise<void> {
  if (json) await printJson(plainEvent(body, timeMicros));
  else await printLine(eventLine(body, timeMicros));
}

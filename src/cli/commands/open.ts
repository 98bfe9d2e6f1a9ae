// `lsm-lens open`: the visualizer in a browser, on a store, a recording or the demo. It runs until
// it is interrupted; then the tabs are told, the store is closed and its lock is gone.

import type { Command } from 'commander';
import { LsmError } from '../../base/errors.ts';
import { openMetricsText } from '../../session/openMetrics.ts';
import type { OpeningSession } from '../../session/openingSession.ts';
import type { Session } from '../../session/session.ts';
import { integerBetween } from '../arguments.ts';
import { printJson, printLine } from '../output.ts';
import { isAttended, openInBrowser } from '../page/openInBrowser.ts';
import { servePage } from '../page/pageServer.ts';
import type { ServedStore } from '../page/pageServer.ts';
import { ShownCopies } from '../page/shownCopies.ts';
import { addStoreOptions } from '../storeOptions.ts';
import type { StoreChoices } from '../storeOptions.ts';
import { untilInterrupted } from '../untilInterrupted.ts';
import { openTarget } from '../openTarget.ts';

interface OpenOptions extends StoreChoices {
  readonly port: number;
  /** commander's name for the absence of --no-open. */
  readonly open: boolean;
  readonly json?: boolean;
}

/** Adds the command. */
export function addOpen(program: Command): void {
  const command = program
    .command('open')
    .summary('show a store, a recording or the demo in the browser')
    .description('Opens a store and serves the visualizer on 127.0.0.1 until interrupted (Ctrl+C).')
    .argument(
      '[directory]',
      'the store, made when missing; or an .lsmtrace file; default: a demo store in your cache',
    )
    .option('--no-open', 'only print the address; do not start a browser')
    .option('--port <number>', 'default: any that is free', integerBetween(0, 65_535), 0)
    .option('--json', 'print one object instead of lines')
    .addHelpText(
      'after',
      `
The address stands on a line of its own, when it is ready, or when opening turns out to take its
time: then the page says how far it is, and can stop it, which ends the command. It holds a random
token: whoever has it may read and write the store until the command ends; with /metrics before the
? it gives the store's figures as OpenMetrics text. Without a terminal, or where CI is set, no
browser is started.

With --json: {"url", "directory"}.

Examples:
  lsm-lens open
  lsm-lens open ./data --memtable-size 64KiB --compaction size-tiered
  lsm-lens open ./data --no-open --port 8080`,
    )
    .action(runOpen);
  addStoreOptions(command);
}

async function runOpen(directory: string | undefined, options: OpenOptions): Promise<void> {
  const interruption = untilInterrupted();
  const opening = openTarget(directory, options, announce(options.json));
  // What cannot be opened is refused at once; what takes its time is seen to, and can be stopped.
  await Promise.race([opening.opened, opening.begun]);
  try {
    await serve(opening, options, interruption);
  } finally {
    opening.stop();
    const session = await opening.opened.catch(() => undefined);
    await session?.close();
  }
}

async function serve(
  opening: OpeningSession,
  options: OpenOptions,
  interruption: Promise<void>,
): Promise<void> {
  const page = await servePage({
    port: options.port,
    assetsDirectory: __dirname,
    title: `LSM Lens: ${opening.directory}`,
    attachViewer: (viewer) => opening.attach(viewer),
    metrics: async () => metricsOf(await opening.opened),
  });
  const copies = new ShownCopies(page, served);
  try {
    if (options.json) await printJson({ url: page.url, directory: opening.directory });
    else await printLine(page.url);
    if (options.open && isAttended() && !(await openInBrowser(page.url))) {
      process.stderr.write('no browser could be started: open the address yourself\n');
    }
    await Promise.race([interruption, untilEnded(opening, copies)]);
  } finally {
    await page.close();
    await copies.close();
  }
}

function served(session: Session): ServedStore {
  return {
    title: `LSM Lens: ${session.target.path}`,
    attachViewer: (viewer) => session.attach(viewer),
    metrics: () => metricsOf(session),
  };
}

async function metricsOf(session: Session): Promise<string> {
  const reply = await session.request({ kind: 'stats' });
  if (reply.kind === 'stats') return openMetricsText(reply.stats, session.target.path);
  const why = reply.kind === 'error' ? reply.message : `it answered with ${reply.kind}`;
  throw new LsmError('NOT_SUPPORTED', `${session.target.path} has no figures: ${why}`);
}

/**
 * Rejects when the session cannot be opened or ends by itself: its worker died, and the store is
 * not open any more.
 */
async function untilEnded(opening: OpeningSession, copies: ShownCopies): Promise<never> {
  const session = await opening.opened;
  session.onOpenCopy(copies.open);
  return new Promise((_resolve, reject) => {
    session.onEnded((error) => {
      const why = error?.message ?? 'it ended by itself';
      reject(new LsmError('NOT_OPEN', `${session.target.path} was closed: ${why}`));
    });
  });
}

/** Tells a person what is being opened; with --json there is nothing but the object. */
function announce(json = false): (line: string) => Promise<void> {
  return json ? () => Promise.resolve() : printLine;
}

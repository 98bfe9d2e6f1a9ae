// What `lsm-lens open` opens: a recording, a store, or a demo store that the seed's usage example
// has filled, so that the first picture shows something real.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { LsmError } from '../base/errors.ts';
import { DEMO_STORE_OPTIONS, DEMO_WORKLOAD } from '../session/demoStore.ts';
import { OpeningSession } from '../session/openingSession.ts';
import { openSession } from '../session/session.ts';
import type { Session, SessionTarget } from '../session/session.ts';
import { BUNDLES } from './bundles.ts';
import { demoDirectories } from './demoDirectory.ts';
import { ProgressLine } from './progressLine.ts';
import { optionsFor } from './storeOptions.ts';
import type { StoreChoices } from './storeOptions.ts';

type Announce = (line: string) => Promise<void>;

/**
 * Begins to open what the user named, or the demo.
 * @param announce tells the user what is being opened.
 */
export function openTarget(
  named: string | undefined,
  choices: StoreChoices,
  announce: Announce,
): OpeningSession {
  if (named === undefined) return new OpeningSession('demo', () => openDemo(choices, announce));
  const directory = path.resolve(named);
  const line = new ProgressLine('opening');
  return new OpeningSession(directory, async ({ signal, onProgress }) => {
    const session = await openSession(targetOf(directory, choices), BUNDLES, {
      ...(signal === undefined ? {} : { signal }),
      onProgress: (progress) => {
        line.show(progress);
        onProgress?.(progress);
      },
    }).finally(() => line.finish());
    await announce(`LSM Lens shows ${directory}`);
    return session;
  });
}

function targetOf(file: string, choices: StoreChoices): SessionTarget {
  if (file.endsWith('.lsmtrace')) return { kind: 'trace', path: file };
  return { kind: 'store', path: file, options: optionsFor(choices) };
}

/** The first demo store that can be opened: one may be in use by another run, or damaged. */
async function openDemo(choices: StoreChoices, announce: Announce): Promise<Session> {
  let fault: unknown;
  for (const directory of demoDirectories()) {
    const isNew = !existsSync(directory);
    const options = { ...DEMO_STORE_OPTIONS, ...optionsFor(choices) };
    try {
      const session = await openSession({ kind: 'store', path: directory, options }, BUNDLES);
      await announce(`LSM Lens shows a demo store: ${directory}`);
      if (isNew) await fill(session);
      return session;
    } catch (thrown) {
      if (!(thrown instanceof LsmError)) throw thrown;
      await announce(`${thrown.message}; trying another`);
      fault = thrown;
    }
  }
  throw fault;
}

async function fill(session: Session): Promise<void> {
  try {
    await session.request({ kind: 'workload', workload: DEMO_WORKLOAD });
  } catch (thrown) {
    await session.close();
    throw thrown;
  }
}

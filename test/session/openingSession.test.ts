// Viewers that come while a session is being opened: told how far it is, able to stop it, and then
// the session's own, or told why not.

import { expect, test } from 'vitest';
import { LsmError } from '../../src/base/errors.ts';
import { OpeningSession } from '../../src/session/openingSession.ts';
import type { RequestWatch, Session } from '../../src/session/session.ts';
import { useBuiltWorker } from './builtWorker.ts';
import { useTemporaryStores } from './temporaryStores.ts';
import { TestViewer } from './testViewer.ts';

const stores = useTemporaryStores(useBuiltWorker());
const PROGRESS = { done: 3, total: 9, unit: 'bytes', message: 'reading' } as const;

/** An opening that takes as long as the test lets it. */
function begin(): {
  readonly opening: OpeningSession;
  readonly watch: RequestWatch;
  readonly succeed: (session: Session) => void;
  readonly fail: (why: Error) => void;
} {
  let watch: RequestWatch = {};
  let succeed: (session: Session) => void = () => undefined;
  let fail: (why: Error) => void = () => undefined;
  const opening = new OpeningSession('/data', (given) => {
    watch = given;
    given.signal?.addEventListener('abort', () => fail(new LsmError('CANCELLED', 'cancelled')));
    return new Promise((resolve, reject) => {
      succeed = resolve;
      fail = reject;
    });
  });
  return { opening, watch, succeed, fail };
}

test('viewers are told how far it is, and then see the store', async () => {
  const { opening, watch, succeed } = begin();
  const early = new TestViewer(opening);
  watch.onProgress?.(PROGRESS);
  await opening.begun;
  expect(early.openings.map(({ progress }) => progress.done)).toEqual([0, 3]);
  expect(await early.ask({ kind: 'stats' })).toMatchObject({ code: 'NOT_OPEN' });
  early.sendBytes(Uint8Array.of(1, 2, 3));
  const late = new TestViewer(opening);
  expect(late.openings).toEqual([{ directory: '/data', progress: PROGRESS, failed: '' }]);

  const session = await stores.open('opened late');
  succeed(session);
  expect(await opening.opened).toBe(session);
  expect(opening.directory).toBe(session.target.path);
  const after = new TestViewer(opening);
  for (const viewer of [early, late, after]) {
    expect(await viewer.ask({ kind: 'stats' })).toMatchObject({ kind: 'stats' });
    expect(viewer.hellos.length).toBe(1);
  }
  expect(after.openings).toEqual([]);
  early.detach();
  opening.stop();
  expect(await late.ask({ kind: 'stats' })).toMatchObject({ kind: 'stats' });
});

test('a viewer stops it, and all are told in one sentence', async () => {
  const { opening } = begin();
  const viewers = [new TestViewer(opening), new TestViewer(opening)];
  expect(await viewers[0]!.ask({ kind: 'stop' })).toEqual({ kind: 'done' });
  await expect(opening.opened).rejects.toMatchObject({ code: 'CANCELLED' });
  for (const viewer of viewers) {
    expect(viewer.openings.at(-1)!.failed).toBe(
      'Opening was stopped: nothing of /data is shown, and it is as it was.',
    );
  }
});

test('what cannot be opened is told as it is', async () => {
  const { opening, fail } = begin();
  const viewer = new TestViewer(opening);
  const gone = new TestViewer(opening);
  gone.detach();
  fail(new LsmError('CORRUPTION', 'the manifest is gone'));
  await expect(opening.opened).rejects.toThrow('the manifest is gone');
  expect(viewer.openings.at(-1)!.failed).toBe('the manifest is gone');
  expect(gone.openings.length).toBe(1);
});

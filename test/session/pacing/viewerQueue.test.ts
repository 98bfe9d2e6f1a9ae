// What one viewer gets: a window of batches, structure kept while it is silent, a new beginning
// when it was silent too long; and the fold over it is exact all the same.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeToViewer, encode } from '../../../src/protocol/codec.ts';
import type { LsmEvent } from '../../../src/protocol/events.ts';
import type { ToViewer } from '../../../src/protocol/messages.ts';
import { reduce } from '../../../src/protocol/reduce.ts';
import type { TreeState } from '../../../src/protocol/treeState.ts';
import { ViewerQueue } from '../../../src/session/pacing/viewerQueue.ts';
import { differences } from '../../protocol/compareStates.ts';
import { ModelStore } from '../../protocol/modelStore.ts';

const STATUS = { mode: 'live', recording: false, running: '', readOnlyBecause: '' } as const;

function queueOver(describeNow: () => TreeState): { queue: ViewerQueue; sent: ToViewer[] } {
  const sent: ToViewer[] = [];
  const queue = new ViewerQueue(
    (bytes) => sent.push(decodeToViewer(bytes)),
    () => {
      const hello = { protocolVersion: 1, state: describeNow(), status: STATUS, trace: null };
      return encode({ kind: 'hello', hello });
    },
  );
  return { queue, sent };
}

function batchesIn(sent: readonly ToViewer[]): (ToViewer & { kind: 'batch' })[] {
  return sent.flatMap((message) => (message.kind === 'batch' ? [message] : []));
}

const ROTATE: LsmEvent = {
  kind: 'wal.rotate',
  recycled: 0,
  from: 1,
  to: 2,
  fromSizeBytes: 0,
  toSizeBytes: 0,
  number: 1,
  timeMicros: 1,
};
const INSERTS = new ModelStore();
INSERTS.put('a');
INSERTS.summarize();

describe('a viewer’s queue', () => {
  it('has no more than two batches under way', () => {
    const { queue, sent } = queueOver(() => new ModelStore().describe());
    for (let frame = 0; frame < 5; frame++) queue.take([ROTATE], 0, false);
    expect(batchesIn(sent).map(({ batch }) => batch)).toEqual([1, 2]);
    queue.acknowledge(1, 1);
    queue.take([ROTATE], 0, false);
    expect(batchesIn(sent)).toHaveLength(3);
    expect(batchesIn(sent)[2]!.events).toHaveLength(4);
  });

  it('drops samples while waiting, counts them, and keeps the newest summary', () => {
    const { queue, sent } = queueOver(() => new ModelStore().describe());
    queue.take([ROTATE], 0, false);
    queue.take([ROTATE], 0, false);
    for (let frame = 0; frame < 3; frame++) queue.take(INSERTS.events, 10, false);
    queue.acknowledge(2, 1);
    queue.take([ROTATE], 1, false);
    const last = batchesIn(sent).at(-1)!;
    expect(last.events.map((event) => event.kind)).toEqual(['summary', 'wal.rotate']);
    expect(last.leftOut).toBe(3 * 10 + 3 * 1 + 1);
  });

  it('in lockstep sends everything at once', () => {
    const { queue, sent } = queueOver(() => new ModelStore().describe());
    for (let frame = 0; frame < 9; frame++) queue.take(INSERTS.events, 0, true);
    expect(batchesIn(sent).flatMap(({ events }) => events)).toHaveLength(9 * INSERTS.events.length);
  });

  it('that was silent too long begins again with the state of the moment', () => {
    const store = new ModelStore();
    const { queue, sent } = queueOver(() => store.describe());
    for (let frame = 0; frame < 30_000; frame++) queue.take([ROTATE], 0, false);
    store.put('late');
    expect(sent.filter(({ kind }) => kind === 'hello')).toHaveLength(1);
    queue.acknowledge(2, 1);
    queue.take([ROTATE], 0, false);
    const last = sent.at(-1)!;
    expect(last).toMatchObject({ kind: 'hello', hello: { state: { lastSequence: 1 } } });
    queue.take([ROTATE], 0, false);
    expect(sent.at(-1)).toMatchObject({ kind: 'batch', batch: 3 });
  });

  it('an acknowledgement of a batch that was never sent counts as one of the last', () => {
    const { queue, sent } = queueOver(() => new ModelStore().describe());
    queue.acknowledge(1000, 1000);
    for (let frame = 0; frame < 5; frame++) queue.take([ROTATE], 0, false);
    expect(batchesIn(sent)).toHaveLength(2);
  });

  it('gives a fold that is exact whenever the viewer answers, however late', () => {
    const step = fc.record({ choice: fc.nat({ max: 99 }), acks: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const store = new ModelStore();
        const { queue, sent } = queueOver(() => store.describe());
        let seen = 0;
        const frame = (): void => {
          store.summarize();
          queue.take(store.events.slice(seen), 0, false);
          seen = store.events.length;
        };
        for (const { choice, acks } of steps) {
          if (choice < 70) store.put(`key${choice % 20}`);
          else if (choice < 85) store.flush();
          else store.compact();
          if (acks) queue.acknowledge(batchesIn(sent).length, 0);
          frame();
        }
        queue.acknowledge(batchesIn(sent).length, 0);
        frame();
        const [first] = sent;
        const start = first?.kind === 'hello' ? first.hello.state : store.describe();
        const folded = batchesIn(sent)
          .flatMap(({ events }) => events)
          .reduce(reduce, start);
        expect(differences(folded, store.describe())).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

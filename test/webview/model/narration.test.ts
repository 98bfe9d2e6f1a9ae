import { expect, test } from 'vitest';
import { EVENT_KINDS } from '../../../src/protocol/eventSchema.ts';
import type { LsmEvent } from '../../../src/protocol/events.ts';
import type { Frame } from '../../../webview/model/frame.ts';
import { Framer } from '../../../webview/model/frameAt.ts';
import { narrate, tellEvent } from '../../../webview/model/narration/narration.ts';
import { Timeline } from '../../../webview/model/timeline.ts';
import { eventSamples } from '../support/eventSamples.ts';

const { store, byKind } = await eventSamples(5);
const timeline = new Timeline(store.initial);
timeline.append(store.events);

function frameOf(event: LsmEvent): Frame {
  const index = event.number > 0 ? event.number - 1 : 0;
  const position = { from: index, to: index + 1, progress: 0.5 };
  return { ...new Framer().frameAt(timeline, position, false, false), event };
}

test('every kind of event is told in one plain sentence', async () => {
  const lines = [...byKind.keys()].sort().flatMap((kind) => [
    kind,
    ...(byKind.get(kind) ?? []).map((event) => {
      const frame = frameOf(event);
      return `    ${narrate(frame).subject} | ${tellEvent(event, frame)}`;
    }),
  ]);
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('narration.golden.txt');
});

test('the samples leave no kind out', () => {
  expect([...byKind.keys()].sort()).toEqual([...EVENT_KINDS].sort());
});

test('every sentence ends as one and names no field of the code', () => {
  for (const event of store.events) {
    const sentence = tellEvent(event, frameOf(event));
    expect(sentence, event.kind).toMatch(/^\S.*[.)]$/);
    expect(sentence, event.kind).not.toMatch(/undefined|NaN|\[object|[a-z]{2,}[A-Z]/);
  }
});

test('flow is told in rates', () => {
  const position = { from: 0, to: timeline.length, progress: 0.5 };
  const { subject, sentence } = narrate(new Framer().frameAt(timeline, position, true, false));
  expect(subject).toBe('flow');
  expect(sentence).toMatch(/writes\/s/);
});

test('in flow without rates the most telling event is told as it is', () => {
  const [edit] = byKind.get('manifest.edit')!;
  const { next, ...frame } = frameOf(edit!);
  const flow = { perSecond: {}, totalPerSecond: 0, writeBytesPerSecond: 0 };
  const { sentence } = narrate({ ...frame, next: { ...next, jobs: [] }, flow });
  expect(sentence).toBe(tellEvent(edit!, frameOf(edit!)));
});

test('why another engine compacts is told in its words, without limits nobody knows', () => {
  const [pick] = byKind.get('compaction.pick')! as Extract<LsmEvent, { kind: 'compaction.pick' }>[];
  const candidate = { level: 0, subject: '', score: 1.25, measure: 'files', value: 5, limit: 0 };
  const foreign = { ...candidate, chosen: true, why: 'LevelL0FilesNum' } as const;
  const sentence = tellEvent({ ...pick!, candidates: [foreign as never] }, frameOf(pick!));
  expect(sentence).toMatch(/: L0 scores 1\.25, its engine says LevelL0FilesNum\.$/);
});

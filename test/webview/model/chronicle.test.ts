import { describe, expect, it } from 'vitest';
import { Chronicle } from '../../../webview/model/chronicle.ts';
import { Timeline } from '../../../webview/model/timeline.ts';
import type { RecordedStore } from '../support/recordedStore.ts';
import { recordStore } from '../support/recordedStore.ts';

function chronicled(store: RecordedStore): { chronicle: Chronicle; timeline: Timeline } {
  const timeline = new Timeline(store.initial);
  const chronicle = new Chronicle();
  chronicle.begin(store.initial);
  timeline.append(store.events, (index, event, after) => chronicle.note(index, event, after));
  return { chronicle, timeline };
}

const store = await recordStore({ operations: 1200 });

describe('a chronicle', () => {
  const { chronicle, timeline } = chronicled(store);

  it('has a span for every flush and compaction, from its begin to its end', () => {
    for (const kind of ['flush', 'compaction'] as const) {
      const begins = store.events.filter((event) => event.kind === `${kind}.begin`);
      const spans = chronicle.spans.filter((span) => span.kind === kind);
      expect(spans.length).toBe(begins.length);
      expect(spans.length).toBeGreaterThan(2);
      for (const span of spans) {
        expect(store.events[span.begin]).toMatchObject({ kind: `${kind}.begin`, job: span.job });
        expect(store.events[span.end!]).toMatchObject({ kind: `${kind}.end`, job: span.job });
      }
    }
  });

  it('samples writes that add up to the last sequence number', () => {
    const { samples } = chronicle;
    expect(samples[0]).toMatchObject({ index: 0, writes: 0 });
    expect(samples.at(-1)!.writes).toBeLessThanOrEqual(timeline.head.lastSequence);
    for (const [at, sample] of samples.entries()) {
      expect(sample.writes).toBe(timeline.stateBefore(sample.index).lastSequence);
      expect(sample.index).toBeGreaterThan(samples[at - 1]?.index ?? -1);
    }
  });

  it('marks the first sample of the present, up to which the past told not all', () => {
    const half = Math.floor(store.events.length / 2);
    const marked = new Chronicle();
    marked.begin(store.initial);
    const line = new Timeline(store.initial);
    line.append(store.events, (index, event, after) => {
      if (index === half) marked.endPast();
      marked.note(index, event, after);
    });
    const gaps = marked.samples.filter(({ afterGap }) => afterGap === true);
    expect(gaps).toEqual([marked.samples.find(({ index }) => index > half)]);
  });

  it('forgets what ended before the timeline begins, and keeps what goes on', () => {
    const open = new Chronicle();
    const cut = store.events.findIndex((event) => event.kind === 'compaction.begin') + 3;
    const part = new Timeline(store.initial);
    part.append(store.events.slice(0, cut), (index, event, after) =>
      open.note(index, event, after),
    );
    open.trim(cut);
    // A flush may go on beside it.
    expect(open.spans.map((span) => span.end)).toEqual(open.spans.map(() => null));
    const compaction = open.spans.find(({ kind }) => kind === 'compaction')!;
    const end = store.events.find(
      (event) => event.kind === 'compaction.end' && event.job === compaction.job,
    )!;
    open.note(cut + 5, end, part.head);
    expect(open.spans.find(({ job }) => job === compaction.job)!.end).toBe(cut + 5);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reduce } from '../../../src/protocol/reduce.ts';
import type { TreeState } from '../../../src/protocol/treeState.ts';
import { CHUNK_EVENTS, Timeline } from '../../../webview/model/timeline.ts';
import { recordStore } from '../support/recordedStore.ts';

const store = await recordStore({ operations: 700 });
const { events, initial } = store;
/** The state before each event, by plain folding. */
const folded: TreeState[] = [initial];
for (const event of events) folded.push(reduce(folded.at(-1)!, event));

function filled(eventsMax?: number): Timeline {
  const timeline = new Timeline(initial, eventsMax);
  for (let at = 0; at < events.length; at += 100) timeline.append(events.slice(at, at + 100));
  return timeline;
}

describe('a timeline', () => {
  it('gives the state before any event, in any order, as a forward fold does', () => {
    const timeline = filled();
    fc.assert(
      fc.property(fc.nat(events.length), (index) => {
        expect(timeline.stateBefore(index)).toEqual(folded[index]);
      }),
    );
  });

  it('lets the oldest go, says so, and keeps its indexes', () => {
    const eventsMax = 4 * CHUNK_EVENTS;
    const timeline = filled(eventsMax);
    expect(timeline.length).toBe(events.length);
    expect(timeline.first).toBeGreaterThan(0);
    expect(timeline.length - timeline.first).toBeGreaterThanOrEqual(eventsMax);
    expect(timeline.length - timeline.first).toBeLessThan(eventsMax + 2 * CHUNK_EVENTS);
    expect(timeline.eventAt(timeline.first - 1)).toBeUndefined();
    for (const index of [timeline.first, timeline.first + 700, timeline.length]) {
      expect(timeline.stateBefore(index)).toEqual(folded[index]);
      expect(timeline.eventAt(index)).toBe(events[index]);
    }
  });

  it('takes the account of the source as a keyframe, and only of this moment', () => {
    const timeline = filled();
    const account = { ...timeline.head, snapshots: [17] };
    expect(timeline.refresh({ ...account, eventNumber: account.eventNumber - 1 })).toBe(false);
    expect(timeline.refresh(account)).toBe(true);
    expect(timeline.head.snapshots).toEqual([17]);
    expect(timeline.stateBefore(timeline.length)).toBe(timeline.head);
    expect(timeline.stateBefore(timeline.length - 1)).toEqual(folded[events.length - 1]);
    const more = events.slice(0, 300);
    timeline.append(more);
    const index = events.length + 200;
    expect(timeline.eventAt(index)).toBe(more[200]);
    expect(timeline.stateBefore(index).snapshots).toEqual([17]);
  });

  it('tells each event and the state after it', () => {
    const heard: number[] = [];
    const timeline = new Timeline(initial);
    timeline.append(events.slice(0, 20), (index, event, after) => {
      expect(event).toBe(events[index]);
      expect(after).toEqual(folded[index + 1]);
      heard.push(index);
    });
    expect(heard).toEqual(Array.from({ length: 20 }, (_, at) => at));
  });
});

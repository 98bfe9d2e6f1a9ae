import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LsmEvent } from '../../../src/protocol/events.ts';
import { Framer } from '../../../webview/model/frameAt.ts';
import { Playback, SHAPES_MAX, TOKENS_MAX } from '../../../webview/model/playback.ts';
import { Timeline } from '../../../webview/model/timeline.ts';
import { recordStore } from '../support/recordedStore.ts';

const store = await recordStore({ operations: 160 });
const { events, initial } = store;
const STEP = 300;

const edit = events.find(({ kind }) => kind === 'manifest.edit')!;
const seal = events.find(({ kind }) => kind === 'memtable.seal')!;
const append = events.find(({ kind }) => kind === 'wal.append')!;
const write = (number: number): LsmEvent => ({ ...append, number });

let timeline: Timeline;
let playback: Playback;
let shown: number[];

beforeEach(() => {
  timeline = new Timeline(initial);
  shown = [];
  playback = new Playback(timeline, {
    durationMillis: () => STEP,
    onShown: (index) => shown.push(index),
  });
});

/** Lets time pass in frames. */
function pass(millis: number): void {
  for (let left = millis; left > 0; left -= 16) playback.tick(Math.min(16, left));
}

describe('following live', () => {
  it('shows a few events one after the other, then rests', () => {
    timeline.append(events.slice(0, 3));
    playback.tick(1);
    expect(playback.position).toMatchObject({ from: 0, to: 1 });
    pass(10 * STEP);
    expect(playback.position).toEqual({ from: 2, to: 3, progress: 1 });
    expect(playback.moving).toBe(false);
    expect(shown).toEqual([1, 2, 3]);
  });

  it('shows many as flow, and is at the end soon after', () => {
    timeline.append(events.slice(0, TOKENS_MAX + 50));
    playback.tick(1);
    expect(playback.flowing).toBe(true);
    expect(playback.position.to).toBe(TOKENS_MAX + 50);
    pass(400);
    expect(playback.backlog).toBe(0);
    expect(playback.flowing).toBe(false);
  });

  it('shows what changes the tree amid many writes, each with the flow before it', () => {
    const writes = Array.from({ length: 900 }, (_, at) => write(at));
    timeline.append([...writes.slice(0, 400), seal, ...writes.slice(400, 800), edit]);
    playback.tick(1);
    expect(playback.flowing).toBe(true);
    const spans = new Set<string>();
    for (let millis = 0; playback.backlog > 0 || playback.position.progress < 1; millis += 16) {
      playback.tick(16);
      spans.add(`${playback.position.from} ${playback.position.to}`);
      expect(millis).toBeLessThan(1200);
    }
    expect([...spans]).toEqual(['0 400', '400 401', '401 801', '801 802']);
    timeline.append(writes.slice(800));
    playback.tick(1);
    expect(playback.position.to).toBe(902);
  });

  it('of too many changes of the tree shows none for itself', () => {
    const edits = Array.from({ length: SHAPES_MAX + 1 }, () => edit);
    timeline.append([...edits, ...Array.from({ length: 100 }, (_, at) => write(at))]);
    playback.tick(1);
    expect(playback.position.to).toBe(timeline.length);
  });

  it('quickens so that a backlog is gone in a few seconds', () => {
    timeline.append(events.slice(0, TOKENS_MAX));
    pass(12_000);
    expect(playback.backlog).toBe(0);
  });

  it('pausing leaves it for history, playing to the end returns to it', () => {
    timeline.append(events.slice(0, 10));
    pass(STEP);
    playback.pause();
    expect(playback.mode).toBe('history');
    const rest = playback.position;
    pass(2000);
    expect(playback.position).toBe(rest);
    playback.play();
    pass(12 * STEP);
    expect(playback.mode).toBe('live');
  });
});

describe('lockstep', () => {
  beforeEach(() => playback.follow('lockstep'));

  it('leaves nothing out and tells each event as it has been shown', () => {
    timeline.append(events.slice(0, 100));
    pass(101 * STEP);
    expect(shown).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
  });

  it('paused, shows one event a step', () => {
    timeline.append(events.slice(0, 5));
    playback.pause();
    playback.stepForward();
    pass(STEP + 32);
    expect(playback.position).toEqual({ from: 0, to: 1, progress: 1 });
    expect(playback.mode).toBe('lockstep');
    expect(shown).toEqual([1]);
    pass(5 * STEP);
    expect(shown).toEqual([1]);
  });

  it('tells nothing again after a look back', () => {
    timeline.append(events.slice(0, 5));
    pass(6 * STEP);
    playback.seek(1);
    expect(playback.mode).toBe('history');
    playback.play();
    pass(6 * STEP);
    expect(shown).toEqual([1, 2, 3, 4, 5]);
    expect(playback.mode).toBe('lockstep');
  });
});

describe('history', () => {
  beforeEach(() => {
    timeline.append(events);
    playback.seek(timeline.length);
  });

  it('draws the same frame however it got there', () => {
    const direct = (place: number): unknown => {
      playback.seek(place);
      return frame();
    };
    fc.assert(
      fc.property(fc.integer({ min: 2, max: events.length - 2 }), (index) => {
        const wanted = direct(index);
        playback.seek(index - 1);
        playback.stepForward();
        pass(STEP * 2);
        const forward = frame();
        playback.seek(index + 1);
        playback.stepBack();
        pass(STEP * 2);
        const back = frame();
        for (const found of [forward, back]) expect(found).toEqual(wanted);
      }),
      { numRuns: 40 },
    );
  });

  it('rests in the middle of a motion', () => {
    playback.seek(40.25);
    expect(playback.position).toEqual({ from: 40, to: 41, progress: 0.25 });
    pass(1000);
    expect(playback.position.progress).toBe(0.25);
  });

  it('steps over a whole operation and back', () => {
    const end = events.findIndex((event) => event.kind === 'write.end');
    playback.seek(0);
    playback.stepOver();
    pass(1000);
    expect(playback.position).toMatchObject({ to: end + 1, progress: 1 });
    expect(playback.flowing).toBe(false);
    playback.stepOverBack();
    pass(1000);
    expect(playback.position).toMatchObject({ to: 0, progress: 1 });
  });

  it('never shows more than twenty spans a second', () => {
    playback.seek(0);
    playback.speed = 16;
    playback.play();
    const spans = new Set<number>();
    for (let millis = 0; millis < 1000; millis += 16) {
      playback.tick(16);
      spans.add(playback.position.from);
    }
    expect(spans.size).toBeLessThanOrEqual(21);
    expect(playback.flowing).toBe(true);
  });

  it('of a recording ends at its end and can begin again', () => {
    playback.ended = true;
    playback.seek(timeline.length - 2);
    playback.play();
    pass(4 * STEP);
    expect(playback.playing).toBe(false);
    expect(playback.mode).toBe('history');
    playback.play();
    playback.tick(1);
    expect(playback.position.from).toBe(0);
  });

  function frame(): unknown {
    return { ...new Framer().frameAt(timeline, playback.position, false, false), progress: 1 };
  }
});

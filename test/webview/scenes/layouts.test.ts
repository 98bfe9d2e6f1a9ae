// Any event of a real run, at any moment of it and in any size, must give a clean picture.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Frame } from '../../../webview/model/frame.ts';
import { layoutBloom } from '../../../webview/scenes/bloom/bloomLayout.ts';
import type { Mark } from '../../../webview/scenes/drawing/mark.ts';
import { layoutFlush } from '../../../webview/scenes/flush/flushLayout.ts';
import { layoutMerge } from '../../../webview/scenes/merge/mergeLayout.ts';
import { layoutReadPath } from '../../../webview/scenes/readPath/readPathLayout.ts';
import { scenes } from '../../../webview/scenes/registry.ts';
import { layoutTransaction } from '../../../webview/scenes/transaction/transactionLayout.ts';
import { layoutWritePath } from '../../../webview/scenes/writePath/writePathLayout.ts';
import { flawsOf } from './markFlaws.ts';
import type { Story } from './sampleFrames.ts';
import { frameAtIndex, restingFrame } from './sampleFrames.ts';
import { storyOf } from './sampleStories.ts';

type Layout = (frame: Frame, width: number, height: number) => readonly Mark[];

const layouts: Readonly<Record<string, Layout>> = {
  'write-path': layoutWritePath,
  flush: layoutFlush,
  merge: layoutMerge,
  bloom: layoutBloom,
  'read-path': layoutReadPath,
  transaction: layoutTransaction,
};
const stories = [
  'users',
  'crowded',
  'tiny',
  'long-keys',
  'tiered',
  'merges',
  'transactions',
] as const;
const flow = {
  perSecond: { 'write.end': 81_234, 'wal.sync': 3, 'get.end': 412, 'filter.check': 990 },
  totalPerSecond: 200_000,
  writeBytesPerSecond: 9_123_456,
};

const width = fc.integer({ min: 400, max: 1500 });
const height = fc.integer({ min: 112, max: 900 });
const progress = fc.oneof(
  fc.constantFrom(0, 0.25, 0.5, 0.75, 1),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const flags = fc.record({ reducedMotion: fc.boolean(), flowing: fc.nat(8) });

/** Indexes of the events that the scene tells, a few of each kind. */
function toldBy(name: string, story: Story): readonly number[] {
  const scene = scenes.find((candidate) => candidate.name === name)!;
  return [...story.events.keys()].filter((index) =>
    scene.tells(story.events[index]!, frameAtIndex(story, index, 0).state),
  );
}

describe.each(Object.keys(layouts))('%s', (name) => {
  const layout = layouts[name]!;

  test('no overlap, nothing outside, no mark twice, in any size at any moment', async () => {
    const told = await Promise.all(
      stories.map(async (story) => {
        const run = await storyOf(story);
        return { run, indexes: toldBy(name, run) };
      }),
    );
    const story = fc.nat(stories.length - 1).filter((at) => told[at]!.indexes.length > 0);
    fc.assert(
      fc.property(story, fc.nat(), width, height, progress, flags, (at, pick, w, h, when, look) => {
        const { run, indexes } = told[at]!;
        const frame = {
          ...frameAtIndex(run, indexes[pick % indexes.length]!, when),
          reducedMotion: look.reducedMotion,
          flow: look.flowing === 0 ? flow : null,
        };
        expect(flawsOf(layout(frame, w, h), w, h)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test('an empty store is drawn too', () => {
    for (const [w, h] of [
      [420, 130],
      [1000, 600],
    ] as const) {
      expect(flawsOf(layout(restingFrame(), w, h), w, h)).toEqual([]);
    }
  });

  test('a frame is drawn the same whatever was drawn before', async () => {
    const run = await storyOf(name === 'transaction' ? 'transactions' : 'users');
    const index = toldBy(name, run).at(-3)!;
    const first = layout(frameAtIndex(run, index, 0.4), 900, 500);
    layout(frameAtIndex(run, index, 0.9), 420, 130);
    expect(layout(frameAtIndex(run, index, 0.4), 900, 500)).toEqual(first);
  });
});

test('every event that a scene tells takes some time, but only seconds', async () => {
  for (const story of stories) {
    const run = await storyOf(story);
    for (const [index, event] of run.events.entries()) {
      const { state } = frameAtIndex(run, index, 0);
      for (const scene of scenes.filter((each) => each.tells(event, state))) {
        expect(scene.durationMillis(event)).toBeGreaterThanOrEqual(80);
        expect(scene.durationMillis(event)).toBeLessThanOrEqual(6000);
      }
    }
  }
});

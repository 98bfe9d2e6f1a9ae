// Whatever the store's state and the stage's size: no text touches another and none leaves the stage;
// what moves passes through no place where that would be so.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reduce } from '../../../src/protocol/reduce.ts';
import type { TreeState } from '../../../src/protocol/treeState.ts';
import type { Picture, TextMark } from '../../../webview/layout/marks.ts';
import { StageLayouter } from '../../../webview/layout/stagePicture.ts';
import { FONT_SIZE, characterMeasure } from '../../../webview/layout/textMeasure.ts';
import type { Frame } from '../../../webview/model/frame.ts';
import { Framer } from '../../../webview/model/frameAt.ts';
import { Timeline } from '../../../webview/model/timeline.ts';
import type { SyntheticOptions } from '../support/syntheticStore.ts';
import { SyntheticStore } from '../support/syntheticStore.ts';

const layers = ['memory', 'disk'] as const;

interface Box {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function boxOf(mark: TextMark): Box {
  const start =
    mark.anchor === 'end'
      ? mark.x - mark.width
      : mark.anchor === 'middle'
        ? mark.x - mark.width / 2
        : mark.x;
  const size = FONT_SIZE[mark.style];
  // From the tops of capitals to a little below the baseline.
  return {
    text: mark.text,
    left: start,
    right: start + mark.width,
    top: mark.y - size * 0.75,
    bottom: mark.y + size * 0.12,
  };
}

function flaws(pictures: readonly Picture[], width: number, height: number): readonly string[] {
  const boxes = pictures.flatMap((picture) =>
    picture.texts.filter((mark) => (mark.opacity ?? 1) >= 0.5).map(boxOf),
  );
  const found: string[] = [];
  boxes.forEach((a, at) => {
    if (a.left < 0 || a.right > width || a.top < 0 || a.bottom > height) {
      found.push(`“${a.text}” leaves the stage`);
    }
    for (const b of boxes.slice(at + 1)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 0.5 && down > 0.5) found.push(`“${a.text}” touches “${b.text}”`);
    }
  });
  return found;
}

function frameBetween(state: TreeState, next: TreeState, progress: number): Frame {
  return { state, next, event: null, progress, recent: [], flow: null, reducedMotion: false };
}

const sizes = fc.record({
  width: fc.integer({ min: 600, max: 2200 }),
  height: fc.integer({ min: 300, max: 1100 }),
});
const stores: fc.Arbitrary<Partial<SyntheticOptions>> = fc.record({
  seed: fc.integer({ min: 0, max: 1000 }),
  memtableEntries: fc.constantFrom(6, 40, 200),
  l0Tables: fc.constantFrom(2, 4, 30),
  tableEntries: fc.constantFrom(5, 60, 400),
  levelBytes: fc.constantFrom(800, 6000, 60_000),
});

describe('the stage', () => {
  it('keeps its texts apart and inside, for any store and size', () => {
    fc.assert(
      fc.property(stores, sizes, fc.integer({ min: 0, max: 500 }), (options, size, operations) => {
        const store = new SyntheticStore(options);
        store.run(operations);
        const state = store.events.reduce(reduce, store.initial);
        const layouter = new StageLayouter(characterMeasure());
        const picture = layouter.picture(frameBetween(state, state, 1), {
          ...size,
          colouring: 'level',
        });
        const pictures = layers.map((name) => picture.layers.get(name)!);
        expect(flaws(pictures, size.width, size.height)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });

  it('gives every mark in a picture a key of its own', () => {
    const store = new SyntheticStore();
    store.run(600);
    const timeline = new Timeline(store.initial);
    timeline.append(store.events);
    const layouter = new StageLayouter(characterMeasure());
    const framer = new Framer();
    const options = { width: 1000, height: 400, colouring: 'level' as const };
    for (let index = 0; index < timeline.length; index += 1) {
      const position = { from: index, to: index + 1, progress: 0.4 };
      const picture = layouter.picture(framer.frameAt(timeline, position, false, false), options);
      for (const layer of picture.layers.values()) {
        for (const marks of [layer.boxes, layer.texts, layer.lines]) {
          const keys = marks.map((mark) => mark.key);
          expect(new Set(keys).size, keys.join()).toBe(keys.length);
        }
      }
    }
  });

  it('moves a table from level to level without a jump', () => {
    const store = new SyntheticStore();
    store.run(900);
    const timeline = new Timeline(store.initial);
    timeline.append(store.events);
    const index = store.events.findIndex(
      (event) => event.kind === 'manifest.edit' && event.removed.length > 0,
    );
    const event = store.events[index]!;
    const file = event.kind === 'manifest.edit' ? event.added[0]!.table.file : 0;
    const layouter = new StageLayouter(characterMeasure());
    const framer = new Framer();
    const options = { width: 1000, height: 400, colouring: 'level' as const };
    const places = Array.from({ length: 41 }, (_, step) => {
      const position = { from: index, to: index + 1, progress: step / 40 };
      const picture = layouter.picture(framer.frameAt(timeline, position, false, false), options);
      const box = picture.layers.get('disk')!.boxes.find(({ key }) => key === `table-${file}`)!;
      expect(box, `at ${step / 40}`).toBeDefined();
      return box;
    });
    const distance = Math.hypot(places[40]!.x - places[0]!.x, places[40]!.y - places[0]!.y);
    expect(distance).toBeGreaterThan(5);
    for (let step = 1; step <= 40; step++) {
      const [a, b] = [places[step - 1]!, places[step]!];
      expect(Math.hypot(b.x - a.x, b.y - a.y)).toBeLessThan(distance / 8);
    }
  });

  it('answers an unchanged frame with the same pictures', () => {
    const store = new SyntheticStore();
    store.run(50);
    const state = store.events.reduce(reduce, store.initial);
    const layouter = new StageLayouter(characterMeasure());
    const options = { width: 1000, height: 400, colouring: 'level' as const };
    const frame = frameBetween(state, state, 1);
    const first = layouter.picture(frame, options);
    const again = layouter.picture({ ...frame }, options);
    for (const name of layers) expect(again.layers.get(name)).toBe(first.layers.get(name));
  });
});

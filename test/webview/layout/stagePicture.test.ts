// Whatever the store's state and the stage's size: no text touches another and none leaves it; what
// moves does so without a jump.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSampled } from '../../../src/protocol/eventClass.ts';
import type { LsmEvent } from '../../../src/protocol/events.ts';
import { reduce } from '../../../src/protocol/reduce.ts';
import type { TreeState } from '../../../src/protocol/treeState.ts';
import type { Picture, TextMark } from '../../../webview/layout/marks.ts';
import { StageLayouter } from '../../../webview/layout/stagePicture.ts';
import { FONT_SIZE, characterMeasure } from '../../../webview/layout/textMeasure.ts';
import type { Frame } from '../../../webview/model/frame.ts';
import { Framer } from '../../../webview/model/frameAt.ts';
import { timeWindows } from '../../../webview/model/timeWindows.ts';
import { Timeline } from '../../../webview/model/timeline.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import { recordStore } from '../support/recordedStore.ts';

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
const stores: fc.Arbitrary<LsmOptions> = fc.record({
  memtableSize: fc.constantFrom(1024, 6 * 1024, 64 * 1024),
  maxL0SSTables: fc.constantFrom(2, 4, 12),
  targetTableSize: fc.constantFrom(1024, 8 * 1024, 40 * 1024),
  levelBaseSize: fc.constantFrom(4 * 1024, 32 * 1024),
  compaction: fc.constantFrom('leveled', 'size-tiered'),
});
const recorded = await recordStore({ operations: 700 });
const options = { width: 1000, height: 400, colouring: 'level' as const, family: 0 };

describe('the stage', () => {
  it('keeps its texts apart and inside, for any store and size', async () => {
    const seeds = fc.record({ seed: fc.nat(1000), operations: fc.nat(500) });
    await fc.assert(
      fc.asyncProperty(stores, sizes, seeds, async (storeOptions, size, run) => {
        const store = await recordStore({ ...run, store: storeOptions, entries: false });
        const state = store.events.reduce(reduce, store.initial);
        const layouter = new StageLayouter(characterMeasure());
        const picture = layouter.picture(frameBetween(state, state, 1), {
          ...size,
          colouring: 'level',
          family: 0,
        });
        const pictures = layers.map((name) => picture.layers.get(name)!);
        expect(flaws(pictures, size.width, picture.regions.height)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });

  it.each([
    ['fifo', ['L0']],
    ['time-window', ['L0', 'L1']],
    ['leveled', ['L0', 'L1', 'L2']],
  ] as const)('of %s shows the levels that it uses', async (compaction, names) => {
    const store = await recordStore({ operations: 20, store: { compaction }, entries: false });
    const state = store.events.reduce(reduce, store.initial);
    const picture = new StageLayouter(characterMeasure()).picture(
      frameBetween(state, state, 1),
      options,
    );
    const texts = picture.layers.get('disk')!.texts;
    const shown = texts.filter(({ key }) => key.startsWith('level-name-')).map(({ text }) => text);
    expect(shown).toEqual(names);
  });

  it('brackets the runs of each window of time, and names them by it', async () => {
    const settings: LsmOptions = {
      compaction: 'time-window',
      timeWindowSeconds: 60,
      memtableSize: 1024,
    };
    const store = await recordStore({ operations: 200, store: settings, entries: false });
    const state = store.events.reduce(reduce, store.initial);
    const tables = state.families[0]!.levels.flatMap((level) => level.tables);
    expect(tables.length).toBeGreaterThan(0);
    const disk = new StageLayouter(characterMeasure())
      .picture(frameBetween(state, state, 1), { ...options, width: 1400, height: 900 })
      .layers.get('disk')!;
    const windows = timeWindows(state.families[0]!.levels, 60);
    const brackets = disk.lines.filter(({ look }) => look === 'window');
    expect(new Set(brackets.map(({ key }) => key)).size).toBe(brackets.length);
    expect(brackets.length).toBeGreaterThanOrEqual(new Set(windows.values()).size);
    for (const { file } of tables) {
      const name = disk.texts.find(({ key }) => key === `table-name-table-${file}`);
      expect(name?.text).toContain(windows.get(file)!.names.at(-1));
    }
  });

  it('makes no figures up for a merge whose entries were left out', () => {
    const told = recorded.events.filter(({ kind }) => !isSampled(kind));
    const begin = told.findIndex((event) => event.kind === 'compaction.begin');
    const { job } = told[begin] as Extract<LsmEvent, { kind: 'compaction.begin' }>;
    const swap = told.findIndex((event) => event.kind === 'manifest.edit' && event.job === job);
    const bandAfter = (index: number): string | undefined => {
      const state = told.slice(0, index + 1).reduce(reduce, recorded.initial);
      const picture = new StageLayouter(characterMeasure()).picture(
        frameBetween(state, state, 1),
        options,
      );
      const texts = layers.flatMap((name) => picture.layers.get(name)!.texts);
      return texts.find(({ key }) => key === `band-text-${job}`)?.text;
    };
    expect(bandAfter(begin)).toMatch(/^compaction #\d+ · L.* → L\d+$/);
    expect(bandAfter(swap)).toMatch(/^compaction #\d+ · L.* → L\d+ · 100 %$/);
  });

  it('gives every mark in a picture a key of its own', () => {
    const timeline = new Timeline(recorded.initial);
    timeline.append(recorded.events);
    const layouter = new StageLayouter(characterMeasure());
    const framer = new Framer();
    for (let index = 0; index < timeline.length; index += 3) {
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
    const timeline = new Timeline(recorded.initial);
    timeline.append(recorded.events);
    const index = recorded.events.findIndex(
      (event) => event.kind === 'manifest.edit' && event.removed.length > 0,
    );
    const event = recorded.events[index]!;
    const file = event.kind === 'manifest.edit' ? event.added[0]!.table.file : 0;
    const layouter = new StageLayouter(characterMeasure());
    const framer = new Framer();
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

  it('shows the chosen family, and of a dropped one the first', () => {
    const state = recorded.events.reduce(reduce, recorded.initial);
    const first = state.families[0]!;
    const empty = { ...first, family: 7, name: 'other', levels: [], immutables: [], ghosts: [] };
    const both = { ...state, families: [first, empty] };
    const tablesIn = (family: number): number => {
      const layouter = new StageLayouter(characterMeasure());
      const picture = layouter.picture(frameBetween(both, both, 1), { ...options, family });
      const marks = picture.layers.get('disk')!.boxes;
      return marks.filter(({ key }) => /^tables?-(from-)?\d+$/.test(key)).length;
    };
    expect(tablesIn(0)).toBeGreaterThan(0);
    expect(tablesIn(7)).toBe(0);
    expect(tablesIn(8)).toBe(tablesIn(0));
  });

  it('answers an unchanged frame with the same pictures', () => {
    const state = recorded.events.slice(0, 500).reduce(reduce, recorded.initial);
    const layouter = new StageLayouter(characterMeasure());
    const frame = frameBetween(state, state, 1);
    const first = layouter.picture(frame, options);
    const again = layouter.picture({ ...frame }, options);
    for (const name of layers) expect(again.layers.get(name)).toBe(first.layers.get(name));
  });
});

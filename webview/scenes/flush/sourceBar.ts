// Where a flush takes its entries from: the sealed memtable, in key order, emptying from the left.

import { counted, formatCount } from '../../model/format.ts';
import type { Canvas } from '../drawing/canvas.ts';
import type { Area } from '../drawing/mark.ts';
import type { Point } from '../drawing/motion.ts';
import { jobIn } from '../drawing/jobs.ts';
import type { TableStory } from './tableStory.ts';

/** Draws the sealed memtable of the flush as a bar of entries. */
export function drawSource(canvas: Canvas, story: TableStory, area: Area): void {
  const { sketch, small } = canvas;
  const { entries, done, name } = sourceOf(canvas, story);
  const bar = barOf(canvas, area);
  sketch.run('source.caption', area.x, area.y + small - 1, area.width, [
    [name, { size: small, strong: true }],
    [
      `${formatCount(done)} of ${counted(entries, 'entry', 'entries')} written, in key order`,
      { size: small, tone: 'dim' },
    ],
  ]);
  sketch.box('source', bar, { form: 'tint', tone: 'writing', radius: 2 });
  const share = done / Math.max(1, entries);
  const gone = { ...bar, width: bar.width * share };
  sketch.box('source.gone', gone, { form: 'faint', radius: 2 });
  if (share < 1) {
    const x = bar.x + gone.width;
    sketch.line('source.cursor', [x, bar.y - 3], [x, bar.y + bar.height + 3], {
      form: 'thick',
      tone: 'writing',
    });
  }
}

/** The point of the bar that the shown entry leaves. */
export function sourceExit(canvas: Canvas, story: TableStory, area: Area): Point {
  const { entries, done } = sourceOf(canvas, story);
  const bar = barOf(canvas, area);
  return { x: bar.x + (bar.width * Math.max(0, done - 1)) / Math.max(1, entries), y: bar.y };
}

function barOf({ small }: Canvas, area: Area): Area {
  const top = area.y + small + 8;
  return { ...area, y: top, height: Math.max(8, area.y + area.height - top) };
}

function sourceOf(
  { frame }: Canvas,
  story: TableStory,
): { entries: number; done: number; name: string } {
  const job = jobIn(frame);
  const begin = frame.recent.find((event) => event.kind === 'flush.begin');
  const flush = job?.kind === 'flush' ? job : undefined;
  const entries = flush?.entries ?? begin?.entries ?? story.entries;
  const memtable = flush?.memtable ?? begin?.memtable ?? 0;
  const done = Math.max(story.entries, flush?.entriesDone ?? 0);
  const whole = story.filter !== undefined || story.created !== undefined ? entries : done;
  return { entries, done: Math.min(whole, entries), name: `sealed memtable ${memtable}` };
}

// The beginning of a flush: a lid closes on the full memtable, it joins the queue of sealed ones,
// an empty one and a new log segment take its place, and writing goes on.

import { fileText } from '../../model/keyText.ts';
import type { FamilyState, MemtableState } from '../../../src/protocol/treeState.ts';
import { actingFamily } from '../../model/families.ts';
import { counted, formatBytes } from '../../model/format.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { logName } from '../drawing/figures.ts';
import type { Area } from '../drawing/mark.ts';
import { between, eased, span } from '../drawing/motion.ts';
import type { TextOptions } from '../drawing/sketch.ts';
import { drawLogs } from './manifestLine.ts';

/** Draws the memtables, the queue and the logs into `area`. */
export function drawSeal(canvas: Canvas, area: Area): void {
  const { frame, compact } = canvas;
  const family = actingFamily(frame) ?? frame.next.families[0];
  if (family === undefined) return;
  const logHeight = compact ? 30 : 70;
  const top = { ...area, height: area.height - logHeight - (compact ? 4 : 20) };
  drawMemtables(canvas, family, top);
  drawLogs(canvas, { ...area, y: area.y + area.height - logHeight, height: logHeight });
}

function drawMemtables(canvas: Canvas, family: FamilyState, area: Area): void {
  const { frame, progress, compact } = canvas;
  const { event } = frame;
  const width = Math.min(compact ? 118 : 220, area.width / 3.4);
  const height = Math.min(area.height, compact ? 60 : 200);
  const active = { ...area, width, height };
  const sealing = event?.kind === 'memtable.seal' ? event : undefined;
  const moved = sealing === undefined ? 1 : eased(progress, 0.35, 0.8);
  const queue = family.immutables;
  const opening = sealing === undefined ? 1 : span(progress, 0.7, 0.95);
  drawMemtable(canvas, family.memtable, active, opening, 'active');
  for (const [index, memtable] of queue.toReversed().entries()) {
    const home = { ...active, x: area.x + (index + 1) * (width + (compact ? 14 : 30)) };
    if (home.x + width > area.x + area.width) break;
    const fresh = sealing?.memtable === memtable.memtable;
    const x = fresh && !frame.reducedMotion ? between(active.x, home.x, moved) : home.x;
    const opacity = fresh && frame.reducedMotion ? moved : 1;
    drawMemtable(
      canvas,
      memtable,
      { ...home, x },
      opacity,
      fresh && moved < 1 ? 'closing' : 'sealed',
    );
  }
  drawTarget(canvas, area, width, height, queue.length);
}

function drawMemtable(
  canvas: Canvas,
  memtable: MemtableState,
  place: Area,
  opacity: number,
  look: 'active' | 'closing' | 'sealed',
): void {
  const { sketch, small, progress } = canvas;
  const key = `memtable.${memtable.memtable}`;
  const moving = look === 'closing';
  sketch.box(key, place, {
    form: look === 'active' ? 'outline' : 'card',
    tone: 'dim',
    opacity,
    moving,
  });
  const share = Math.min(1, memtable.sizeBytes / Math.max(1, memtable.capacityBytes));
  const filled = look === 'active' ? share : Math.max(share, 0.05);
  const height = (place.height - 6) * filled;
  const level = {
    x: place.x + 3,
    y: place.y + place.height - 3 - height,
    width: place.width - 6,
    height,
  };
  sketch.box(`${key}.level`, level, { form: 'tint', tone: 'writing', opacity, moving, radius: 2 });
  const lid = look === 'active' ? 0 : look === 'closing' ? eased(progress, 0, 0.3) : 1;
  if (lid > 0) {
    const y = place.y - (1 - lid) * 14;
    const cover = { x: place.x - 3, y: y - 3, width: place.width + 6, height: 5 };
    sketch.box(`${key}.lid`, cover, {
      form: 'solid',
      tone: 'text',
      opacity: opacity * lid,
      moving,
      radius: 2,
    });
  }
  const name = look === 'active' ? `memtable ${memtable.memtable}` : `sealed ${memtable.memtable}`;
  const size = formatBytes(memtable.sizeBytes);
  const lines = [name, counted(memtable.entries, 'entry', 'entries'), size];
  const step = small + 4;
  const first = place.y + place.height / 2 - step + small * 0.4;
  for (const [index, words] of lines.entries()) {
    const y = first + index * step;
    if (y > place.y + place.height - 3) break;
    sketch.text(`${key}.${index}`, place.x + place.width / 2, y, words, {
      ...{ size: small, anchor: 'middle', strong: index === 0, tone: index === 0 ? 'text' : 'dim' },
      ...{ opacity, moving, widthMax: place.width - 10 },
    });
  }
}

/** The table that will be written, once the flush has begun. */
function drawTarget(
  canvas: Canvas,
  area: Area,
  width: number,
  height: number,
  queued: number,
): void {
  const { sketch, small, frame, progress, compact } = canvas;
  const { event } = frame;
  if (event?.kind !== 'flush.begin') return;
  const gap = compact ? 14 : 30;
  const from = area.x + (queued + 1) * (width + gap) - gap;
  const box = { x: area.x + area.width - width, y: area.y, width, height };
  if (box.x < from + 30) return;
  const opacity = span(progress, 0.3, 0.7);
  const middle = area.y + height / 2;
  const tip = between(from + 6, box.x - 6, eased(progress, 0, 0.5));
  sketch.line('target.way', [from + 6, middle], [tip, middle], { form: 'thick', tone: 'writing' });
  sketch.box('target', box, { form: 'dashed', tone: 'writing', opacity });
  const lines = [
    fileText(event.file),
    'for level 0',
    `${counted(event.entries, 'entry', 'entries')} to come`,
  ];
  for (const [index, words] of lines.entries()) {
    const y = middle - small - 4 + small * 0.4 + index * (small + 4);
    sketch.text(`target.${index}`, box.x + width / 2, y, words, {
      ...{ size: small, anchor: 'middle', strong: index === 0, opacity, widthMax: width - 10 },
      ...{ tone: index === 0 ? 'text' : 'dim' },
    });
  }
}

/** What the beginning is about, for the heading. */
export function sealSubject(canvas: Canvas): readonly (readonly [string, TextOptions?])[] {
  const { event } = canvas.frame;
  const dim = { size: canvas.small, tone: 'dim' } as const;
  if (event?.kind === 'memtable.seal') {
    const why = event.reason === 'full' ? 'is full and sealed' : 'is sealed';
    return [
      [`memtable ${event.memtable} ${why}`, { strong: true }],
      ['writing goes on in a new one', dim],
    ];
  }
  if (event?.kind === 'wal.rotate') {
    return [
      [`log ${logName(event.from)} is closed`, { strong: true }],
      [`writing goes on in ${logName(event.to)}`, dim],
    ];
  }
  if (event?.kind === 'flush.begin') {
    // Another engine's past: which memtable it was, nobody has written down.
    const memtable = event.memtable === 0 ? 'a memtable' : `memtable ${event.memtable}`;
    return [
      [`${memtable} becomes ${fileText(event.file)}`, { strong: true }],
      [counted(event.entries, 'entry', 'entries'), dim],
    ];
  }
  return [['flush', { strong: true }]];
}

// A scan: every place at once. Memtables and levels are merged into one ordered stream, which
// passes over older versions and tombstones.

import { fileText } from '../../model/keyText.ts';
import type { LsmEvent } from '../../../src/protocol/events.ts';
import { counted, formatBytes, formatMicros } from '../../model/format.ts';
import type { Canvas } from '../drawing/canvas.ts';
import type { Area, Tone } from '../drawing/mark.ts';
import { levelTone } from '../drawing/mark.ts';
import { eased, span } from '../drawing/motion.ts';
import { pathData } from '../drawing/sketch.ts';

export type ScanBegin = Extract<LsmEvent, { readonly kind: 'scan.begin' }>;
export type ScanEnd = Extract<LsmEvent, { readonly kind: 'scan.end' }>;

interface Source {
  readonly name: string;
  readonly tone: Tone;
}

/** Draws the sources flowing together, and in the end what came out. */
export function drawScan(
  canvas: Canvas,
  begin: ScanBegin | undefined,
  end: ScanEnd | undefined,
  area: Area,
): void {
  const { sketch, small, size, progress, frame } = canvas;
  const sources = sourcesOf(canvas, begin?.family ?? 0);
  const row = Math.min(canvas.compact ? 16 : 34, area.height / Math.max(1, sources.length));
  const width = Math.min(150, area.width * 0.34);
  const joint = { x: area.x + width + 70, y: area.y + (row * sources.length) / 2 };
  const opened = frame.event?.kind === 'scan.begin' ? eased(progress, 0, 0.7) : 1;
  for (const [index, { name, tone }] of sources.entries()) {
    const box = { x: area.x, y: area.y + index * row, width, height: row - 3 };
    sketch.box(`source.${name}`, box, { form: 'card', tone });
    const baseline = box.y + box.height / 2 + small * 0.36;
    sketch.text(`source.${name}`, box.x + 8, baseline, name, { size: small, widthMax: width - 14 });
    const from = { x: box.x + width, y: box.y + box.height / 2 };
    const middle = (from.x + joint.x) / 2;
    const curve =
      pathData`M${from.x},${from.y}C${middle},${from.y} ` +
      pathData`${middle},${joint.y} ${joint.x},${joint.y}`;
    sketch.path(`flow.${name}`, curve, { tone: 'reading', opacity: opened });
  }
  const radius = canvas.compact ? 4 : 6;
  const knot = { x: joint.x - radius, y: joint.y - radius, width: 2 * radius, height: 2 * radius };
  sketch.box('joint', knot, { form: 'solid', tone: 'reading', radius, opacity: opened });
  const left = joint.x + 18;
  const room = area.x + area.width - left;
  const first =
    begin === undefined ? '' : `${counted(begin.sources, 'source')} merged in key order`;
  sketch.text('merged', left, joint.y + small * 0.36 - (end === undefined ? 0 : size), first, {
    ...{ size: small, tone: 'dim', widthMax: room, opacity: opened },
  });
  if (frame.event?.kind === 'block.read') {
    const { block, file, cacheHit, sizeBytes } = frame.event;
    const source = cacheHit ? 'from the cache' : `${formatBytes(sizeBytes)} from disk`;
    sketch.run('scan.block', left, joint.y + small * 0.36 + size + 4, room, [
      [`block ${block} of ${fileText(file)}`, { size: small, strong: true }],
      [source, { size: small, tone: 'reading' }],
    ]);
  }
  if (end === undefined) return;
  const passed =
    `${counted(end.versionsSkipped, 'older version')} and ` +
    `${counted(end.tombstonesSkipped, 'tombstone')} passed over`;
  const opacity = span(progress, 0.2, 0.5);
  sketch.run('given', left, joint.y + small * 0.36 + 3, room, [
    [counted(end.entries, 'entry', 'entries'), { strong: true, tone: 'good', opacity }],
    [
      `${counted(end.blocksRead, 'block')}, ${formatMicros(end.durationMicros)}`,
      { size: small, opacity },
    ],
  ]);
  sketch.text('passed', left, joint.y + small * 0.36 + size + 7, passed, {
    ...{ size: small, tone: 'dim', widthMax: room, opacity },
  });
}

function sourcesOf({ frame }: Canvas, number: number): readonly Source[] {
  const family = frame.state.families.find((each) => each.family === number);
  if (family === undefined) return [];
  const memory = [family.memtable, ...family.immutables.toReversed()].map(
    ({ memtable }, index) => ({
      ...{
        name: index === 0 ? `memtable ${memtable}` : `sealed ${memtable}`,
        tone: 'dim' as const,
      },
    }),
  );
  const levels = family.levels
    .filter(({ tables }) => tables.length > 0)
    .map(({ level, tables }): Source => ({
      name: `L${level}: ${counted(tables.length, 'table')}`,
      tone: levelTone(level),
    }));
  return [...memory, ...levels];
}

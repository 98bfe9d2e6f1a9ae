// The table file from its first byte to its footer: a box a block, hatched until the file is
// synced, and arcs from the index and the footer to what they point at.

import { counted, formatBytes, inTime } from '../../model/format.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { hatchPath } from '../drawing/hatch.ts';
import type { Area, Tone } from '../drawing/mark.ts';
import { levelTone } from '../drawing/mark.ts';
import { eased, span } from '../drawing/motion.ts';
import { pathData } from '../drawing/sketch.ts';
import { textWidth } from '../drawing/textWidth.ts';
import type { TableBlock, TableStory } from './tableStory.ts';

type BlockKind = TableBlock['blockKind'];

const tones: Readonly<Record<BlockKind, Tone>> = {
  data: 'level-0',
  filter: 'unsynced',
  index: 'merging',
  'range-tombstones': 'merging',
  properties: 'dim',
  footer: 'dim',
};
/** Kinds in file order after the data blocks; few tables have range deletes. */
function tailKindsOf(story: TableStory): BlockKind[] {
  const ranges = story.closed.some(({ blockKind }) => blockKind === 'range-tombstones');
  const extra: BlockKind[] = ranges ? ['range-tombstones'] : [];
  return ['filter', 'index', ...extra, 'properties', 'footer'];
}

/** Where the strip's blocks stand. */
export interface StripPlan {
  readonly area: Area;
  readonly pitch: number;
  readonly dataBlocks: number;
  placeOf(kind: BlockKind, block: number): Area;
}

/**
 * Plans the strip: the tail's blocks have room for their names, the data blocks share the
 * rest.
 */
export function planStrip(canvas: Canvas, story: TableStory, area: Area): StripPlan {
  const { small } = canvas;
  const style = { size: small - 1, face: 'plain', strong: false } as const;
  const tailKinds = tailKindsOf(story);
  const widths = tailKinds.map((kind) => textWidth(kind, style) + 12);
  const tail = widths.reduce((sum, width) => sum + width + 2, 0);
  const room = Math.max(20, area.width - tail);
  const opening = story.open.length > 0 ? 1 : 0;
  const planned = Math.max(1, story.dataBlocks + opening);
  const pitch = Math.min(34, room / planned);
  const placeOf = (kind: BlockKind, block: number): Area => {
    if (kind === 'data') {
      return {
        ...area,
        x: area.x + block * pitch,
        width: Math.max(1, pitch - (pitch > 4 ? 2 : 0.5)),
      };
    }
    const at = tailKinds.indexOf(kind);
    const before = widths.slice(0, at).reduce((sum, width) => sum + width + 2, 0);
    return { ...area, x: area.x + story.dataBlocks * pitch + before, width: widths[at]! };
  };
  return { area, pitch, dataBlocks: story.dataBlocks, placeOf };
}

/** Draws the strip, its arcs below when there is room, and its caption above. */
export function drawFileStrip(
  canvas: Canvas,
  story: TableStory,
  plan: StripPlan,
  level: number,
): void {
  const { sketch, frame, progress, compact } = canvas;
  const { area } = plan;
  sketch.box(
    'file',
    { ...area, x: area.x - 2, width: area.width + 4, y: area.y - 2, height: area.height + 4 },
    {
      form: 'faint',
    },
  );
  const syncing = frame.event?.kind === 'table.create';
  const end = stripEnd(story, plan);
  const synced = story.created === undefined ? 0 : syncing ? eased(progress, 0.1, 0.8) : 1;
  const durableX = area.x + (end - area.x) * synced;
  drawDataBlocks(canvas, story, plan, durableX, level);
  for (const block of story.closed) {
    if (block.blockKind !== 'data') drawTail(canvas, block, plan, durableX);
  }
  if (synced > 0 && synced < 1) {
    sketch.line('file.synced', [durableX, area.y - 5], [durableX, area.y + area.height + 5], {
      ...{ form: 'thick', tone: 'good' },
    });
  }
  if (!compact) drawArcs(canvas, story, plan);
}

function stripEnd(story: TableStory, plan: StripPlan): number {
  const last = story.closed.at(-1);
  if (last === undefined) return plan.area.x;
  const place = plan.placeOf(last.blockKind, last.block);
  return place.x + place.width;
}

/** Whether the block is the one that the shown event closes, and how far it has come. */
function growth({ frame, progress }: Canvas, block: TableBlock): number {
  const { event } = frame;
  if (event?.kind !== 'table.block' || event.blockKind !== block.blockKind) return 1;
  if (event.block !== block.block) return 1;
  return block.blockKind === 'data' ? span(progress, 0.9, 1) : eased(progress, 0, 0.6);
}

function drawDataBlocks(
  canvas: Canvas,
  story: TableStory,
  plan: StripPlan,
  durableX: number,
  level: number,
): void {
  const newest = story.closed.findLast(({ blockKind }) => blockKind === 'data');
  const tone = levelTone(level);
  const step = Math.max(1, Math.ceil(1.5 / plan.pitch));
  for (let block = 0; block < plan.dataBlocks; block += step) {
    const place = plan.placeOf('data', block);
    const grown = newest?.block === block ? growth(canvas, newest) : 1;
    drawBlock(canvas, `data.${block}`, place, tone, durableX, grown);
    if (plan.pitch < 16 || grown < 1) continue;
    const { small } = canvas;
    canvas.sketch.text(
      `data.${block}`,
      place.x + place.width / 2,
      place.y + place.height / 2 + small * 0.33,
      String(block),
      {
        ...{ size: small - 1.5, anchor: 'middle', widthMax: place.width - 3, tone: 'text' },
      },
    );
  }
}

/** A block: hatched right of the durable line, solid left of it. */
function drawBlock(
  { sketch }: Canvas,
  key: string,
  place: Area,
  tone: Tone,
  durableX: number,
  opacity: number,
): void {
  const solid = Math.max(0, Math.min(place.width, durableX - place.x));
  const open = { ...place, x: place.x + solid, width: place.width - solid };
  if (solid > 0)
    sketch.box(
      `${key}.solid`,
      { ...place, width: solid },
      { form: 'tinted', tone, opacity, radius: 2 },
    );
  if (open.width < 0.5) return;
  sketch.box(`${key}.open`, open, { form: 'soft', tone, opacity, radius: 2 });
  if (open.width > 4)
    sketch.path(`${key}.hatch`, hatchPath(open), { tone: 'unsynced', opacity: opacity * 0.6 });
}

function drawTail(canvas: Canvas, block: TableBlock, plan: StripPlan, durableX: number): void {
  const { sketch, small } = canvas;
  const grown = growth(canvas, block);
  const whole = plan.placeOf(block.blockKind, block.block);
  const place = { ...whole, width: whole.width * Math.max(0.05, grown) };
  const key = `tail.${block.blockKind}`;
  drawBlock(canvas, key, place, tones[block.blockKind], durableX, 1);
  if (grown < 0.95) return;
  const hint = `${block.blockKind}: ${formatBytes(block.sizeBytes)} at byte ${block.offset}`;
  sketch.box(`${key}.hint`, place, { form: 'clear', hint });
  const label = {
    x: place.x + 3,
    y: place.y + place.height / 2 - small * 0.6,
    width: place.width - 6,
    height: small * 1.25,
  };
  sketch.box(`${key}.label`, label, { form: 'plate', radius: 2, opacity: 0.85 });
  sketch.text(
    key,
    place.x + place.width / 2,
    place.y + place.height / 2 + small * 0.33,
    block.blockKind,
    {
      ...{ size: small - 1, anchor: 'middle' },
    },
  );
}

/** The index points at every data block; the footer at what else there is. */
function drawArcs(canvas: Canvas, story: TableStory, plan: StripPlan): void {
  const { sketch } = canvas;
  const index = story.closed.find(({ blockKind }) => blockKind === 'index');
  const footer = story.closed.find(({ blockKind }) => blockKind === 'footer');
  if (index !== undefined) {
    const from = plan.placeOf('index', 0);
    const step = Math.max(1, Math.ceil(plan.dataBlocks / 60));
    let d = '';
    for (let block = 0; block < plan.dataBlocks; block += step) {
      d += arc(from, plan.placeOf('data', block), 26);
    }
    sketch.path('arcs.index', d, { tone: 'merging', opacity: 0.55 * growth(canvas, index) });
  }
  if (footer === undefined) return;
  const from = plan.placeOf('footer', 0);
  const d = (['filter', 'index', 'range-tombstones', 'properties'] as const)
    .filter((kind) => story.closed.some(({ blockKind }) => blockKind === kind))
    .map((kind) => arc(from, plan.placeOf(kind, 0), 34))
    .join('');
  sketch.path('arcs.footer', d, { tone: 'dim', opacity: growth(canvas, footer) });
}

function arc(from: Area, to: Area, depth: number): string {
  const foot = from.y + from.height + 2;
  const startX = from.x + from.width / 2;
  const endX = to.x + to.width / 2;
  const bend = foot + Math.min(depth, 8 + Math.abs(startX - endX) * 0.12);
  return (
    pathData`M${startX},${foot}C${startX},${bend} ` + pathData`${endX},${bend} ${endX},${foot}`
  );
}

/** Says what the file holds so far and whether it would survive a power failure. */
export function drawStripCaption(
  canvas: Canvas,
  story: TableStory,
  area: Area,
  name: string,
): void {
  const { sketch, small, frame, progress } = canvas;
  const { created, dataBlocks, entries, sizeBytes } = story;
  const synced = created !== undefined && (frame.event?.kind !== 'table.create' || progress > 0.8);
  const dim = { size: small, tone: 'dim' } as const;
  const durability = synced
    ? `synced${inTime(created.syncMicros)}`
    : sizeBytes > 0
      ? 'not synced yet'
      : '';
  const tone = synced ? 'durable' : 'unsynced';
  sketch.run('file.caption', area.x, area.y + small - 1, area.width, [
    [name, { size: small, strong: true }],
    [entries === 0 ? '' : counted(entries, 'entry', 'entries'), dim],
    [
      sizeBytes === 0 ? '' : `${counted(dataBlocks, 'data block')}, ${formatBytes(sizeBytes)}`,
      { ...dim, shorten: 'whole' },
    ],
    [durability, { size: small, tone, strong: true, shorten: 'whole' }],
  ]);
}

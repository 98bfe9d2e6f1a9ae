// The data block being built: entries come in key order, the bytes that a key shares with the one
// before turn grey and vanish, a restart point shows its key whole, and the full block closes.

import { counted, formatBytes } from '../../model/format.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { byteText, sequenceText, wordText } from '../drawing/figures.ts';
import type { Area } from '../drawing/mark.ts';
import { between, eased, span } from '../drawing/motion.ts';
import type { Point } from '../drawing/motion.ts';
import { textWidth } from '../drawing/textWidth.ts';
import type { TableBlock, TableEntry, TableStory } from './tableStory.ts';

/** Progress at which the parts of an entry's arrival begin and end. */
const phases = { travel: [0, 0.32], grey: [0.34, 0.5], vanish: [0.52, 0.82] } as const;
const bytesShownMax = 160;
const EMPTY_KEY = "''";

/**
 * Draws the open block into `area`; entries come from `source`, a closed block goes to `target`.
 */
export function drawBlockBuilder(
  canvas: Canvas,
  story: TableStory,
  area: Area,
  source: Point,
  target: Area,
): void {
  const { frame, progress, sketch, small, compact } = canvas;
  const { event } = frame;
  const closing = event?.kind === 'table.block' && event.blockKind === 'data' ? event : undefined;
  const folded = closing === undefined ? 0 : eased(progress, 0.45, 0.95);
  const caption = area.y + small - 1;
  drawCaption(canvas, story, closing, { ...area, y: caption });
  const top = area.y + small + 5;
  const panel = { ...area, y: top, height: area.y + area.height - top };
  if (story.open.length === 0) {
    sketch.box('block', panel, { form: 'dashed', tone: 'edge' });
    return;
  }
  const shrunk = frame.reducedMotion ? panel : shrink(panel, target, folded);
  const tone = closing === undefined ? 'edge' : 'unsynced';
  const form = closing === undefined ? 'faint' : 'card';
  const opacity = frame.reducedMotion ? 1 - folded : 1 - span(folded, 0.9, 1);
  sketch.box('block', shrunk, { form, tone, opacity, moving: folded > 0 });
  if (folded > 0) return;
  const row = compact ? 14 : 21;
  const fits = Math.max(1, Math.floor((panel.height - 4) / row));
  const hidden = Math.max(0, story.open.length - fits);
  for (const [index, entry] of story.open.slice(hidden).entries()) {
    const place = {
      x: panel.x + 6,
      y: panel.y + 2 + index * row,
      width: panel.width - 12,
      height: row,
    };
    const fresh = event?.kind === 'table.entry' && entry.sequence === event.sequence;
    drawRow(canvas, entry, place, fresh ? progress : 1, source);
  }
}

function shrink(from: Area, to: Area, share: number): Area {
  return {
    x: between(from.x, to.x, share),
    y: between(from.y, to.y, share),
    width: between(from.width, to.width, share),
    height: between(from.height, to.height, share),
  };
}

function drawCaption(
  canvas: Canvas,
  story: TableStory,
  closing: TableBlock | undefined,
  area: Area,
): void {
  const { sketch, small } = canvas;
  const dim = { size: small, tone: 'dim' } as const;
  if (closing !== undefined) {
    const { sizeBytes, rawSizeBytes, restarts, checksum, entries } = closing;
    const size =
      rawSizeBytes === sizeBytes
        ? formatBytes(sizeBytes)
        : `${formatBytes(rawSizeBytes)} → ${formatBytes(sizeBytes)}`;
    sketch.run('block.caption', area.x, area.y, area.width, [
      [`block ${closing.block} closes`, { size: small, strong: true }],
      [`${counted(entries, 'entry', 'entries')}, ${size}`, { size: small }],
      [`· checksum ${wordText(checksum)}`, { ...dim, shorten: 'whole' }],
      [`· ${counted(restarts, 'restart point')}`, { ...dim, shorten: 'whole' }],
    ]);
    return;
  }
  const shared = story.open.at(-1)?.sharedBytes ?? 0;
  const open = story.open.length;
  const words =
    open === 0
      ? 'no block is open'
      : story.open.at(-1)!.restart
        ? 'restart point: the whole key'
        : `${counted(shared, 'byte')} as in the key before`;
  sketch.run('block.caption', area.x, area.y, area.width, [
    [open === 0 ? '' : `block ${story.open.at(-1)!.block}`, { size: small, strong: true }],
    [open === 0 ? '' : counted(open, 'entry', 'entries'), dim],
    [words, { size: small, shorten: 'whole' }],
  ]);
}

/**
 * One entry: restart mark, shared length, the key's own bytes; at the right its number and size.
 */
function drawRow(
  canvas: Canvas,
  entry: TableEntry,
  place: Area,
  progress: number,
  source: Point,
): void {
  const { sketch, small, size, frame, compact } = canvas;
  const key = `row.${entry.sequence}`;
  const arrived = eased(progress, ...phases.travel);
  const still = frame.reducedMotion;
  const x = still ? place.x : between(source.x, place.x, arrived);
  const y = still ? place.y : between(source.y, place.y, arrived);
  const opacity = still ? arrived : 1;
  const moving = arrived < 1;
  const baseline = y + place.height / 2 + small * 0.36;
  const code = { size: compact ? small : size - 1, face: 'code' } as const;
  if (moving) {
    const box = { x: x - 3, y, width: Math.min(place.width, 220), height: place.height };
    sketch.box(`${key}.card`, box, { form: 'soft', tone: 'writing', opacity, moving });
  }
  if (entry.restart && !moving) {
    sketch.text(`${key}.restart`, x, baseline, '▸', { size: small, tone: 'reading' });
  }
  const metaWidth = moving ? 0 : drawMeta(canvas, entry, place, baseline);
  const room = place.width - metaWidth - 20;
  drawKeyBytes(canvas, entry, { x: x + 12, y: baseline, room, progress, moving, opacity, code });
}

/** Sequence number and size at the row's right end, in two columns; returns the width they take. */
function drawMeta(canvas: Canvas, entry: TableEntry, place: Area, y: number): number {
  const { sketch, small } = canvas;
  const style = { size: small - 0.5, face: 'plain', strong: false } as const;
  const put = entry.entryKind === 'put' || entry.entryKind === 'merge';
  const size = put ? formatBytes(entry.valueSizeBytes) : '†';
  const number = sequenceText(entry.sequence);
  const column = textWidth('000 KiB', style) + 8;
  const width = column + textWidth(number, style);
  if (width > place.width * 0.5) return 0;
  const right = place.x + place.width;
  const tone = put ? 'dim' : 'tombstone';
  const key = `row.${entry.sequence}`;
  sketch.text(`${key}.size`, right, y, size, { ...style, tone, anchor: 'end' });
  sketch.text(`${key}.number`, right - column, y, number, { ...style, tone: 'dim', anchor: 'end' });
  return width;
}

interface KeyPen {
  readonly x: number;
  readonly y: number;
  readonly room: number;
  readonly progress: number;
  readonly moving: boolean;
  readonly opacity: number;
  readonly code: { readonly size: number; readonly face: 'code' };
}

/** The key's bytes; the shared ones grey out and make way for their count. */
function drawKeyBytes({ sketch, small, frame }: Canvas, entry: TableEntry, pen: KeyPen): void {
  const { x, y, room, progress, moving, opacity, code } = pen;
  const key = `row.${entry.sequence}`;
  const shown = [...entry.key.subarray(0, bytesShownMax)].map(byteText);
  const shared = shown.slice(0, entry.sharedBytes).join('');
  const own = shown.slice(entry.sharedBytes).join('');
  const style = { ...code, strong: false };
  const vanished = entry.sharedBytes === 0 ? 1 : eased(progress, ...phases.vanish);
  const grey = span(progress, ...phases.grey);
  const stub = entry.sharedBytes === 0 ? 0 : 22;
  const sharedWidth = textWidth(shared, style);
  const ownX =
    x + between(sharedWidth, stub, frame.reducedMotion ? Math.round(vanished) : vanished);
  if (vanished < 1 && shared !== '') {
    const cut = Math.max(0, Math.min(room, ownX - x));
    const letters = Math.max(1, Math.floor(cut / Math.max(1, sharedWidth / shared.length)));
    const words = frame.reducedMotion ? shared : shared.slice(0, letters);
    const tone = grey > 0.5 ? 'dim' : 'text';
    const fading = opacity * (1 - grey * 0.4) * (1 - span(vanished, 0.6, 1));
    sketch.text(`${key}.shared`, x, y, words, {
      ...code,
      tone,
      moving,
      opacity: fading,
      widthMax: Math.max(cut, 1),
    });
  }
  if (entry.sharedBytes > 0 && vanished >= 0.8) {
    const box = { x, y: y - small, width: stub - 5, height: small + 3 };
    const seen = span(vanished, 0.8, 1);
    const hint = `${counted(entry.sharedBytes, 'byte')} as in the key before: not stored again`;
    sketch.box(`${key}.stub`, box, { form: 'tint', tone: 'dim', opacity: seen, radius: 2, hint });
    sketch.text(`${key}.stub`, x + (stub - 5) / 2, y, String(entry.sharedBytes), {
      ...{ size: small - 1, tone: 'dim', anchor: 'middle', opacity: seen, widthMax: stub - 5 },
    });
  }
  const left = room - (ownX - x);
  if (left < 12) return;
  if (own === '' && shared !== '' && vanished >= 0.8) {
    const words = {
      size: small,
      tone: 'dim',
      opacity: span(vanished, 0.8, 1),
      widthMax: left,
    } as const;
    sketch.text(`${key}.own`, ownX, y, 'the same key, an older version', words);
    return;
  }
  const isDeletion = entry.entryKind.endsWith('delete');
  const tone = isDeletion ? 'tombstone' : 'text';
  const words = entry.key.length === 0 ? EMPTY_KEY : own;
  sketch.text(`${key}.own`, ownX, y, words, { ...code, tone, moving, opacity, widthMax: left });
}

// The write-ahead log as a strip of records, one box a record: solid up to the durable line,
// hatched beyond it; outlined where nobody can know. A new record opens its header for a moment; a
// sync sweeps the line to the end.

import type { WalSegmentState } from '../../../src/protocol/treeState.ts';
import { counted, formatBytes, formatCount, formatMicros } from '../../model/format.ts';
import type { Canvas } from '../drawing/canvas.ts';
import { logName, sequenceText, wordText } from '../drawing/figures.ts';
import { hatchPath } from '../drawing/hatch.ts';
import type { Area, Tone } from '../drawing/mark.ts';
import { between, eased, span } from '../drawing/motion.ts';
import type { Point } from '../drawing/motion.ts';
import { pathData } from '../drawing/sketch.ts';
import { textWidth } from '../drawing/textWidth.ts';
import type { WalAppend } from './writeStory.ts';

const emptySegment: WalSegmentState = {
  file: 0,
  sizeBytes: 0,
  syncedBytes: 0,
  records: 0,
  recordsUnsynced: 0,
};

/** The strip's geometry: where each record stands. */
interface Strip {
  readonly area: Area;
  readonly pitch: number;
  readonly cell: number;
  /** Records that have left the strip at its left end; a fraction while it scrolls. */
  readonly scrolled: number;
}

/** Draws the log into `area` and returns where the newest record stands. */
export function drawLog(canvas: Canvas, area: Area): Point {
  const { frame, compact, small } = canvas;
  const before = activeSegment(canvas, 'state');
  const after = activeSegment(canvas, 'next');
  const height = compact ? 14 : 26;
  const top = area.y + small + (compact ? 5 : 10);
  const strip = stripOf(canvas, { ...area, y: top, height }, before, after);
  drawCaption(canvas, area, before, after);
  drawRecords(canvas, strip, before, after);
  const newest = placeOf(strip, after.records - 1);
  const below = { ...area, y: top + height, height: area.y + area.height - top - height };
  if (frame.event?.kind === 'wal.append') drawHeader(canvas, frame.event, newest, below);
  else drawLesson(canvas, below, after);
  return { x: newest.x + newest.width / 2, y: newest.y + newest.height / 2 };
}

function activeSegment({ frame }: Canvas, moment: 'state' | 'next'): WalSegmentState {
  const { segments, active } = frame[moment].wal;
  return segments.find(({ file }) => file === active) ?? { ...emptySegment, file: active };
}

function stripOf(
  canvas: Canvas,
  area: Area,
  before: WalSegmentState,
  after: WalSegmentState,
): Strip {
  const pitch = canvas.compact ? 9 : 14;
  const capacity = Math.max(1, Math.floor(area.width / pitch));
  const scroll = (records: number): number => Math.max(0, records - capacity);
  const share = canvas.frame.reducedMotion ? 1 : eased(canvas.progress, 0, 0.25);
  const scrolled = between(scroll(before.records), scroll(after.records), share);
  return {
    area,
    pitch,
    cell: pitch - 2,
    scrolled: before.file === after.file ? scrolled : scroll(after.records),
  };
}

function placeOf({ area, pitch, cell, scrolled }: Strip, record: number): Area {
  return { ...area, x: area.x + (record - scrolled) * pitch, width: cell };
}

function drawCaption(
  canvas: Canvas,
  area: Area,
  before: WalSegmentState,
  after: WalSegmentState,
): void {
  const { sketch, small, progress } = canvas;
  const shown = progress < 0.5 ? before : after;
  const unsynced = shown.recordsUnsynced;
  const right = unsyncedText(unsynced);
  const y = area.y + small;
  const width = sketch.text('log.unsynced', area.x + area.width, y, right, {
    ...{ size: small, anchor: 'end', tone: durabilityTone(unsynced), strong: true },
  });
  sketch.run('log.caption', area.x, y, area.width - width - 12, [
    [`log ${logName(after.file)}`, { size: small, strong: true }],
    [
      `${counted(shown.records, 'record')}, ${formatBytes(shown.sizeBytes)}`,
      { size: small, tone: 'dim' },
    ],
  ]);
}

function durabilityTone(unsynced: number | null): Tone {
  if (unsynced === null) return 'dim';
  return unsynced === 0 ? 'durable' : 'unsynced';
}

function unsyncedText(unsynced: number | null): string {
  if (unsynced === null) return 'synced or not: unknown';
  return unsynced === 0 ? 'all durable' : `${formatCount(unsynced)} not durable yet`;
}

function drawRecords(
  canvas: Canvas,
  strip: Strip,
  before: WalSegmentState,
  after: WalSegmentState,
): void {
  const { sketch, frame, progress } = canvas;
  const { area } = strip;
  sketch.box('log.strip', { ...area, x: area.x - 3, width: area.width + 6 }, { form: 'faint' });
  const durable = durableRecords(canvas, before, after);
  const appending = frame.event?.kind === 'wal.append';
  for (let record = Math.ceil(strip.scrolled); record < after.records; record++) {
    const place = placeOf(strip, record);
    const growth = appending && record >= before.records ? eased(progress, 0.15, 0.4) : 1;
    const box = { ...place, y: place.y + 3, width: place.width * growth, height: place.height - 6 };
    if (durable === undefined) {
      sketch.box(`log.${record}`, box, { form: 'outline', tone: 'dim', radius: 1.5 });
      continue;
    }
    const swept = Math.min(1, Math.max(0, durable - record));
    const solid = { ...box, width: box.width * swept };
    const open = { ...box, x: box.x + solid.width, width: box.width - solid.width };
    if (swept > 0)
      sketch.box(`log.${record}`, solid, { form: 'solid', tone: 'durable', radius: 1.5 });
    if (swept >= 1) continue;
    sketch.box(`log.${record}.open`, open, { form: 'soft', tone: 'unsynced', radius: 1.5 });
    sketch.path(`log.${record}.hatch`, hatchPath(open), { tone: 'unsynced' });
  }
  if (after.records === 0 || durable === undefined) return;
  const lineX = area.x + (Math.max(durable, strip.scrolled) - strip.scrolled) * strip.pitch - 1;
  sketch.line('log.durable', [lineX, area.y - 3], [lineX, area.y + area.height + 3], {
    ...{ form: 'thick', tone: 'good' },
  });
}

/**
 * How many records from the left lie before the durable line, a fraction while a sync sweeps;
 * `undefined` when nobody knows.
 */
function durableRecords(
  { frame, progress }: Canvas,
  before: WalSegmentState,
  after: WalSegmentState,
): number | undefined {
  if (after.recordsUnsynced === null) return undefined;
  const from = before.file === after.file ? before.records - (before.recordsUnsynced ?? 0) : 0;
  const to = after.records - after.recordsUnsynced;
  return frame.event?.kind === 'wal.sync' ? between(from, to, eased(progress, 0.1, 0.85)) : to;
}

/** The record's header, opened under its box: what a reader of the log finds before the entries. */
function drawHeader(canvas: Canvas, record: WalAppend, place: Area, area: Area): void {
  const { sketch, compact, small, progress } = canvas;
  const opened = eased(progress, 0.35, 0.55);
  const top = area.y + (compact ? 6 : 16);
  const height = Math.min(area.height - (compact ? 6 : 18), compact ? 27 : 40);
  if (height < 2 * small + 2) return;
  const fields = fittingFields(canvas, headerFields(record), area.width);
  let x = area.x;
  for (const { name, value, width, payload } of fields) {
    const box = { x, y: top, width, height: height * Math.max(0.02, opened) };
    const tone = payload ? 'writing' : 'unsynced';
    sketch.box(`header.${name}`, box, {
      form: payload ? 'soft' : 'card',
      tone,
      opacity: opened,
      radius: 2,
    });
    const visible = span(opened, 0.6, 1);
    const middle = top + height / 2;
    sketch.text(`header.${name}.name`, x + 6, middle - 3, name, {
      ...{ size: small - 0.5, tone: 'dim', opacity: visible },
    });
    sketch.text(`header.${name}.value`, x + 6, middle + small + 0.5, value, {
      ...{ size: small, face: 'code', opacity: visible },
    });
    x += width + 3;
  }
  const left = place.x;
  const right = place.x + place.width;
  const foot = place.y + place.height - 3;
  const funnel =
    pathData`M${left},${foot}L${area.x},${top}` + pathData`M${right},${foot}L${x - 3},${top}`;
  sketch.path('header.funnel', funnel, { tone: 'unsynced', opacity: opened * 0.6 });
}

interface HeaderField {
  readonly name: string;
  readonly value: string;
  readonly payload: boolean;
  readonly width: number;
}

function headerFields(record: WalAppend): readonly Omit<HeaderField, 'width'>[] {
  const last = record.firstSequence + record.entries - 1;
  const range =
    record.entries === 1
      ? sequenceText(record.firstSequence)
      : `${sequenceText(record.firstSequence)} to ${sequenceText(last)}`;
  return [
    // Of another engine's records the checksum was checked, not kept.
    ...(record.checksum === 0
      ? []
      : [{ name: 'checksum', value: wordText(record.checksum), payload: false }]),
    { name: 'record', value: formatBytes(record.sizeBytes), payload: false },
    { name: 'log', value: String(record.wal), payload: false },
    { name: 'synced up to', value: syncedText(record.syncedOffset), payload: false },
    { name: counted(record.entries, 'entry', 'entries'), value: range, payload: true },
  ];
}

function syncedText(syncedOffset: number | null): string {
  return syncedOffset === null ? 'unknown' : `byte ${formatCount(syncedOffset)}`;
}

/** As many fields as the width takes; the entries, which come last, give way first. */
function fittingFields(
  canvas: Canvas,
  fields: readonly Omit<HeaderField, 'width'>[],
  widthMax: number,
): readonly HeaderField[] {
  const { small } = canvas;
  const fitting: HeaderField[] = [];
  let left = widthMax;
  for (const field of fields) {
    const name = textWidth(field.name, { size: small - 0.5, face: 'plain', strong: false });
    const value = textWidth(field.value, { size: small, face: 'code', strong: false });
    const width = Math.max(name, value) + 12;
    if (width > left) break;
    fitting.push({ ...field, width });
    left -= width + 3;
  }
  return fitting;
}

/** What the durable line means just now. */
function drawLesson(canvas: Canvas, area: Area, after: WalSegmentState): void {
  const { sketch, small, frame, progress, compact } = canvas;
  const y = area.y + small + (compact ? 7 : 14);
  if (y > area.y + area.height) return;
  const { event } = frame;
  const lost = after.recordsUnsynced;
  const words =
    event?.kind === 'wal.sync'
      ? `synced in ${formatMicros(event.durationMicros)}: everything before byte ` +
        `${formatCount(event.syncedBytes)} survives a power failure`
      : lost === null
        ? 'no file tells what of it was synced'
        : lost === 0
          ? 'every record survives a power failure'
          : `${counted(lost, 'record')} would be lost by a power failure`;
  const opacity = event?.kind === 'wal.sync' ? span(progress, 0.5, 0.8) : 1;
  const tone = durabilityTone(lost);
  sketch.text('log.lesson', area.x, y, words, { size: small, tone, opacity, widthMax: area.width });
}

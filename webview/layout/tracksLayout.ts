// The timeline's tracks: writes per second, flushes, compactions by the level they write to,
// stalls. The axis is the count of events, so every step is as easy to reach as any other; the rate
// of writes is taken from the state's own counters and the events' own times.

import type { Marker, Sample, Span } from '../model/chronicle.ts';
import { formatShortCount } from '../model/format.ts';
import type { LineMark, Picture, Region } from './marks.ts';
import { PictureBuilder } from './marks.ts';
import type { TextMeasure } from './textMeasure.ts';
import { firstFitting } from './textMeasure.ts';

const LABEL_WIDTH = 76;
const TRACK_GAP = 4;
const AREA_SHARE = 1.6;
const SPAN_WIDTH_MIN = 2;
/** Tracks for compactions, deepest levels joined in the last. */
const COMPACTION_TRACKS_MAX = 4;

/** What the tracks show, and which events the axis spans. */
export interface TracksModel {
  readonly spans: readonly Span[];
  readonly markers: readonly Marker[];
  readonly samples: readonly Sample[];
  readonly first: number;
  readonly length: number;
}

export interface TracksPicture {
  readonly picture: Picture;
  /** The axis: where `first` and `length` lie. */
  readonly axis: Region;
}

/** All tracks in `region`. */
export function tracksLayout(
  model: TracksModel,
  region: Region,
  measure: TextMeasure,
): TracksPicture {
  const picture = new PictureBuilder();
  const axis = {
    x: region.x + LABEL_WIDTH,
    y: region.y,
    width: Math.max(40, region.width - LABEL_WIDTH - 12),
    height: region.height,
  };
  const rows = trackRows(model.spans);
  const height = Math.floor((region.height - TRACK_GAP * rows.length) / (rows.length + AREA_SHARE));
  const rowHeight = Math.max(4, Math.min(16, height));
  const areaHeight = Math.max(8, region.height - rows.length * (rowHeight + TRACK_GAP));
  const scale = (index: number): number => placeOnAxis(index, model.first, model.length, axis);
  placeArea(picture, model, { ...axis, height: areaHeight }, region.x, scale, measure);
  rows.forEach((row, at) => {
    const y = region.y + areaHeight + TRACK_GAP + at * (rowHeight + TRACK_GAP);
    placeRow(
      picture,
      row,
      model.length,
      { ...axis, y, height: rowHeight },
      region.x,
      scale,
      measure,
    );
  });
  return { picture, axis };
}

/** Where an event index lies. */
export function placeOnAxis(index: number, first: number, length: number, axis: Region): number {
  const share = length > first ? (index - first) / (length - first) : 0;
  return axis.x + Math.max(0, Math.min(1, share)) * axis.width;
}

/** The event place (index plus progress) at a pixel. */
export function placeFromAxis(x: number, first: number, length: number, axis: Region): number {
  const share = Math.max(0, Math.min(1, (x - axis.x) / axis.width));
  return first + share * (length - first);
}

/** The moment of interest nearest before or after an index. */
export function nextMarker(
  markers: readonly Marker[],
  index: number,
  direction: 1 | -1,
): Marker | undefined {
  return direction > 0
    ? markers.find((marker) => marker.index + 1 > index)
    : markers.findLast((marker) => marker.index + 1 < index);
}

interface TrackRow {
  readonly name: string;
  readonly look: string;
  readonly spans: readonly Span[];
}

function trackRows(spans: readonly Span[]): readonly TrackRow[] {
  const levels = [...new Set(compactions(spans).map((span) => span.outputLevel))].sort(
    (a, b) => a - b,
  );
  const shown = levels.length === 0 ? [1] : levels.slice(0, COMPACTION_TRACKS_MAX);
  const deepest = shown.at(-1) ?? 1;
  return [
    { name: 'flush', look: 'track flush', spans: spans.filter((span) => span.kind === 'flush') },
    ...shown.map((level) => ({
      name: `into L${level}${level === deepest && levels.length > shown.length ? '+' : ''}`,
      look: `track compaction level-${Math.min(level, 6)}`,
      spans: compactions(spans).filter(
        (span) => span.outputLevel === level || (level === deepest && span.outputLevel > deepest),
      ),
    })),
    { name: 'stalls', look: 'track stall', spans: spans.filter((span) => span.kind === 'stall') },
  ];
}

function compactions(spans: readonly Span[]): readonly Span[] {
  return spans.filter((span) => span.kind === 'compaction');
}

function placeRow(
  picture: PictureBuilder,
  row: TrackRow,
  length: number,
  region: Region,
  labelX: number,
  scale: (index: number) => number,
  measure: TextMeasure,
): void {
  placeName(picture, row.name, labelX, region, measure);
  picture.line({
    key: `track-line-${row.name}`,
    points: [
      [region.x, region.y + region.height + 1.5],
      [region.x + region.width, region.y + region.height + 1.5],
    ],
    look: 'grid',
  });
  let from = 0;
  let to = -Infinity;
  let key = '';
  const close = (): void => {
    if (to === -Infinity) return;
    picture.box({
      key,
      x: from,
      y: region.y,
      width: to - from,
      height: region.height,
      look: row.look,
    });
  };
  for (const span of row.spans) {
    const begin = scale(span.begin);
    const end = Math.max(begin + SPAN_WIDTH_MIN, scale(span.end ?? length));
    if (begin <= to + 0.5) {
      to = Math.max(to, end);
      continue;
    }
    close();
    from = begin;
    to = end;
    key = `span-${row.name}-${span.begin}`;
  }
  close();
}

function placeName(
  picture: PictureBuilder,
  name: string,
  x: number,
  region: Region,
  measure: TextMeasure,
): void {
  const text = firstFitting([name], 'small', LABEL_WIDTH - 8, measure);
  if (region.height < 8) return;
  picture.text({
    key: `track-name-${name}`,
    x,
    y: region.y + region.height / 2 + 4,
    text,
    style: 'small',
    look: 'dim',
    width: measure(text, 'small'),
  });
}

function placeArea(
  picture: PictureBuilder,
  model: TracksModel,
  region: Region,
  labelX: number,
  scale: (index: number) => number,
  measure: TextMeasure,
): void {
  const rates = writeRates(model.samples, scale);
  const most = rates.reduce((highest, { rate }) => Math.max(highest, rate), 0);
  const bottom = region.y + region.height;
  const name = most >= 1 ? `≤ ${formatShortCount(most)} w/s` : 'writes/s';
  placeName(
    picture,
    firstFitting([name, 'writes/s'], 'small', LABEL_WIDTH - 8, measure),
    labelX,
    region,
    measure,
  );
  picture.line({
    key: 'area-line',
    points: [
      [region.x, bottom + 1.5],
      [region.x + region.width, bottom + 1.5],
    ],
    look: 'grid',
  });
  if (most <= 0) return;
  const points: [number, number][] = [];
  for (const { from, to, rate } of rates) {
    const y = bottom - (rate / most) * (region.height - 2);
    points.push([from, y], [to, y]);
  }
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return;
  const area: LineMark = {
    key: 'area',
    points: [[first[0], bottom], ...points, [last[0], bottom]],
    look: 'area',
    curve: 'closed',
  };
  picture.line(area);
}

interface RatePiece {
  readonly from: number;
  readonly to: number;
  readonly rate: number;
}

/** Rates between samples, at most one piece a pixel. */
function writeRates(
  samples: readonly Sample[],
  scale: (index: number) => number,
): readonly RatePiece[] {
  const pieces: RatePiece[] = [];
  let before = samples[0];
  for (const sample of samples.slice(1)) {
    if (before === undefined) break;
    if (sample.afterGap === true) {
      before = sample;
      continue;
    }
    const from = scale(before.index);
    const to = scale(sample.index);
    if (to - from < 1 && sample !== samples.at(-1)) continue;
    const micros = sample.timeMicros - before.timeMicros;
    const rate = micros > 0 ? ((sample.writes - before.writes) * 1_000_000) / micros : 0;
    pieces.push({ from, to, rate });
    before = sample;
  }
  return pieces;
}

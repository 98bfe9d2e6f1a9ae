// Between two pictures: a mark that stands in both travels, one that is only in the earlier fades
// out in the first half, one that is only in the later fades in in the second, so that what goes
// and what comes are never legible at the same place at once. Pure, so any moment of any motion can
// be drawn and tested.

import type { BoxMark, LineMark, Picture, TextMark } from './marks.ts';

/** Slow at both ends: a thing that moves is easiest to follow so. */
export function eased(progress: number): number {
  return progress < 0.5 ? 2 * progress * progress : 1 - (2 - 2 * progress) ** 2 / 2;
}

/**
 * The picture at `progress` (0…1) on the way from `before` to `after`. At 0 and 1 it is one of
 * them, unchanged. With `travel` false (reduced motion) things fade over instead of moving.
 */
export function blended(before: Picture, after: Picture, progress: number, travel = true): Picture {
  if (before === after || progress >= 1) return after;
  if (progress <= 0) return before;
  const t = eased(progress);
  const blendBoxes = (a: BoxMark, b: BoxMark): BoxMark => blendedBox(a, b, t, travel);
  return {
    grounds: blendedMarks(before.grounds, after.grounds, t, blendBoxes),
    lines: blendedMarks(before.lines, after.lines, t, (a, b) => blendedLine(a, b, t, travel)),
    boxes: blendedMarks(before.boxes, after.boxes, t, blendBoxes),
    texts: blendedTexts(before, after, t, travel),
  };
}

/** As other marks; and a text that comes or goes with its box's journey makes the journey too. */
function blendedTexts(
  before: Picture,
  after: Picture,
  t: number,
  travel: boolean,
): readonly TextMark[] {
  const texts = blendedMarks(before.texts, after.texts, t, (a, b) => blendedText(a, b, t, travel));
  if (texts === after.texts || !travel) return texts;
  const starts = new Map(before.boxes.map((box) => [box.key, box]));
  const ends = new Map(after.boxes.map((box) => [box.key, box]));
  const staying = new Set(before.texts.map((mark) => mark.key));
  const arriving = new Set(after.texts.map((mark) => mark.key));
  return texts.map((mark) => {
    const start = mark.rides === undefined ? undefined : starts.get(mark.rides);
    const end = mark.rides === undefined ? undefined : ends.get(mark.rides);
    if (start === undefined || end === undefined) return mark;
    if (staying.has(mark.key) && arriving.has(mark.key)) return mark;
    const own = arriving.has(mark.key) ? end : start;
    const dx = between(start.x, end.x, t) - own.x;
    const dy = middleBetween(start, end, t) - middleOf(own);
    return { ...mark, x: mark.x + dx, y: mark.y + dy };
  });
}

function middleOf(box: BoxMark): number {
  return box.y + box.height / 2;
}

function middleBetween(start: BoxMark, end: BoxMark, t: number): number {
  return between(middleOf(start), middleOf(end), t);
}

/** A number on the way from one to another. */
export function between(from: number, to: number, t: number): number {
  return from + (to - from) * t;
}

interface Keyed {
  readonly key: string;
  readonly opacity?: number;
}

function blendedMarks<M extends Keyed>(
  before: readonly M[],
  after: readonly M[],
  t: number,
  travelling: (a: M, b: M) => M,
): readonly M[] {
  if (before === after) return after;
  const earlier = new Map(before.map((mark) => [mark.key, mark]));
  const marks: M[] = [];
  const staying = new Set<string>();
  for (const mark of after) {
    const from = earlier.get(mark.key);
    if (from === undefined) marks.push(faded(mark, Math.max(0, 2 * t - 1)));
    else {
      staying.add(mark.key);
      marks.push(from === mark ? mark : travelling(from, mark));
    }
  }
  for (const mark of before) {
    if (!staying.has(mark.key)) marks.push(faded(mark, Math.max(0, 1 - 2 * t)));
  }
  return marks;
}

function faded<M extends Keyed>(mark: M, share: number): M {
  return { ...mark, opacity: (mark.opacity ?? 1) * share };
}

function blendedBox(a: BoxMark, b: BoxMark, t: number, travel: boolean): BoxMark {
  const place = travel ? t : Math.round(t);
  return {
    ...(t < 0.5 ? a : b),
    x: between(a.x, b.x, place),
    y: between(a.y, b.y, place),
    width: between(a.width, b.width, place),
    height: between(a.height, b.height, place),
    opacity: opacityBetween(a, b, t, travel || samePlace(a, b)),
  };
}

function blendedText(a: TextMark, b: TextMark, t: number, travel: boolean): TextMark {
  const place = travel ? t : Math.round(t);
  return {
    ...(t < 0.5 ? a : b),
    x: between(a.x, b.x, place),
    y: between(a.y, b.y, place),
    opacity: opacityBetween(a, b, t, travel || samePlace(a, b)),
  };
}

function blendedLine(a: LineMark, b: LineMark, t: number, travel: boolean): LineMark {
  const nearer = t < 0.5 ? a : b;
  const opacity = between(a.opacity ?? 1, b.opacity ?? 1, t);
  if (!travel || a.points.length !== b.points.length) return { ...nearer, opacity };
  const points = b.points.map((to, index) => {
    const from = a.points[index] ?? to;
    return [between(from[0], to[0], t), between(from[1], to[1], t)] as const;
  });
  return { ...nearer, points, opacity };
}

function samePlace(
  a: { readonly x: number; readonly y: number },
  b: { readonly x: number; readonly y: number },
): boolean {
  return a.x === b.x && a.y === b.y;
}

/** A thing that must not travel fades out at its old place and in at its new one. */
function opacityBetween(a: Keyed, b: Keyed, t: number, steady: boolean): number {
  const opacity = between(a.opacity ?? 1, b.opacity ?? 1, t);
  return steady ? opacity : opacity * Math.abs(2 * t - 1);
}

// What must never be seen in a picture, found in its marks: texts over each other, marks outside,
// two marks of one key, coordinates that are no numbers.

import type { Mark, TextMark } from '../../../webview/scenes/drawing/mark.ts';
import { textWidth } from '../../../webview/scenes/drawing/textWidth.ts';

interface Extent {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Texts fainter than this are not read. */
const visible = 0.15;
const tolerance = 0.75;

/** Everything that is wrong with a picture of this size. */
export function flawsOf(marks: readonly Mark[], width: number, height: number): readonly string[] {
  return [...repeated(marks), ...outside(marks, width, height), ...overlapping(marks)];
}

function repeated(marks: readonly Mark[]): readonly string[] {
  const keys = marks.map(({ shape, key }) => `${shape} ${key}`);
  return keys.filter((key, index) => keys.indexOf(key) !== index).map((key) => `two of ${key}`);
}

function outside(marks: readonly Mark[], width: number, height: number): readonly string[] {
  return marks.flatMap((mark) => {
    if (mark.opacity < 0.02 || mark.moving) return [];
    const { left, right, top, bottom } = extentOf(mark);
    const fits =
      left >= -tolerance &&
      right <= width + tolerance &&
      top >= -tolerance &&
      bottom <= height + tolerance;
    const place = [left, top, right, bottom].map((value) => value.toFixed(1)).join(' ');
    return fits ? [] : [`${mark.shape} ${mark.key} leaves the picture: ${place}`];
  });
}

function overlapping(marks: readonly Mark[]): readonly string[] {
  const texts = marks.filter(
    (mark): mark is TextMark => mark.shape === 'text' && !mark.moving && mark.opacity > visible,
  );
  return texts.flatMap((one, index) =>
    texts
      .slice(index + 1)
      .filter((other) => overlap(extentOf(one), extentOf(other)))
      .map((other) => `'${one.text}' (${one.key}) overlaps '${other.text}' (${other.key})`),
  );
}

function overlap(one: Extent, other: Extent): boolean {
  return (
    one.left < other.right - 1 &&
    other.left < one.right - 1 &&
    one.top < other.bottom - 1 &&
    other.top < one.bottom - 1
  );
}

function extentOf(mark: Mark): Extent {
  if (mark.shape === 'box') {
    const { x, y, width, height } = mark;
    return { left: x, right: x + width, top: y, bottom: y + height };
  }
  if (mark.shape === 'text') {
    const width = textWidth(mark.text, mark);
    const share = mark.anchor === 'start' ? 0 : mark.anchor === 'middle' ? 0.5 : 1;
    const left = mark.x - share * width;
    const { y, size } = mark;
    return { left, right: left + width, top: y - size * 0.74, bottom: y + size * 0.2 };
  }
  return pathExtent(mark.d);
}

/** Of absolute commands only; relative ones start from points that are counted. */
function pathExtent(d: string): Extent {
  if (d.includes('NaN')) return { left: Number.NaN, right: Number.NaN, top: 0, bottom: 0 };
  const points = [...d.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)];
  const xs = points.map(([, x]) => Number(x));
  const ys = points.map(([, , y]) => Number(y));
  return {
    left: Math.min(...xs),
    right: Math.max(...xs),
    top: Math.min(...ys),
    bottom: Math.max(...ys),
  };
}

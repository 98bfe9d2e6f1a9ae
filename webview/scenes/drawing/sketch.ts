// Collects a scene's marks. A layout makes one, draws into it from top to bottom and hands out
// `marks`: the resting ones first, those in motion above them.

import type { Area, BoxMark, Form, Mark, PathMark, TextMark, Tone } from './mark.ts';
import type { TextStyle } from './textWidth.ts';
import { shortenEnd, shortenStart, textWidth } from './textWidth.ts';

/** What may be left out when drawing. */
export interface MarkOptions {
  readonly tone?: Tone;
  readonly opacity?: number;
  readonly moving?: boolean;
}

export interface BoxOptions extends MarkOptions {
  readonly form?: Form;
  readonly radius?: number;
  readonly hint?: string;
}

export interface TextOptions extends MarkOptions {
  readonly size?: number;
  readonly face?: TextMark['face'];
  readonly strong?: boolean;
  readonly struck?: boolean;
  readonly anchor?: TextMark['anchor'];
  /** Shortened with an ellipsis beyond this width. */
  readonly widthMax?: number;
  /** Which end gives way; keys differ at their end. `whole`: left out rather than shortened. */
  readonly shorten?: 'start' | 'end' | 'whole';
}

/** Corners of boxes, pixels. */
export const RADIUS = 3;
const invisible = 0.004;

export class Sketch {
  readonly #marks: Mark[] = [];
  readonly #size: number;

  /** @param size The usual font size of this scene, pixels. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Resting marks first, moving ones above. */
  get marks(): readonly Mark[] {
    const resting = this.#marks.filter(({ moving }) => !moving);
    return [...resting, ...this.#marks.filter(({ moving }) => moving)];
  }

  box(key: string, area: Area, options: BoxOptions = {}): void {
    const { form = 'soft', radius = RADIUS, hint = '' } = options;
    const { x, y } = area;
    const width = Math.max(0, area.width);
    const height = Math.max(0, area.height);
    const rounded = Math.min(radius, width / 2, height / 2);
    const mark: BoxMark = {
      ...base(key, options, 'edge'),
      ...{ shape: 'box', form, x, y, width, height, radius: rounded, hint },
    };
    this.#add(mark);
  }

  path(key: string, d: string, options: MarkOptions & { readonly form?: Form } = {}): void {
    const mark: PathMark = {
      ...base(key, options, 'edge'),
      ...{ shape: 'path', form: options.form ?? 'line', d },
    };
    if (d !== '') this.#add(mark);
  }

  line(
    key: string,
    from: readonly [number, number],
    to: readonly [number, number],
    options: MarkOptions & { readonly form?: Form } = {},
  ): void {
    this.path(key, `M${short(from[0])},${short(from[1])}L${short(to[0])},${short(to[1])}`, options);
  }

  /** Writes a text and returns the width it takes, 0 when nothing of it fits. */
  text(key: string, x: number, y: number, words: string, options: TextOptions = {}): number {
    const { size = this.#size, face = 'plain', strong = false, struck = false } = options;
    const { anchor = 'start', widthMax } = options;
    const style = { size, face, strong };
    const text = widthMax === undefined ? words : fitting(words, widthMax, style, options.shorten);
    if (text === '') return 0;
    const mark: TextMark = {
      ...base(key, options, 'text'),
      ...{ shape: 'text', text, x, y, size, face, strong, struck, anchor },
    };
    this.#add(mark);
    return textWidth(text, style);
  }

  /** Writes texts one after another on one line, each with its own look; returns the end's x. */
  run(
    key: string,
    x: number,
    y: number,
    widthMax: number,
    parts: readonly (readonly [string, TextOptions?])[],
  ): number {
    let at = x;
    const gap = this.#size * 0.45;
    for (const [index, [words, options]] of parts.entries()) {
      if (words === '') continue;
      const left = Math.min(x + widthMax - at, options?.widthMax ?? Number.POSITIVE_INFINITY);
      if (left < this.#size) break;
      const width = this.text(`${key}.${index}`, at, y, words, { ...options, widthMax: left });
      if (width > 0) at += width + gap;
    }
    return at;
  }

  #add(mark: Mark): void {
    if (mark.opacity > invisible) this.#marks.push(mark);
  }
}

function fitting(
  words: string,
  widthMax: number,
  style: TextStyle,
  shorten: TextOptions['shorten'] = 'end',
): string {
  if (shorten === 'start') return shortenStart(words, widthMax, style);
  if (shorten === 'end') return shortenEnd(words, widthMax, style);
  return textWidth(words, style) <= widthMax ? words : '';
}

/** Path data out of a template literal; its numbers are written short. */
export function pathData(parts: TemplateStringsArray, ...numbers: readonly number[]): string {
  return parts.reduce((d, part, index) => d + short(numbers[index - 1] ?? 0) + part);
}

/** A coordinate as SVG wants it: at most two decimals. */
export function short(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function base(
  key: string,
  options: MarkOptions,
  tone: Tone,
): { key: string; tone: Tone; opacity: number; moving: boolean } {
  const { opacity = 1, moving = false } = options;
  return { key, tone: options.tone ?? tone, opacity: Math.min(1, Math.max(0, opacity)), moving };
}

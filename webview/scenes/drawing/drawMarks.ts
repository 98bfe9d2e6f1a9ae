// Puts marks into an SVG by a keyed join: what stays keeps its element, so a frame costs only what
// changed in it, and any frame may follow any other.

import { create, select } from 'd3';
import type { Mark } from './mark.ts';
import { short } from './sketch.ts';

const elementNames = { box: 'rect', path: 'path', text: 'text' } as const;

/** An attribute, or `null` for one that must not be there. */
export type Attribute = readonly [name: string, value: string | null];

/** Draws the marks, and nothing else, into `root`. */
export function drawMarks(
  root: SVGSVGElement,
  marks: readonly Mark[],
  width: number,
  height: number,
): void {
  select(root)
    .classed('lsm-scene', true)
    .attr('viewBox', `0 0 ${short(width)} ${short(height)}`)
    .selectChildren<SVGElement, Mark>('.mark')
    .data(marks, identity)
    .join((entering) =>
      entering.append((mark) => create(`svg:${elementNames[mark.shape]}`).node()!),
    )
    .each(dress)
    .order();
}

function identity(this: Element, mark: Mark): string {
  return `${mark.shape} ${mark.key}`;
}

function dress(this: Element, mark: Mark): void {
  for (const [name, value] of attributesOf(mark)) {
    if (value === null) this.removeAttribute(name);
    else if (this.getAttribute(name) !== value) this.setAttribute(name, value);
  }
  const words = mark.shape === 'text' ? mark.text : '';
  if (mark.shape === 'text' && this.textContent !== words) this.textContent = words;
  if (mark.shape === 'box') hint(this, mark.hint);
}

function hint(element: Element, words: string): void {
  if ((element.textContent ?? '') === words) return;
  select(element)
    .selectChildren('title')
    .data(words === '' ? [] : [words])
    .join('svg:title')
    .text((text) => text);
}

/** Everything that an element shows, as attributes; the tests write the same as text. */
export function attributesOf(mark: Mark): readonly Attribute[] {
  const opacity = mark.opacity < 1 ? short(mark.opacity) : null;
  if (mark.shape === 'text') {
    const classes = ['mark', 'text', mark.tone, mark.face];
    if (mark.strong) classes.push('strong');
    if (mark.struck) classes.push('struck');
    if (mark.moving) classes.push('moving');
    return [
      ['class', classes.join(' ')],
      ['x', short(mark.x)],
      ['y', short(mark.y)],
      ['font-size', short(mark.size)],
      ['text-anchor', mark.anchor === 'start' ? null : mark.anchor],
      ['opacity', opacity],
    ];
  }
  const look: Attribute = ['class', `mark ${mark.form} ${mark.tone}`];
  if (mark.shape === 'path') return [look, ['d', mark.d], ['opacity', opacity]];
  return [
    look,
    ['x', short(mark.x)],
    ['y', short(mark.y)],
    ['width', short(mark.width)],
    ['height', short(mark.height)],
    ['rx', short(mark.radius)],
    ['opacity', opacity],
  ];
}

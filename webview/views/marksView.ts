// Draws a picture's marks into a group, by keyed D3 joins: a mark keeps its element as long as its
// key stays. An element is touched only when its mark changed, and a picture that did not change at
// all is skipped, so a frame costs what moves.

import { curveBumpY, curveLinear, curveLinearClosed, line, select } from 'd3';
import type { Selection } from 'd3';
import type { BoxMark, LineMark, Picture, TextMark } from '../layout/marks.ts';
import { targetName } from '../model/selection.ts';

/** The hatch pattern of everything that is not durable; stageView defines it. */
export const HATCH_URL = 'url(#lsm-hatch)';

type Group = Selection<SVGGElement, unknown, null, undefined>;

/** The mark that an element was drawn from. */
const drawnFrom = new WeakMap<Element, LineMark | BoxMark | TextMark>();

const shapes = {
  straight: line<readonly [number, number]>().curve(curveLinear),
  smooth: line<readonly [number, number]>().curve(curveBumpY),
  closed: line<readonly [number, number]>().curve(curveLinearClosed),
};

export class MarksView {
  private readonly grounds: Group;
  private readonly lines: Group;
  private readonly boxes: Group;
  private readonly texts: Group;
  private drawn: Picture | undefined;

  constructor(parent: SVGGElement) {
    const group = select(parent);
    this.grounds = group.append('g');
    this.lines = group.append('g').attr('aria-hidden', 'true');
    this.boxes = group.append('g');
    this.texts = group.append('g').attr('aria-hidden', 'true');
  }

  draw(picture: Picture): void {
    if (picture === this.drawn) return;
    const { drawn } = this;
    if (picture.grounds !== drawn?.grounds) this.drawBoxes(this.grounds, picture.grounds);
    if (picture.lines !== drawn?.lines) this.drawLines(picture.lines);
    if (picture.boxes !== drawn?.boxes) this.drawBoxes(this.boxes, picture.boxes);
    if (picture.texts !== drawn?.texts) this.drawTexts(picture.texts);
    this.drawn = picture;
  }

  private drawLines(marks: readonly LineMark[]): void {
    this.lines
      .selectAll<SVGPathElement, LineMark>('path')
      .data(marks as LineMark[], (mark) => mark.key)
      .join('path')
      .each(function (mark) {
        if (drawnFrom.get(this) === mark) return;
        drawnFrom.set(this, mark);
        this.setAttribute('class', `line ${mark.look}`);
        this.setAttribute('d', shapes[mark.curve ?? 'straight'](mark.points) ?? '');
        setOpacity(this, mark.opacity);
      });
  }

  private drawBoxes(group: Group, marks: readonly BoxMark[]): void {
    group
      .selectAll<SVGRectElement, BoxMark>('rect')
      .data(marks as BoxMark[], (mark) => mark.key)
      .join('rect')
      .each(function (mark) {
        const before = drawnFrom.get(this) as BoxMark | undefined;
        if (before === mark) return;
        drawnFrom.set(this, mark);
        placeRect(this, mark);
        if (before?.look !== mark.look) this.setAttribute('class', `box ${mark.look}`);
        if (before?.fill !== mark.fill || before?.hatched !== mark.hatched) {
          this.style.fill = mark.hatched === true ? HATCH_URL : (mark.fill ?? '');
        }
        setOpacity(this, mark.opacity);
        if (before?.label !== mark.label || before?.target !== mark.target) nameTarget(this, mark);
      });
  }

  private drawTexts(marks: readonly TextMark[]): void {
    this.texts
      .selectAll<SVGTextElement, TextMark>('text')
      .data(marks as TextMark[], (mark) => mark.key)
      .join('text')
      .each(function (mark) {
        const before = drawnFrom.get(this) as TextMark | undefined;
        if (before === mark) return;
        drawnFrom.set(this, mark);
        this.setAttribute('x', mark.x.toFixed(1));
        this.setAttribute('y', mark.y.toFixed(1));
        this.setAttribute('class', `text ${mark.style} ${mark.look}`);
        this.setAttribute('text-anchor', mark.anchor ?? 'start');
        if (before?.text !== mark.text) this.textContent = mark.text;
        setOpacity(this, mark.opacity);
      });
  }
}

function placeRect(element: SVGRectElement, mark: BoxMark): void {
  element.setAttribute('x', mark.x.toFixed(1));
  element.setAttribute('y', mark.y.toFixed(1));
  element.setAttribute('width', Math.max(0, mark.width).toFixed(1));
  element.setAttribute('height', Math.max(0, mark.height).toFixed(1));
}

function setOpacity(element: SVGElement, opacity: number | undefined): void {
  if (opacity === undefined || opacity === 1) element.removeAttribute('opacity');
  else element.setAttribute('opacity', opacity.toFixed(3));
}

/** What can be selected is a button to assistive technology, with its words. */
function nameTarget(element: SVGRectElement, mark: BoxMark): void {
  if (mark.target === undefined) {
    for (const name of ['data-target', 'role', 'tabindex', 'aria-label']) {
      element.removeAttribute(name);
    }
    return;
  }
  element.setAttribute('data-target', targetName(mark.target));
  element.setAttribute('role', 'button');
  element.setAttribute('tabindex', '-1');
  element.setAttribute('aria-label', mark.label ?? targetName(mark.target));
}

/** What a drawn element stands for. */
export function targetOf(element: Element): BoxMark['target'] {
  const mark = drawnFrom.get(element);
  return mark !== undefined && 'target' in mark ? mark.target : undefined;
}

/** The words for a drawn element. */
export function labelOf(element: Element): string {
  const mark = drawnFrom.get(element);
  return mark !== undefined && 'label' in mark ? (mark.label ?? '') : '';
}

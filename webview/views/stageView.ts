// The stage as one SVG: a group for each layer, the pattern for hatching, and selection by pointer
// and keyboard. It draws what the layout says and reports what was chosen.

import { select } from 'd3';
import type { LayerName, StagePicture } from '../layout/stagePicture.ts';
import type { Target } from '../model/selection.ts';
import { targetName } from '../model/selection.ts';
import { MarksView, labelOf, targetOf } from './marksView.ts';

const LAYERS: readonly LayerName[] = ['memory', 'disk', 'streams', 'outlines', 'token'];
const HATCH_SIZE = 5;

export class StageView {
  readonly element: SVGSVGElement;
  private readonly layers = new Map<LayerName, { group: SVGGElement; marks: MarksView }>();
  private selected: Element | null = null;
  private readonly onSelect: (target: Target) => void;

  constructor(onSelect: (target: Target) => void) {
    this.onSelect = onSelect;
    const svg = select(document.createElementNS('http://www.w3.org/2000/svg', 'svg'))
      .attr('class', 'stage')
      .attr('role', 'group')
      .attr('aria-label', 'The tree: memory above, disk below. Arrow keys move between its parts.')
      .attr('tabindex', '0');
    this.element = svg.node()!;
    defineHatch(this.element);
    for (const name of LAYERS) {
      const group = svg.append('g').attr('class', `layer layer-${name}`).node()!;
      this.layers.set(name, { group, marks: new MarksView(group) });
    }
    this.listen();
  }

  draw(picture: StagePicture, selection: Target): void {
    this.element.setAttribute('width', String(picture.regions.width));
    this.element.setAttribute('height', String(picture.regions.height));
    for (const [name, { group, marks }] of this.layers) {
      const layer = picture.layers.get(name);
      if (layer !== undefined) marks.draw(layer);
      group.classList.toggle('dimmed', picture.dimmed.has(name));
    }
    this.markSelected(selection);
  }

  private markSelected(selection: Target): void {
    const name = targetName(selection);
    if (this.selected?.getAttribute('data-target') !== name || !this.selected.isConnected) {
      this.selected?.classList.remove('selected');
      this.selected = this.element.querySelector(`[data-target="${CSS.escape(name)}"]`);
    }
    // Drawing rewrites an element's classes when its look changes.
    this.selected?.classList.add('selected');
  }

  private listen(): void {
    this.element.addEventListener('click', (event) => {
      const target = event.target instanceof Element ? targetOf(event.target) : undefined;
      if (target !== undefined) this.onSelect(target);
    });
    this.element.addEventListener('pointerover', (event) => {
      const label = event.target instanceof Element ? labelOf(event.target) : '';
      this.setTooltip(event.target instanceof Element ? event.target : null, label);
    });
    this.element.addEventListener('keydown', (event) => this.moveSelection(event));
  }

  /** A native tooltip, made only for what the pointer is over. */
  private setTooltip(element: Element | null, label: string): void {
    for (const old of this.element.querySelectorAll('rect > title')) old.remove();
    if (element === null || label === '') return;
    const title = document.createElementNS('http://www.w3.org/2000/svg', 'title');
    title.textContent = label;
    element.append(title);
  }

  /** Arrow keys go to the nearest part in their direction. */
  private moveSelection(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const from = this.selected ?? this.element.querySelector('[data-target]');
    if (from === null) return;
    event.preventDefault();
    event.stopPropagation();
    const to = this.selected === null ? from : nearest(this.element, from, step);
    const target = to === null ? undefined : targetOf(to);
    if (to === null || target === undefined) return;
    this.onSelect(target);
    if (to instanceof SVGElement) to.focus({ preventScroll: true });
  }
}

const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

function nearest(
  root: SVGSVGElement,
  from: Element,
  [stepX, stepY]: readonly [number, number],
): Element | null {
  const start = middle(from);
  let best: Element | null = null;
  let bestDistance = Infinity;
  for (const candidate of root.querySelectorAll('[data-target]')) {
    if (candidate === from) continue;
    const place = middle(candidate);
    const dx = place.x - start.x;
    const dy = place.y - start.y;
    const ahead = dx * stepX + dy * stepY;
    const aside = Math.abs(dx * stepY) + Math.abs(dy * stepX);
    if (ahead <= 1) continue;
    const distance = ahead + aside * 3;
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

function middle(element: Element): { readonly x: number; readonly y: number } {
  const box = element.getBoundingClientRect();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

function defineHatch(svg: SVGSVGElement): void {
  const pattern = select(svg)
    .append('defs')
    .append('pattern')
    .attr('id', 'lsm-hatch')
    .attr('patternUnits', 'userSpaceOnUse')
    .attr('width', HATCH_SIZE)
    .attr('height', HATCH_SIZE)
    .attr('patternTransform', 'rotate(45)');
  pattern
    .append('rect')
    .attr('class', 'hatch-ground')
    .attr('width', HATCH_SIZE)
    .attr('height', HATCH_SIZE);
  pattern.append('rect').attr('class', 'hatch-line').attr('width', 2).attr('height', HATCH_SIZE);
}

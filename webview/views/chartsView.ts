// Amplification and hit rates: the figure at the cursor, and its course as a sparkline.

import { line, select } from 'd3';
import { sparkline } from '../layout/sparkline.ts';
import type { Sample } from '../model/chronicle.ts';
import { formatRatio, formatShare } from '../model/format.ts';
import type { Ratios } from '../model/ratios.ts';
import { element, setText } from './element.ts';
import type { SizeWatch } from './sizeWatch.ts';

interface Chart {
  readonly ratio: keyof Ratios;
  readonly name: string;
  readonly meaning: string;
  readonly look: string;
  readonly text: (value: number) => string;
}

const times = (value: number): string => `${formatRatio(value)} ×`;

const CHARTS: readonly Chart[] = [
  {
    ratio: 'writeAmplification',
    name: 'write',
    meaning: 'Bytes written to disk (log, flush, compaction) per byte that was put',
    look: 'writing',
    text: times,
  },
  {
    ratio: 'readAmplification',
    name: 'read',
    meaning: 'Data blocks looked at, from disk or cache, per get',
    look: 'reading',
    text: (value) => `${formatRatio(value)} blocks`,
  },
  {
    ratio: 'spaceAmplification',
    name: 'space',
    meaning: 'Bytes in all tables per byte of the largest level',
    look: 'good',
    text: times,
  },
  {
    ratio: 'filterFalsePositiveRate',
    name: 'filter errors',
    meaning: 'Share of filter checks on absent keys that said “maybe”',
    look: 'merging',
    text: formatShare,
  },
  {
    ratio: 'cacheHitRate',
    name: 'cache hits',
    meaning: 'Share of block reads that the cache answered',
    look: 'unsynced',
    text: formatShare,
  },
];

const HEIGHT = 22;

export class ChartsView {
  readonly element: HTMLElement;
  private readonly rows: { chart: Chart; value: HTMLElement; svg: SVGSVGElement }[] = [];
  private drawnFor = '';
  private readonly sizes: SizeWatch;

  constructor(sizes: SizeWatch) {
    this.sizes = sizes;
    this.element = element('section', { class: 'charts', 'aria-label': 'Amplification' });
    this.element.append(element('h2', {}, 'Amplification'));
    for (const chart of CHARTS) {
      const value = element('span', { class: 'value' });
      const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
      svg.setAttribute('class', `sparkline ${chart.look}`);
      svg.setAttribute('height', String(HEIGHT));
      svg.setAttribute('aria-hidden', 'true');
      const head = element('div', { class: 'chart-head' }, element('span', {}, chart.name), value);
      this.element.append(element('div', { class: 'chart', title: chart.meaning }, head, svg));
      this.rows.push({ chart, value, svg });
    }
    sizes.watch(this.element);
  }

  /** @param version changes whenever `samples` do */
  draw(ratios: Ratios, samples: readonly Sample[], version: number, cursor: number): void {
    for (const { chart, value } of this.rows) {
      const figure = ratios[chart.ratio];
      setText(value, figure > 0 ? chart.text(figure) : '–');
    }
    const { width } = this.sizes.sizeOf(this.element);
    const drawnFor = `${version} ${width} ${Math.floor(cursor / 8)}`;
    if (drawnFor === this.drawnFor || width < 40) return;
    this.drawnFor = drawnFor;
    const shape = line<readonly [number, number]>();
    for (const { chart, svg } of this.rows) {
      const { past, future } = sparkline(samples, chart.ratio, cursor, width, HEIGHT);
      svg.setAttribute('width', String(width));
      select(svg)
        .selectAll<SVGPathElement, readonly (readonly [number, number])[]>('path')
        .data([past, future])
        .join('path')
        .attr('class', (_, at) => (at === 0 ? 'past' : 'future'))
        .attr('d', (points) => shape(points as [number, number][]));
    }
  }
}

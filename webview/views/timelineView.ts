// The tracks with their cursor: drag anywhere to scrub, click a span to jump to it.

import { select } from 'd3';
import type { Picture, Region } from '../layout/marks.ts';
import type { TextMeasure } from '../layout/textMeasure.ts';
import type { TracksModel } from '../layout/tracksLayout.ts';
import { placeFromAxis, placeOnAxis, tracksLayout } from '../layout/tracksLayout.ts';
import { formatCount } from '../model/format.ts';
import { MarksView } from './marksView.ts';

export class TimelineView {
  readonly element: SVGSVGElement;
  private readonly marks: MarksView;
  private readonly cursor: SVGPathElement;
  private readonly onSeek: (place: number) => void;
  private axis: Region = { x: 0, y: 0, width: 1, height: 1 };
  private first = 0;
  private length = 0;
  private laidOutFor = '';
  private picture: Picture | undefined;

  /** @param onSeek hears the place (event index plus progress) that was dragged to */
  constructor(onSeek: (place: number) => void) {
    this.onSeek = onSeek;
    const svg = select(document.createElementNS('http://www.w3.org/2000/svg', 'svg'))
      .attr('class', 'stage tracks')
      .attr('role', 'slider')
      .attr('tabindex', '0')
      .attr('aria-label', 'Place in time')
      .attr('aria-valuemin', '0');
    this.element = svg.node()!;
    this.marks = new MarksView(svg.append('g').node()!);
    this.cursor = svg.append('path').attr('class', 'cursor').node()!;
    this.listen();
  }

  /** @param version changes whenever `model` does */
  draw(
    model: TracksModel,
    version: number,
    place: number,
    size: { readonly width: number; readonly height: number },
    measure: TextMeasure,
  ): void {
    const laidOutFor = `${version} ${size.width} ${size.height}`;
    this.first = model.first;
    this.length = model.length;
    if (laidOutFor !== this.laidOutFor) {
      this.laidOutFor = laidOutFor;
      this.element.setAttribute('width', String(size.width));
      this.element.setAttribute('height', String(size.height));
      const region = { x: 16, y: 4, width: size.width - 32, height: size.height - 12 };
      const { picture, axis } = tracksLayout(model, region, measure);
      this.axis = axis;
      this.picture = picture;
    }
    if (this.picture !== undefined) this.marks.draw(this.picture);
    this.drawCursor(place);
  }

  private drawCursor(place: number): void {
    const x = placeOnAxis(place, this.first, this.length, this.axis).toFixed(1);
    const { y, height } = this.axis;
    this.cursor.setAttribute('d', `M${x} ${y + 4}V${y + height + 4}M${x} ${y + 5}l-5 -6h10z`);
    this.element.setAttribute('aria-valuemin', String(this.first));
    this.element.setAttribute('aria-valuemax', String(this.length));
    this.element.setAttribute('aria-valuenow', String(Math.floor(place)));
    const text = `event ${formatCount(Math.floor(place))} of ${formatCount(this.length)}`;
    this.element.setAttribute('aria-valuetext', text);
  }

  private listen(): void {
    const seek = (event: PointerEvent): void => {
      const x = event.clientX - this.element.getBoundingClientRect().left;
      this.onSeek(placeFromAxis(x, this.first, this.length, this.axis));
    };
    this.element.addEventListener('pointerdown', (event) => {
      if (event.button !== 0) return;
      this.element.setPointerCapture(event.pointerId);
      seek(event);
    });
    this.element.addEventListener('pointermove', (event) => {
      if (this.element.hasPointerCapture(event.pointerId)) seek(event);
    });
  }
}

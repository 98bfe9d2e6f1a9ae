// What a layout hands to a view: marks with keys, in CSS pixels, never DOM. A mark's key is the
// identity of the thing it stands for (a table, a node, a log record), so two pictures of the same
// thing can be blended: it moves from where it was to where it will be, and nothing teleports.

import type { TextStyle } from './textMeasure.ts';
import type { Target } from '../model/selection.ts';

export interface BoxMark {
  readonly key: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Classes of stage.css, separated by blanks. */
  readonly look: string;
  readonly opacity?: number;
  /** A CSS colour that replaces the look's fill. */
  readonly fill?: string;
  /** Not durable yet. */
  readonly hatched?: boolean;
  /** What a click selects; such a mark is in the tab order of the stage. */
  readonly target?: Target;
  /** Says in words what the box is, for tooltips and screen readers. */
  readonly label?: string;
}

export interface TextMark {
  readonly key: string;
  readonly x: number;
  /** Baseline. */
  readonly y: number;
  readonly text: string;
  readonly style: TextStyle;
  readonly look: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly opacity?: number;
  /** As measured by the layout. */
  readonly width: number;
  /** Key of the box that it is written in: where that one moves, the text goes along. */
  readonly rides?: string;
}

export interface LineMark {
  readonly key: string;
  /** A polyline, or a smooth curve through its points. */
  readonly points: readonly (readonly [number, number])[];
  readonly look: string;
  readonly curve?: 'straight' | 'smooth' | 'closed';
  readonly opacity?: number;
}

/** Marks of one region, drawn in this order: what lies under all, lines, boxes, texts. */
export interface Picture {
  readonly grounds: readonly BoxMark[];
  readonly lines: readonly LineMark[];
  readonly boxes: readonly BoxMark[];
  readonly texts: readonly TextMark[];
}

/** A rectangle that something may fill. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const EMPTY_PICTURE: Picture = { grounds: [], lines: [], boxes: [], texts: [] };

/** A picture under construction. */
export class PictureBuilder {
  readonly grounds: BoxMark[] = [];
  readonly lines: LineMark[] = [];
  readonly boxes: BoxMark[] = [];
  readonly texts: TextMark[] = [];

  /** A box that lines are drawn on. */
  ground(mark: BoxMark): void {
    this.grounds.push(mark);
  }

  box(mark: BoxMark): void {
    this.boxes.push(mark);
  }

  text(mark: TextMark): void {
    if (mark.text !== '') this.texts.push(mark);
  }

  line(mark: LineMark): void {
    this.lines.push(mark);
  }

  add(picture: Picture): void {
    this.grounds.push(...picture.grounds);
    this.lines.push(...picture.lines);
    this.boxes.push(...picture.boxes);
    this.texts.push(...picture.texts);
  }
}

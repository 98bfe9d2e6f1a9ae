// What a close-up consists of: boxes, paths and texts, as plain data. A scene's layout makes them
// from a frame, drawMarks.ts puts them into the SVG, and the tests read them without a DOM.

/** What a mark means; the style sheet gives each tone its colour from the theme. */
export type Tone =
  | 'text'
  | 'dim'
  | 'edge'
  | 'node'
  | 'grid'
  /** A bit that is set. */
  | 'bit'
  /** Text that stands on a solid tone. */
  | 'on-tone'
  | 'reading'
  | 'writing'
  | 'merging'
  | 'durable'
  | 'unsynced'
  | 'tombstone'
  | 'damaged'
  | 'good'
  | 'bad'
  | `level-${0 | 1 | 2 | 3 | 4 | 5 | 6}`;

/** The tone of a level; those below the sixth share its. */
export function levelTone(level: number): Tone {
  return `level-${Math.min(6, Math.max(0, level)) as 0 | 1 | 2 | 3 | 4 | 5 | 6}`;
}

/** How a tone is laid on a shape. */
export type Form =
  /** Filled with the tone. */
  | 'solid'
  /** Filled with a breath of the tone, outlined with it. */
  | 'soft'
  /** Filled with a calm mixture of the tone: what has come to rest. */
  | 'tinted'
  /** Outlined, nothing inside. */
  | 'outline'
  /** Outlined over the page's background, so that it hides what it passes over. */
  | 'card'
  /** Outlined with dashes: a place that is empty, gone or not there yet. */
  | 'dashed'
  /** A panel: a faint fill without outline. */
  | 'faint'
  /** The page's own ground under a text that stands on a pattern. */
  | 'plate'
  /** Nothing to see; there to be pointed at. */
  | 'clear'
  /** A breath of the tone, nothing else; lets show through what lies below. */
  | 'tint'
  /** A strong outline round something, with nothing inside. */
  | 'ring'
  /** A thin line. */
  | 'line'
  /** A line of two pixels. */
  | 'thick';

/** What every mark has. */
interface MarkBase {
  /** Identity within its shape, from frame to frame. */
  readonly key: string;
  readonly tone: Tone;
  readonly opacity: number;
  /** Marks in motion are drawn above the others and may pass over them. */
  readonly moving: boolean;
}

export interface BoxMark extends MarkBase {
  readonly shape: 'box';
  readonly form: Form;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly radius: number;
  /** What hovering tells, or empty. */
  readonly hint: string;
}

export interface PathMark extends MarkBase {
  readonly shape: 'path';
  readonly form: Form;
  /** SVG path data in scene coordinates. */
  readonly d: string;
}

export interface TextMark extends MarkBase {
  readonly shape: 'text';
  readonly text: string;
  readonly x: number;
  /** Baseline. */
  readonly y: number;
  readonly size: number;
  /** `code`: the editor's font, for keys, bytes and numbers in columns. */
  readonly face: 'plain' | 'code';
  readonly strong: boolean;
  readonly struck: boolean;
  readonly anchor: 'start' | 'middle' | 'end';
}

export type Mark = BoxMark | PathMark | TextMark;

/** A rectangle of the scene, in CSS pixels. */
export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

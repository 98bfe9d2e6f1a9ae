// Measures texts in the page's real fonts with a canvas, and remembers: layouts ask for the same
// few thousand texts over and over.

import type { TextMeasure, TextStyle } from '../layout/textMeasure.ts';
import { FONT_SIZE } from '../layout/textMeasure.ts';

const REMEMBERED_MAX = 20_000;

/** A measure for the fonts that `element` uses now; made anew when the theme changes. */
export function createTextMeasurer(element: Element): TextMeasure {
  const context = document.createElement('canvas').getContext('2d');
  const style = getComputedStyle(element);
  const uiFont = style.getPropertyValue('--lsm-ui-font').trim() || 'sans-serif';
  const keyFont = style.getPropertyValue('--lsm-key-font').trim() || 'monospace';
  const fonts: Readonly<Record<TextStyle, string>> = {
    body: `${FONT_SIZE.body}px ${uiFont}`,
    small: `${FONT_SIZE.small}px ${uiFont}`,
    title: `600 ${FONT_SIZE.title}px ${uiFont}`,
    key: `${FONT_SIZE.key}px ${keyFont}`,
    'key-small': `${FONT_SIZE['key-small']}px ${keyFont}`,
  };
  const known = new Map<string, number>();
  return (text, textStyle) => {
    const name = `${textStyle} ${text}`;
    const before = known.get(name);
    if (before !== undefined) return before;
    if (known.size >= REMEMBERED_MAX) known.clear();
    let width = text.length * FONT_SIZE[textStyle] * 0.6;
    if (context !== null) {
      context.font = fonts[textStyle];
      // Half a pixel more: what fits by measure must fit on screen.
      width = Math.ceil(context.measureText(text).width + 0.5);
    }
    known.set(name, width);
    return width;
  };
}

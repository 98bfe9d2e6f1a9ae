// A picture as SVG text, one mark a line, with the very attributes that the page sets: for pictures
// that are reviewed as text.

import { attributesOf } from '../../../webview/scenes/drawing/drawMarks.ts';
import type { Mark } from '../../../webview/scenes/drawing/mark.ts';

const elements = { box: 'rect', path: 'path', text: 'text' } as const;

/** The marks as an SVG document. */
export function svgText(marks: readonly Mark[], width: number, height: number): string {
  const lines = marks.map((mark) => {
    const attributes = attributesOf(mark)
      .filter(([, value]) => value !== null)
      .map(([name, value]) => `${name}="${value}"`)
      .join(' ');
    const name = elements[mark.shape];
    const content = mark.shape === 'text' ? escaped(mark.text) : '';
    return `  <${name} ${attributes}>${content}</${name}>`;
  });
  const size = `viewBox="0 0 ${width} ${height}"`;
  return [`<svg xmlns="http://www.w3.org/2000/svg" ${size}>`, ...lines, '</svg>', ''].join('\n');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

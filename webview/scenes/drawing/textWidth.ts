// How wide a text will be, without asking a browser: layouts must be pure, and must know beforehand
// what fits. The widths are those of DejaVu Sans, the widest of the fonts that the page falls back
// to, so a text is never wider than said here; in Segoe UI or SF it is some 15 % narrower.

import type { TextMark } from './mark.ts';

/** Thousandths of the font size, for the characters from space to tilde. */
const plainWidths: readonly number[] = [
  318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
  636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
  575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
  611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
  278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];
const symbolWidths: Readonly<Record<string, number>> = {
  '\u00a0': 318,
  '\u202f': 318,
  '·': 318,
  '…': 1000,
  '→': 838,
  '←': 838,
  '†': 500,
  µ: 636,
  '×': 838,
  '≥': 838,
  '✓': 838,
  '✗': 838,
  '–': 500,
  '₁': 401,
  '₂': 401,
};
const firstTabled = 0x20;
const codeWidth = 602;
/** Letters of scripts without a table, and emoji. */
const wideWidth = 1050;
const strongFactor = 1.13;

export const ELLIPSIS = '…';

/** Anything that says how a text is set. */
export type TextStyle = Pick<TextMark, 'size' | 'face' | 'strong'>;

/** An upper bound of a text's width in pixels. */
export function textWidth(text: string, style: TextStyle): number {
  let thousandths = 0;
  for (const character of text) thousandths += characterWidth(character, style.face);
  const factor = style.strong && style.face === 'plain' ? strongFactor : 1;
  return (thousandths * factor * style.size) / 1000;
}

/** Keeps the beginning: `user:05…`. Empty when not even the ellipsis fits. */
export function shortenEnd(text: string, widthMax: number, style: TextStyle): string {
  return shorten(text, widthMax, style, (kept) => kept.join('').trimEnd() + ELLIPSIS, 'pop');
}

/** Keeps the end, where keys with a common prefix differ: `…:0500`. */
export function shortenStart(text: string, widthMax: number, style: TextStyle): string {
  return shorten(text, widthMax, style, (kept) => ELLIPSIS + kept.join('').trimStart(), 'shift');
}

function shorten(
  text: string,
  widthMax: number,
  style: TextStyle,
  mend: (kept: readonly string[]) => string,
  give: 'pop' | 'shift',
): string {
  if (textWidth(text, style) <= widthMax) return text;
  const kept = Array.from(text);
  while (kept.length > 0) {
    kept[give]();
    const shorter = mend(kept);
    if (kept.length > 0 && textWidth(shorter, style) <= widthMax) return shorter;
  }
  return textWidth(ELLIPSIS, style) <= widthMax ? ELLIPSIS : '';
}

function characterWidth(character: string, face: TextStyle['face']): number {
  const code = character.codePointAt(0) ?? 0;
  const known = plainWidths[code - firstTabled] ?? symbolWidths[character];
  if (face === 'code') return known === undefined ? wideWidth : codeWidth;
  return known ?? wideWidth;
}

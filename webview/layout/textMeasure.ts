// How wide a text will be, so that layouts can shorten it or leave it out before anything is drawn.
// The page measures with a canvas in the real fonts; tests use a fixed width a character.

/** Styles that the stage sets text in; style.css gives them their fonts. */
export type TextStyle = 'body' | 'small' | 'title' | 'key' | 'key-small';

/** Width of a text in CSS pixels. */
export type TextMeasure = (text: string, style: TextStyle) => number;

/** Font sizes, CSS pixels; the same as in tokens.css. */
export const FONT_SIZE: Readonly<Record<TextStyle, number>> = {
  body: 12,
  small: 11,
  title: 13,
  key: 12,
  'key-small': 11,
};

/**
 * As many characters as fit into `width`, the middle replaced by an ellipsis; empty when none do.
 */
export function fitted(
  text: string,
  style: TextStyle,
  width: number,
  measure: TextMeasure,
): string {
  if (measure(text, style) <= width) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(elided(text, middle), style) <= width) low = middle;
    else high = middle - 1;
  }
  return low < 2 ? '' : elided(text, low);
}

/** The first of `texts`, longest first, that fits; empty when none does. */
export function firstFitting(
  texts: readonly string[],
  style: TextStyle,
  width: number,
  measure: TextMeasure,
): string {
  return texts.find((text) => measure(text, style) <= width) ?? '';
}

/** A measure that needs no screen: every character as wide as a wide font's average. */
export function characterMeasure(widthPerPixel = 0.62): TextMeasure {
  return (text, style) => text.length * FONT_SIZE[style] * widthPerPixel;
}

function elided(text: string, characters: number): string {
  const tail = Math.floor(characters / 3);
  const head = characters - tail;
  return `${text.slice(0, head)}…${tail > 0 ? text.slice(-tail) : ''}`;
}

// The frame that the memtable, the immutable queue and the cache share: a rounded box with a title
// and a line of figures, and the place left for what is inside.

import type { Target } from '../model/selection.ts';
import type { PictureBuilder, Region } from './marks.ts';
import type { TextMeasure } from './textMeasure.ts';
import { firstFitting, fitted } from './textMeasure.ts';

/** Space between a card's edge and its content. */
export const CARD_PADDING = 10;
const TITLE_BASELINE = 19;
const SECOND_BASELINE = 35;

export interface CardWords {
  /** Stem of the marks' keys. */
  readonly key: string;
  readonly title: string;
  /** Said beside or below the title; the longest that fits is taken. */
  readonly figures: readonly string[];
  readonly look: string;
  /** What a click on the card selects; a card of nothing selects nothing. */
  readonly target?: Target;
  readonly label?: string;
  /** Width kept free at the right end of the title line, for a gauge. */
  readonly reservedWidth: number;
}

/** Places the frame and its words; returns where the content goes. */
export function placeCard(
  picture: PictureBuilder,
  words: CardWords,
  region: Region,
  measure: TextMeasure,
): Region {
  picture.ground({
    key: `${words.key}-frame`,
    x: region.x,
    y: region.y,
    width: region.width,
    height: region.height,
    look: words.look,
    ...(words.target === undefined ? {} : { target: words.target }),
    ...(words.label === undefined ? {} : { label: words.label }),
  });
  const inner = region.width - 2 * CARD_PADDING;
  const title = fitted(words.title, 'title', inner, measure);
  const titleWidth = measure(title, 'title');
  picture.text({
    key: `${words.key}-title`,
    x: region.x + CARD_PADDING,
    y: region.y + TITLE_BASELINE,
    text: title,
    style: 'title',
    look: 'strong',
    width: titleWidth,
  });
  const beside = inner - titleWidth - 12 - words.reservedWidth;
  const sameLine = firstFitting(words.figures.slice(0, 1), 'body', beside, measure);
  const text = sameLine === '' ? firstFitting(words.figures, 'body', inner, measure) : sameLine;
  picture.text({
    key: `${words.key}-figures`,
    x: region.x + CARD_PADDING + (sameLine === '' ? 0 : titleWidth + 12),
    y: region.y + (sameLine === '' ? SECOND_BASELINE : TITLE_BASELINE),
    text,
    style: 'body',
    look: 'dim',
    width: measure(text, 'body'),
  });
  const top = (sameLine === '' ? SECOND_BASELINE : TITLE_BASELINE) + 9;
  return {
    x: region.x + CARD_PADDING,
    y: region.y + top,
    width: inner,
    height: region.height - top - CARD_PADDING,
  };
}

/** A bar that fills up, at the right end of a card's title line. */
export function placeGauge(
  picture: PictureBuilder,
  key: string,
  region: Region,
  share: number,
  width: number,
): void {
  const x = region.x + region.width - CARD_PADDING - width;
  const y = region.y + TITLE_BASELINE - 9;
  const filled = Math.max(0, Math.min(1, share)) * width;
  picture.box({ key: `${key}-track`, x, y, width, height: 8, look: 'gauge-track' });
  picture.box({ key: `${key}-fill`, x, y, width: filled, height: 8, look: 'gauge-fill' });
}

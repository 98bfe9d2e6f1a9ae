// The block cache: cells that stand for equal parts of its capacity, filled as far as it is used.

import type { CacheState } from '../../src/protocol/treeState.ts';
import { counted, formatBytes } from '../model/format.ts';
import { placeCard } from './cardLayout.ts';
import type { Picture, Region } from './marks.ts';
import { PictureBuilder } from './marks.ts';
import type { TextMeasure } from './textMeasure.ts';
import { firstFitting } from './textMeasure.ts';

const CELL = 11;
const CELL_PITCH = 14;
const SCALE_LINE_HEIGHT = 16;

/** The cache's card. */
export function cacheLayout(cache: CacheState, region: Region, measure: TextMeasure): Picture {
  const picture = new PictureBuilder();
  const size = formatBytes(cache.sizeBytes);
  const capacity = formatBytes(cache.capacityBytes);
  const blocks = counted(cache.blocks, 'block');
  const content = placeCard(
    picture,
    {
      key: 'cache',
      title: 'block cache',
      figures: [`${size} of ${capacity}`, `${size} / ${capacity}`, size],
      look: 'card',
      target: { kind: 'cache' },
      label: `Block cache: ${blocks}, ${size} of ${capacity}`,
      reservedWidth: 0,
    },
    region,
    measure,
  );
  const columns = Math.max(1, Math.floor((content.width + 3) / CELL_PITCH));
  const rows = Math.max(1, Math.floor((content.height - SCALE_LINE_HEIGHT + 3) / CELL_PITCH));
  const count = columns * rows;
  const share = cache.capacityBytes > 0 ? cache.sizeBytes / cache.capacityBytes : 0;
  const filled = cache.blocks > 0 ? Math.max(1, Math.round(share * count)) : 0;
  for (let cell = 0; cell < count; cell++) {
    picture.box({
      key: `cache-cell-${cell}`,
      x: content.x + (cell % columns) * CELL_PITCH,
      y: content.y + Math.floor(cell / columns) * CELL_PITCH,
      width: CELL,
      height: CELL,
      look: cell < filled ? 'cache-cell filled' : 'cache-cell',
    });
  }
  const each = formatBytes(cache.capacityBytes / count);
  const text = firstFitting(
    [`${blocks} · 1 cell = ${each}`, `1 cell = ${each}`, blocks],
    'small',
    content.width,
    measure,
  );
  picture.text({
    key: 'cache-scale',
    x: content.x,
    y: content.y + content.height,
    text,
    style: 'small',
    look: 'dim',
    width: measure(text, 'small'),
  });
  return picture;
}

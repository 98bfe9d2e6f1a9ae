// What stands between and around the rows: headings, the shore between memory and disk, real keys
// along the key axis, and at the foot the manifest and the ghosts.

import type { TableInfo } from '../../src/protocol/events.ts';
import type { ManifestState } from '../../src/protocol/treeState.ts';
import { counted, formatBytes } from '../model/format.ts';
import { fileText, keyText } from '../model/keyText.ts';
import type { KeyAxis } from './keyAxis.ts';
import { boundNear } from './keyAxis.ts';
import type { Picture, Region } from './marks.ts';
import { PictureBuilder } from './marks.ts';
import type { LevelRegion, StageRegions } from './stageRegions.ts';
import { MARGIN } from './stageRegions.ts';
import type { TextMeasure } from './textMeasure.ts';
import { firstFitting, fitted } from './textMeasure.ts';

/** Ticks aimed at along the axis, ends included. */
const TICKS = 5;
const LABEL_WIDTH_MAX = 150;
const GHOST_WIDTH = 16;
const GHOST_PITCH = 20;

/** Headings and the dotted line between memory and disk. */
export function headingsLayout(regions: StageRegions, measure: TextMeasure): Picture {
  const picture = new PictureBuilder();
  const heading = (key: string, text: string, y: number): void =>
    picture.text({
      key,
      x: MARGIN,
      y,
      text,
      style: 'small',
      look: 'heading',
      width: measure(text, 'small') * 1.15,
    });
  heading('heading-memory', 'MEMORY', 18);
  heading('heading-disk', 'DISK', regions.axis.y + 15);
  picture.line({
    key: 'shore',
    points: [
      [MARGIN, regions.shoreY],
      [regions.width - MARGIN, regions.shoreY],
    ],
    look: 'shore',
  });
  return picture;
}

/** Real keys at about equal distances, each over a fine line through all levels. */
export function axisLayout(
  axis: KeyAxis,
  region: Region,
  levels: readonly LevelRegion[],
  measure: TextMeasure,
): Picture {
  const picture = new PictureBuilder();
  if (axis.bounds.length < 2) {
    const text = fitted(
      'key space: smallest key left, largest right',
      'small',
      region.width,
      measure,
    );
    placeLabel(
      picture,
      'axis-none',
      text,
      region.x,
      region.y + 15,
      measure(text, 'small'),
      'small',
    );
    return picture;
  }
  const last = levels.at(-1)?.tables;
  const bottom = last === undefined ? region.y : last.y + last.height;
  let free = region.x;
  for (const bound of tickBounds(axis)) {
    const key = axis.bounds[bound];
    if (key === undefined) continue;
    const x = region.x + (axis.places[bound] ?? 0) * region.width;
    const text = fitted(keyText(key), 'key-small', LABEL_WIDTH_MAX, measure);
    const width = measure(text, 'key-small');
    const ends = region.x + region.width - width;
    const start = Math.max(region.x, Math.min(x - width / 2, ends));
    if (start < free) continue;
    placeLabel(picture, `axis-key-${bound}`, text, start, region.y + 15, width, 'key-small');
    picture.line({
      key: `axis-tick-${bound}`,
      points: [
        [x, region.y + 19],
        [x, bottom],
      ],
      look: 'tick',
    });
    free = start + width + 16;
  }
  return picture;
}

/** First, last, and the bounds nearest to equal parts between them; ends first so that they win. */
function tickBounds(axis: KeyAxis): readonly number[] {
  const bounds = new Set<number>();
  for (let tick = 0; tick < TICKS; tick++) bounds.add(boundNear(axis, tick / (TICKS - 1)));
  return [...bounds].sort((a, b) => a - b);
}

function placeLabel(
  picture: PictureBuilder,
  key: string,
  text: string,
  x: number,
  y: number,
  width: number,
  style: 'small' | 'key-small',
): void {
  picture.text({ key, x, y, text, style, look: 'dim halo', width });
}

/** The manifest's line, and the tables that left the tree but are still on disk. */
export function footLayout(
  manifest: ManifestState,
  ghosts: readonly TableInfo[],
  region: Region,
  measure: TextMeasure,
): Picture {
  const picture = new PictureBuilder();
  const baseline = region.y + 14;
  const edits = counted(manifest.edits, 'edit');
  const size = formatBytes(manifest.sizeBytes);
  const text = firstFitting(
    manifest.name === ''
      ? []
      : [`${manifest.name} · ${edits} · ${size}`, `${manifest.name} · ${edits}`],
    'small',
    region.width / 2,
    measure,
  );
  const width = measure(text, 'small');
  picture.text({
    key: 'manifest',
    x: region.x,
    y: baseline,
    text,
    style: 'small',
    look: 'dim',
    width,
  });
  if (ghosts.length > 0) placeGhosts(picture, ghosts, region, baseline, width, measure);
  return picture;
}

function placeGhosts(
  picture: PictureBuilder,
  ghosts: readonly TableInfo[],
  region: Region,
  baseline: number,
  manifestWidth: number,
  measure: TextMeasure,
): void {
  const words = `${counted(ghosts.length, 'table')} out of the tree, not deleted yet`;
  const free = region.width - manifestWidth - 32;
  const shown = ghosts.slice(0, Math.min(12, Math.max(0, Math.floor(free / 2 / GHOST_PITCH))));
  const cells = shown.length * GHOST_PITCH;
  const text = firstFitting(
    [words, counted(ghosts.length, 'ghost')],
    'small',
    free - cells,
    measure,
  );
  const width = measure(text, 'small');
  const right = region.x + region.width;
  picture.text({
    key: 'ghosts',
    x: right,
    y: baseline,
    text,
    style: 'small',
    look: 'dim',
    anchor: 'end',
    width,
  });
  shown.forEach((table, at) => {
    picture.box({
      key: `table-${table.file}`,
      x: right - width - 8 - cells + at * GHOST_PITCH,
      y: baseline - 10,
      width: GHOST_WIDTH,
      height: 12,
      look: 'table ghost',
      target: { kind: 'table', file: table.file },
      label: `Ghost of table ${fileText(table.file)}: out of the tree, not deleted yet`,
    });
  });
}

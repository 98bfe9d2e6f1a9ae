// What the event being shown touches: at most a few outlines and a search path, on top of the
// stage. Blue is being read, amber is being written, purple is being merged.

import type { LsmEvent, SearchStep } from '../../src/protocol/events.ts';
import type { Frame } from '../model/frame.ts';
import { fileText } from '../model/keyText.ts';
import type { Picture, Region } from './marks.ts';
import { PictureBuilder } from './marks.ts';
import type { SkipList } from './memtableLayout.ts';
import { columnOf } from './memtableLayout.ts';
import type { StageRegions } from './stageRegions.ts';
import type { TableBox } from './tableBoxes.ts';
import type { TextMeasure } from './textMeasure.ts';
import { firstFitting } from './textMeasure.ts';

/** What outlines are drawn around. */
export interface OutlineGround {
  readonly regions: StageRegions;
  readonly list: SkipList;
  readonly boxOf: (file: number) => TableBox | undefined;
  readonly measure: TextMeasure;
}

const OUTSET = 1.5;

/** The outlines for a frame. */
export function outlinesLayout(frame: Frame, ground: OutlineGround): Picture {
  const picture = new PictureBuilder();
  const { event } = frame;
  if (event === null || frame.flow !== null) return picture;
  placeMemory(picture, event, frame, ground);
  placeTable(picture, event, ground);
  return picture;
}

function placeMemory(
  picture: PictureBuilder,
  event: LsmEvent,
  frame: Frame,
  ground: OutlineGround,
): void {
  const { regions, list } = ground;
  switch (event.kind) {
    case 'memtable.insert': {
      placePath(picture, list, event.path, frame.progress);
      const column = list.columns.find(({ node }) => node.sequence === event.sequence);
      if (column === undefined || frame.progress < 0.6) return;
      const top = list.levelY(Math.min(event.height, list.levels) - 1);
      const width = list.nodeWidth + 2;
      const y = top - list.nodeHeight / 2 - 1;
      const box = {
        x: column.x - width / 2,
        y,
        width,
        height: list.levelY(0) + list.nodeHeight / 2 + 1 - y,
      };
      placeOutline(picture, 'inserted', box, 'outline writing');
      return;
    }
    case 'memtable.lookup':
      if (event.immutable) placeOutline(picture, 'sealed', regions.immutables, 'outline reading');
      else placePath(picture, list, event.path, frame.progress);
      return;
    case 'memtable.seal':
      return placeOutline(picture, 'sealing', regions.memtable, 'outline writing');
    case 'block.read':
      return placeOutline(picture, 'cache', regions.cache, 'outline reading');
    case 'manifest.edit':
      return placeOutline(
        picture,
        'manifest',
        { ...regions.foot, x: regions.foot.x - 6, width: Math.min(320, regions.foot.width / 2) },
        'outline writing',
      );
    default:
  }
}

/** The table that the event reads or writes, with a word on what it said. */
function placeTable(picture: PictureBuilder, event: LsmEvent, ground: OutlineGround): void {
  const touched = touchedTable(event);
  const box = touched === undefined ? undefined : ground.boxOf(touched.file);
  if (touched === undefined || box === undefined) return;
  placeOutline(picture, 'touched', box, `outline ${touched.look}`);
  if (touched.verdict === '' || box.height < 11) return;
  const file = fileText(touched.file);
  const text = firstFitting(
    [`${file} ${touched.verdict}`, touched.verdict],
    'key-small',
    box.width - 12,
    ground.measure,
  );
  if (text === '') return;
  const width = ground.measure(text, 'key-small');
  picture.box({
    key: 'verdict-ground',
    x: box.x + 2,
    y: box.y + 1,
    width: width + 8,
    height: box.height - 2,
    look: 'verdict-ground',
  });
  picture.text({
    key: 'verdict',
    x: box.x + 6,
    y: box.y + box.height / 2 + 4,
    text,
    style: 'key-small',
    look: 'strong',
    width,
  });
}

interface Touched {
  readonly file: number;
  readonly look: 'reading' | 'skipped' | 'merging';
  readonly verdict: string;
}

function touchedTable(event: LsmEvent): Touched | undefined {
  switch (event.kind) {
    case 'table.skip':
      return { file: event.file, look: 'skipped', verdict: 'key outside its range' };
    case 'filter.check':
      return {
        file: event.file,
        look: event.verdict === 'absent' ? 'skipped' : 'reading',
        verdict: `filter: ${event.verdict}`,
      };
    case 'index.seek':
      return { file: event.file, look: 'reading', verdict: `index → block ${event.block}` };
    case 'block.read':
      return {
        file: event.file,
        look: 'reading',
        verdict: `block ${event.block} ${event.cacheHit ? 'from cache' : 'from disk'}`,
      };
    case 'block.search':
      return { file: event.file, look: 'reading', verdict: event.result };
    case 'get.operand':
      return event.source === 'table'
        ? { file: event.file, look: 'reading', verdict: `operand ${event.operands}` }
        : undefined;
    case 'get.end':
      return event.source === 'table'
        ? { file: event.file, look: 'reading', verdict: event.result }
        : undefined;
    case 'compaction.entry':
      return { file: event.file, look: 'merging', verdict: '' };
    default:
      return undefined;
  }
}

/** The search's way through the towers, as far as it has come. */
function placePath(
  picture: PictureBuilder,
  list: SkipList,
  path: readonly SearchStep[],
  progress: number,
): void {
  if (path.length === 0) return;
  const shown = Math.max(1, Math.ceil(path.length * Math.min(1, progress / 0.6)));
  const points: [number, number][] = [];
  let x = list.headX;
  const start = list.levelY(path[0]?.level ?? 0);
  points.push([x, start]);
  for (const step of path.slice(0, shown)) {
    const y = list.levelY(step.level);
    points.push([x, y]);
    if (step.went === 'right' && step.key !== null) x = columnOf(list, step.key)?.x ?? list.headX;
    points.push([x, y]);
  }
  const last = path[shown - 1];
  if (last !== undefined && last.went === 'down' && last.level > 0) {
    points.push([x, list.levelY(last.level - 1)]);
  }
  picture.line({ key: 'search-path', points, look: 'search-path' });
}

function placeOutline(picture: PictureBuilder, key: string, box: Region, look: string): void {
  picture.box({
    key: `outline-${key}`,
    x: box.x - OUTSET,
    y: box.y - OUTSET,
    width: box.width + 2 * OUTSET,
    height: box.height + 2 * OUTSET,
    look,
  });
}

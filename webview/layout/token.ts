// The operation as a token that travels: from the console into the log, from the log to its place
// in the memtable; a read's goes from place to place until it is answered. It is the same token all
// the way, so the eye can follow it.

import type { EntryKind, LsmEvent } from '../../src/protocol/events.ts';
import type { Frame } from '../model/frame.ts';
import { counted } from '../model/format.ts';
import { keyText } from '../model/keyText.ts';
import { between, eased } from './blend.ts';
import type { Picture } from './marks.ts';
import { EMPTY_PICTURE } from './marks.ts';
import { columnOf } from './memtableLayout.ts';
import type { OutlineGround } from './outlines.ts';
import { fitted } from './textMeasure.ts';

const HEIGHT = 20;
const TEXT_WIDTH_MAX = 160;

type Point = readonly [number, number];

/** The token of the operation being shown; nothing for jobs and in flow. */
export function tokenLayout(frame: Frame, walEnd: Point, ground: OutlineGround): Picture {
  const { event } = frame;
  if (event === null || frame.flow !== null) return EMPTY_PICTURE;
  const words = tokenWords(event, frame.recent);
  const way = wayOf(event, frame.recent.at(-1), walEnd, ground);
  if (words === undefined || way === undefined) return EMPTY_PICTURE;
  const [from, to] = way;
  const t = frame.reducedMotion ? 1 : eased(Math.min(1, frame.progress / 0.8));
  const text = fitted(words.text, 'key', TEXT_WIDTH_MAX, ground.measure);
  const textWidth = ground.measure(text, 'key');
  const width = textWidth + 16;
  const { regions } = ground;
  const x = Math.max(
    4,
    Math.min(between(from[0], to[0], t) - width / 2, regions.width - width - 4),
  );
  const y = Math.max(2, between(from[1], to[1], t) - HEIGHT / 2);
  const opacity = lastsBeyond(event) ? 1 : 1 - Math.max(0, (frame.progress - 0.8) / 0.2);
  return {
    grounds: [],
    lines: [],
    boxes: [{ key: 'token', x, y, width, height: HEIGHT, look: `token ${words.look}`, opacity }],
    texts: [
      {
        key: 'token-text',
        x: x + 8,
        y: y + 14,
        text,
        style: 'key',
        look: 'token-text',
        opacity,
        width: textWidth,
      },
    ],
  };
}

interface TokenWords {
  readonly text: string;
  readonly look: 'writing' | 'reading';
}

function tokenWords(event: LsmEvent, recent: readonly LsmEvent[]): TokenWords | undefined {
  if (event.kind === 'memtable.insert') {
    return { text: keyText(event.key) + markOf(event.entryKind), look: 'writing' };
  }
  const related = [event, ...recent];
  for (const one of related) {
    if (one.kind === 'get.begin') return { text: keyText(one.key), look: 'reading' };
  }
  const writes = related.filter((one) => one.kind === 'write.begin');
  const first = writes[0]?.entries[0];
  const entries = writes.reduce((sum, write) => sum + write.entryCount, 0);
  if (first === undefined) return undefined;
  if (entries > 1) return { text: counted(entries, 'entry', 'entries'), look: 'writing' };
  return { text: keyText(first.key) + markOf(first.kind), look: 'writing' };
}

/** Behind a key: a deletion, or an operand for what is there. */
function markOf(kind: EntryKind): string {
  if (kind === 'put') return '';
  return kind === 'merge' ? ' +' : ' †';
}

/** From where to where the token goes during an event; `undefined` when it is not on the stage. */
function wayOf(
  event: LsmEvent,
  before: LsmEvent | undefined,
  walEnd: Point,
  ground: OutlineGround,
): readonly [Point, Point] | undefined {
  const { regions } = ground;
  const console: Point = [regions.width / 2, 0];
  const gate: Point = [regions.width / 2, regions.wal.y - 4];
  switch (event.kind) {
    case 'write.begin':
      return [console, gate];
    case 'write.group':
      return [gate, gate];
    case 'wal.append':
      return [gate, walEnd];
    case 'wal.sync':
      return [walEnd, walEnd];
    case 'memtable.insert':
      return [walEnd, nodePoint(event.sequence, event.key, ground)];
    case 'write.end':
      return [[regions.width / 2, regions.memtable.y], console];
    case 'get.begin':
      return [console, [regions.width / 2, regions.memtable.y]];
    case 'get.end':
      return [placeOf(before, ground) ?? gate, console];
    default: {
      const to = placeOf(event, ground);
      if (to === undefined) return undefined;
      return [placeOf(before, ground) ?? to, to];
    }
  }
}

/** Where a reading event takes place: beside what it looks at, not on it. */
function placeOf(event: LsmEvent | undefined, ground: OutlineGround): Point | undefined {
  if (event === undefined) return undefined;
  const { regions } = ground;
  if (event.kind === 'get.operand' && event.source !== 'table') {
    const card = event.source === 'immutable' ? regions.immutables : regions.memtable;
    return [card.x + card.width / 2, card.y];
  }
  if (event.kind === 'memtable.lookup') {
    const card = event.immutable ? regions.immutables : regions.memtable;
    return [card.x + card.width / 2, card.y];
  }
  if (event.kind === 'get.begin') return [regions.width / 2, regions.memtable.y];
  if (!('operation' in event) || !('file' in event)) return undefined;
  const box = ground.boxOf(event.file);
  return box === undefined ? undefined : [box.x + box.width / 2, box.y - HEIGHT / 2 - 2];
}

/** Above the node; while it is not linked yet, above the gap where it will be. */
function nodePoint(sequence: number, key: Uint8Array, { list, regions }: OutlineGround): Point {
  const column = list.columns.find(({ node }) => node.sequence === sequence) ?? columnOf(list, key);
  if (column === undefined) return [list.headX + 30, regions.memtable.y + 38];
  const top = list.levelY(Math.max(0, Math.min(column.node.height, list.levels) - 1));
  // Above its tower, but never on the card's title.
  return [column.x, Math.max(regions.memtable.y + 38, top - 18)];
}

/** Whether the token goes on in the next event of its operation. */
function lastsBeyond(event: LsmEvent): boolean {
  return event.kind !== 'memtable.insert' && event.kind !== 'write.end' && event.kind !== 'get.end';
}

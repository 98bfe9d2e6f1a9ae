// The memtable as the skip list it is: a column for each node, as high as its tower, a line along
// each level. When there are more nodes than columns can be told apart, a sample is drawn that says
// so.

import { compareBytes } from '../../src/base/bytes.ts';
import type { MemtableNode, MemtableState } from '../../src/protocol/treeState.ts';
import { counted, formatBytes, formatCount } from '../model/format.ts';
import { keyText } from '../model/keyText.ts';
import { placeCard, placeGauge } from './cardLayout.ts';
import type { Picture, Region } from './marks.ts';
import { PictureBuilder } from './marks.ts';
import type { TextMeasure } from './textMeasure.ts';
import { fitted } from './textMeasure.ts';

const GAUGE_WIDTH = 120;
/** A narrower card has no room for title and gauge side by side. */
const GAUGE_CARD_WIDTH_MIN = 280;
const HEAD_WIDTH = 10;
const PITCH_MAX = 26;
/** Narrower columns cannot be told apart. */
const PITCH_MIN = 5;
const NODE_WIDTH_MAX = 14;
const LEVEL_PITCH_MAX = 18;
const LEVEL_PITCH_MIN = 11;
const KEY_LINE_HEIGHT = 16;
const KEY_WIDTH_MAX = 92;
/** Towers are drawn up to this height; higher ones end in a brighter top. */
const LEVELS_MAX = 8;

/** A node's place. */
export interface SkipListColumn {
  readonly node: MemtableNode;
  /** Middle of the column. */
  readonly x: number;
}

/** Where everything of the skip list stands; search paths are drawn on top of it. */
export interface SkipList {
  readonly headX: number;
  readonly columns: readonly SkipListColumn[];
  readonly levels: number;
  readonly nodeWidth: number;
  readonly nodeHeight: number;
  /** Middle of a level's boxes. */
  readonly levelY: (level: number) => number;
  readonly content: Region;
}

/** The memtable's card. */
export function memtableLayout(
  memtable: MemtableState,
  region: Region,
  measure: TextMeasure,
): Picture {
  const picture = new PictureBuilder();
  const hasGauge = region.width >= GAUGE_CARD_WIDTH_MIN;
  const list = skipList(memtable, memtableContent(region));
  const size = formatBytes(memtable.sizeBytes);
  const capacity = formatBytes(memtable.capacityBytes);
  const entries = counted(memtable.entries, 'entry', 'entries');
  const sampled = sampleText(list.columns.length, memtable.entries);
  placeCard(
    picture,
    {
      key: `memtable-${memtable.memtable}`,
      title: `memtable #${memtable.memtable}`,
      figures: [
        `${entries} · ${size} of ${capacity}${sampled === '' ? '' : ` · ${sampled}`}`,
        `${entries} · ${size} of ${capacity}`,
        `${entries} · ${size}`,
        entries,
      ],
      look: 'card',
      target: { kind: 'memtable', memtable: memtable.memtable },
      label: `Memtable ${memtable.memtable}: ${entries}, ${size} of ${capacity}`,
      reservedWidth: hasGauge ? GAUGE_WIDTH + 12 : 0,
    },
    region,
    measure,
  );
  const share = memtable.capacityBytes > 0 ? memtable.sizeBytes / memtable.capacityBytes : 0;
  if (hasGauge)
    placeGauge(picture, `memtable-${memtable.memtable}-gauge`, region, share, GAUGE_WIDTH);
  if (list.columns.length === 0) placeEmpty(picture, memtable.entries, list.content, measure);
  else placeList(picture, list, measure);
  return picture;
}

/** How much of the memtable is drawn, or nothing when all of it is. */
export function sampleText(shown: number, entries: number): string {
  if (shown === 0 || entries <= shown) return '';
  const ratio = entries / shown;
  if (ratio < 2) return `${formatCount(shown)} of ${formatCount(entries)} shown`;
  return `1 of ${formatCount(ratio)} shown`;
}

/**
 * The part of the card that the list fills; the same whether the figures stand in one line or two.
 */
export function memtableContent(region: Region): Region {
  return {
    x: region.x + 10,
    y: region.y + 40,
    width: region.width - 20,
    height: region.height - 40 - 8,
  };
}

/** Columns and levels for the nodes of a memtable. */
export function skipList(memtable: MemtableState, content: Region): SkipList {
  const usable = content.width - HEAD_WIDTH - 8;
  const nodes = sampledNodes(memtable.nodes, Math.floor(usable / PITCH_MIN));
  const pitch = Math.min(PITCH_MAX, nodes.length === 0 ? PITCH_MAX : usable / nodes.length);
  const room = content.height - KEY_LINE_HEIGHT;
  const highest = nodes.reduce((height, node) => Math.max(height, node.height), 1);
  const levels = Math.max(1, Math.min(LEVELS_MAX, highest, Math.floor(room / LEVEL_PITCH_MIN)));
  const levelPitch = Math.min(LEVEL_PITCH_MAX, Math.floor(room / levels));
  const nodeHeight = Math.max(7, Math.min(NODE_WIDTH_MAX, levelPitch - 4));
  const bottom = content.y + room - nodeHeight / 2;
  const start = content.x + HEAD_WIDTH + 8;
  return {
    headX: content.x + HEAD_WIDTH / 2,
    columns: nodes.map((node, at) => ({ node, x: start + (at + 0.5) * pitch })),
    levels,
    nodeWidth: Math.min(NODE_WIDTH_MAX, Math.max(2.5, pitch - 3)),
    nodeHeight,
    levelY: (level) => bottom - Math.min(level, levels - 1) * levelPitch,
    content,
  };
}

/** The column of a key, or of the last one before it; `undefined` stands for the head. */
export function columnOf(list: SkipList, key: Uint8Array): SkipListColumn | undefined {
  let low = 0;
  let high = list.columns.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const column = list.columns[middle];
    if (column !== undefined && compareBytes(column.node.key, key) <= 0) low = middle + 1;
    else high = middle;
  }
  return list.columns[low - 1];
}

function placeList(picture: PictureBuilder, list: SkipList, measure: TextMeasure): void {
  const last = list.columns.at(-1);
  for (let level = 0; level < list.levels; level++) {
    const end = list.columns.findLast((column) => column.node.height > level) ?? last;
    const y = list.levelY(level);
    picture.line({
      key: `memtable-level-${level}`,
      points: [
        [list.headX, y],
        [end?.x ?? list.headX, y],
      ],
      look: 'skip-edge',
    });
    picture.box({
      key: `memtable-head-${level}`,
      x: list.headX - HEAD_WIDTH / 2,
      y: y - list.nodeHeight / 2,
      width: HEAD_WIDTH,
      height: list.nodeHeight,
      look: 'skip-head',
    });
  }
  for (const column of list.columns) placeTower(picture, list, column);
  placeKeys(picture, list, measure);
}

/** Identity of a node's box on one level: it keeps it when its memtable is sealed. */
export function nodeKey(node: MemtableNode, level: number): string {
  return `node-${node.sequence}-${level}`;
}

function placeTower(picture: PictureBuilder, list: SkipList, column: SkipListColumn): void {
  const { node, x } = column;
  const dead = node.entryKind !== 'put' && node.entryKind !== 'merge';
  for (let level = 0; level < Math.min(node.height, list.levels); level++) {
    picture.box({
      key: nodeKey(node, level),
      x: x - list.nodeWidth / 2,
      y: list.levelY(level) - list.nodeHeight / 2,
      width: list.nodeWidth,
      height: list.nodeHeight,
      look: dead ? 'skip-node tombstone' : 'skip-node',
    });
  }
  if (dead && list.nodeWidth >= 7) {
    picture.text({
      key: `dagger-${node.sequence}`,
      x,
      y: list.levelY(0) + 4,
      text: '†',
      style: 'small',
      look: 'on-tombstone',
      anchor: 'middle',
      width: 6,
    });
  }
}

/** Keys under the bottom row, as many as fit without touching. */
function placeKeys(picture: PictureBuilder, list: SkipList, measure: TextMeasure): void {
  const y = list.content.y + list.content.height;
  const right = list.content.x + list.content.width;
  let free = list.content.x;
  for (const { node, x } of list.columns) {
    const text = fitted(keyText(node.key), 'key-small', KEY_WIDTH_MAX, measure);
    const width = measure(text, 'key-small');
    const start = Math.max(list.content.x, Math.min(x - width / 2, right - width));
    if (start < free) continue;
    picture.text({
      key: `node-key-${node.sequence}`,
      x: start,
      y,
      text,
      style: 'key-small',
      look: 'dim',
      width,
    });
    free = start + width + 10;
  }
}

function placeEmpty(
  picture: PictureBuilder,
  entries: number,
  content: Region,
  measure: TextMeasure,
): void {
  const words =
    entries === 0
      ? 'empty: the next write comes here'
      : `${counted(entries, 'entry', 'entries')} came too fast to be drawn one by one`;
  const text = fitted(words, 'body', content.width, measure);
  picture.text({
    key: 'memtable-empty',
    x: content.x + content.width / 2,
    y: content.y + content.height / 2,
    text,
    style: 'body',
    look: 'dim',
    anchor: 'middle',
    width: measure(text, 'body'),
  });
}

/**
 * At most `most` of the nodes. The choice follows a hash of the sequence number, so that a node
 * stays drawn while others come.
 */
function sampledNodes(nodes: readonly MemtableNode[], most: number): readonly MemtableNode[] {
  if (nodes.length <= most) return nodes;
  const ranks = nodes.map((node) => mixed(node.sequence)).sort((a, b) => a - b);
  const limit = ranks[most] ?? Infinity;
  return nodes.filter((node) => mixed(node.sequence) < limit);
}

function mixed(sequence: number): number {
  const low = Math.imul(sequence ^ (sequence >>> 15), 0x2c1b3c6d);
  return Math.imul(low ^ (low >>> 12), 0x297a2d39) >>> 0;
}

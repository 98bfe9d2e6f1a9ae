// The geometry of a drawn skip list: the head at the left, a column a node, the end at the right, a
// row a level. While a node is inserted its place opens between its neighbours.

import type { MemtableNode } from '../../../src/protocol/treeState.ts';
import type { Area } from '../drawing/mark.ts';
import { eased } from '../drawing/motion.ts';
import type { Point } from '../drawing/motion.ts';
import type { Column } from './skipListColumns.ts';
import { chooseColumns } from './skipListColumns.ts';
import type { MemtableInsert } from './writeStory.ts';

/** Pixels between the middles of two columns. */
const columnWidthMin = 17;
const columnWidthMax = 92;
const rowHeightMax = 52;
const cellMax = 26;
const headWidth = 34;
const endWidth = 14;

/** Progress at which the parts of an insertion begin and end. */
export const insertPhases = {
  search: [0.04, 0.58],
  open: [0.56, 0.66],
  tower: [0.62, 0.76],
  link: [0.76, 0.95],
} as const;

export interface SkipListPlan {
  readonly area: Area;
  readonly levels: number;
  readonly rowHeight: number;
  /** Side of a cell, pixels. */
  readonly cell: number;
  readonly columnWidth: number;
  readonly columns: readonly Column[];
  /** Index of the node being inserted, or −1. */
  readonly freshIndex: number;
  /** Middle of a column; −1 is the head, `columns.length` the end. */
  xOf(index: number): number;
  /** Middle of a level's row; level 0 at the bottom. */
  yOf(level: number): number;
  /** Middle of a cell. */
  at(index: number, level: number): Point;
  indexOf(sequence: number): number;
}

/** Plans the list into `area`. */
export function planSkipList(
  nodes: readonly MemtableNode[],
  insert: MemtableInsert | undefined,
  progress: number,
  area: Area,
): SkipListPlan {
  const room = area.width - headWidth - endWidth;
  const columns = chooseColumns(nodes, insert, Math.max(1, Math.floor(room / columnWidthMin)));
  const freshIndex = columns.findIndex(({ fresh }) => fresh);
  const closed = freshIndex < 0 ? 0 : 1 - eased(progress, ...insertPhases.open);
  const columnWidth = Math.min(columnWidthMax, room / Math.max(1, columns.length - closed));
  const highestStep = Math.max(0, ...(insert?.path ?? []).map(({ level }) => level));
  const levels = Math.max(2, highestStep + 1, ...columns.map(({ height }) => height));
  const rowHeight = Math.min(area.height / levels, rowHeightMax);
  const cell = Math.min(columnWidth - 5, rowHeight * 0.78, cellMax);
  const bottom = area.y + (area.height + rowHeight * levels) / 2;
  const start = area.x + headWidth;
  const xOf = (index: number): number => {
    if (index < 0) return area.x + cell / 2 + 2;
    const behind = freshIndex >= 0 && index > freshIndex ? closed : 0;
    const place = start + (index - behind) * columnWidth;
    return index >= columns.length ? place + endWidth - 2 : place + columnWidth / 2;
  };
  const yOf = (level: number): number => bottom - (level + 0.5) * rowHeight;
  return {
    ...{ area, levels, rowHeight, cell, columnWidth, columns, freshIndex, xOf, yOf },
    at: (index, level) => ({ x: xOf(index), y: yOf(level) }),
    indexOf: (sequence) => columns.findIndex((column) => column.sequence === sequence),
  };
}

/** One edge of the search: from where it stood, along a level, to the node it looked at. */
export interface SearchEdge {
  readonly from: number;
  readonly to: number;
  readonly level: number;
  readonly went: 'right' | 'down';
}

/** The search of an insertion as edges between drawn columns, in order. */
export function searchEdges(plan: SkipListPlan, insert: MemtableInsert): readonly SearchEdge[] {
  let position = -1;
  return insert.path.map(({ key, level, sequence, went }) => {
    const to = key === null ? plan.columns.length : plan.indexOf(sequence);
    const edge = { from: position, to, level, went };
    if (went === 'right') position = to;
    return edge;
  });
}

/** The column before the new node at each level of its tower, as the search found it. */
export function predecessors(edges: readonly SearchEdge[], height: number): readonly number[] {
  return Array.from({ length: height }, (_, level) => {
    const down = edges.findLast((edge) => edge.level === level && edge.went === 'down');
    return down?.from ?? -1;
  });
}

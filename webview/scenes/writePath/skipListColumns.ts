// Which nodes of a skip list are drawn and in which order: all of them while they fit, else those
// that the search looked at, the tallest, and an even choice of the rest.

import type { EntryKind, SearchStep } from '../../../src/protocol/events.ts';
import type { MemtableNode } from '../../../src/protocol/treeState.ts';
import { compareBytes } from '../../../src/base/bytes.ts';
import type { MemtableInsert } from './writeStory.ts';

/** One drawn node: a tower of `height` cells. */
export interface Column {
  readonly key: Uint8Array;
  readonly sequence: number;
  readonly entryKind: EntryKind;
  readonly height: number;
  /** The node that the shown event inserts. */
  readonly fresh: boolean;
}

/**
 * Chooses at most `countMax` nodes.
 * @param nodes Known nodes, in key order.
 * @param insert The insertion whose search must be seen whole, if one is shown.
 */
export function chooseColumns(
  nodes: readonly MemtableNode[],
  insert: MemtableInsert | undefined,
  countMax: number,
): readonly Column[] {
  const chosen = new Map<number, Column>();
  if (insert !== undefined) chosen.set(insert.sequence, freshColumn(insert));
  const known = new Map(nodes.map((node) => [node.sequence, node]));
  for (const step of insert?.path ?? []) {
    if (step.key === null || chosen.has(step.sequence)) continue;
    chosen.set(
      step.sequence,
      visitedColumn(step.key, step, known.get(step.sequence), insert!.path),
    );
  }
  for (const node of byProminence(nodes)) {
    if (chosen.size >= countMax) break;
    if (!chosen.has(node.sequence)) chosen.set(node.sequence, { ...node, fresh: false });
  }
  return [...chosen.values()].sort(inListOrder);
}

function freshColumn({ key, sequence, entryKind, height }: MemtableInsert): Column {
  return { key, sequence, entryKind, height, fresh: true };
}

/** A node the viewer may not know: as tall as the search has shown it to be. */
function visitedColumn(
  key: Uint8Array,
  { sequence }: SearchStep,
  node: MemtableNode | undefined,
  path: readonly SearchStep[],
): Column {
  const seen = Math.max(
    ...path.filter((step) => step.sequence === sequence).map(({ level }) => level),
  );
  const height = Math.max(node?.height ?? 1, seen + 1);
  return { key, sequence, entryKind: node?.entryKind ?? 'put', height, fresh: false };
}

/** Tallest first; among equals a fixed shuffle: the choice hardly changes as nodes arrive. */
function byProminence(nodes: readonly MemtableNode[]): readonly MemtableNode[] {
  return [...nodes].sort(
    (left, right) => right.height - left.height || shuffle(left.sequence) - shuffle(right.sequence),
  );
}

function shuffle(sequence: number): number {
  return Math.imul(sequence, 0x9e3779b1) >>> 0;
}

/** By key; newer versions of one key first. */
function inListOrder(left: Column, right: Column): number {
  return compareBytes(left.key, right.key) || right.sequence - left.sequence;
}

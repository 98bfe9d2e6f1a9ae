// A fair picture of a large memtable from few of its nodes, without walking all of it.

import { HEAD } from './arena.ts';
import { NO_NODE } from './skipList.ts';
import type { SkipList } from './skipList.ts';

/** Farthest step from an anchor: bounds the work to this times the sample's size. */
const STEP_MAX = 64;

/**
 * At most `count` nodes in key order: all of them, or a sample spread evenly. The towers of a high
 * level serve as anchors, since they are spread evenly by chance; from each the sample steps a
 * little to the right, or it would hold tall towers only.
 */
export function sampleNodes(list: SkipList, count: number): number[] {
  const { arena } = list;
  if (arena.entries <= count) return nodesOfLevel(list, 0, count);
  if (count === 0) return [];
  const anchors = anchorsOf(list, count);
  const stepBound = Math.min(STEP_MAX, Math.max(1, Math.floor(arena.entries / anchors.length)));
  const sample: number[] = [];
  for (let index = 0; index < count; index++) {
    const anchor = Math.floor((index * anchors.length) / count);
    const next = anchors[Math.floor(((index + 1) * anchors.length) / count)] ?? NO_NODE;
    let node = anchors[anchor]!;
    for (let steps = (index * 37) % stepBound; steps > 0; steps--) {
      const right = list.next(node);
      if (right === NO_NODE || right === next) break;
      node = right;
    }
    sample.push(node);
  }
  return sample;
}

/** The nodes of the highest level that has at least `count` of them. */
function anchorsOf(list: SkipList, count: number): number[] {
  for (let level = list.arena.height - 1; level > 0; level--) {
    const nodes = nodesOfLevel(list, level, Infinity);
    if (nodes.length >= count) return nodes;
  }
  return nodesOfLevel(list, 0, Infinity);
}

function nodesOfLevel(list: SkipList, level: number, most: number): number[] {
  const nodes: number[] = [];
  let node = list.linkOf(HEAD, level);
  for (; node !== NO_NODE && nodes.length < most; node = list.linkOf(node, level)) nodes.push(node);
  return nodes;
}

// The memtable: entries arrive, a full one is sealed and waits for its flush. At most 512 of its
// nodes are kept for drawing.

import { compareBytes } from '../../base/bytes.ts';
import type { MemtableNode, MemtableState, TreeState } from '../treeState.ts';
import type { EventOf } from './eventOf.ts';
import { updateFamily } from './family.ts';

/** Most nodes of a memtable that a state holds. */
export const MEMTABLE_NODES_MAX = 512;

export function insertEntry(state: TreeState, event: EventOf<'memtable.insert'>): TreeState {
  return updateFamily(state, event.family, (family) => {
    const { memtable } = family;
    if (memtable.memtable !== event.memtable && memtable.memtable !== 0) return family;
    const node: MemtableNode = {
      key: event.key,
      sequence: event.sequence,
      entryKind: event.entryKind,
      valueSizeBytes: event.valueSizeBytes,
      height: event.height,
    };
    const after: MemtableState = {
      memtable: event.memtable,
      entries: event.entries,
      tombstones: event.tombstones,
      rangeDeletes: memtable.rangeDeletes,
      sizeBytes: event.sizeBytes,
      capacityBytes: memtable.capacityBytes,
      nodes: withNode(memtable.nodes, node),
    };
    return { ...family, memtable: after };
  });
}

export function takeRangeDelete(
  state: TreeState,
  event: EventOf<'memtable.rangeDelete'>,
): TreeState {
  return updateFamily(state, event.family, (family) => {
    const { memtable } = family;
    if (memtable.memtable !== event.memtable && memtable.memtable !== 0) return family;
    const { memtable: number, rangeDeletes, sizeBytes } = event;
    return { ...family, memtable: { ...memtable, memtable: number, rangeDeletes, sizeBytes } };
  });
}

export function sealMemtable(state: TreeState, event: EventOf<'memtable.seal'>): TreeState {
  return updateFamily(state, event.family, (family) => {
    const { memtable } = family;
    const ours = memtable.memtable === event.memtable || memtable.memtable === 0;
    const sealed: MemtableState = {
      memtable: event.memtable,
      entries: event.entries,
      tombstones: event.tombstones,
      rangeDeletes: event.rangeDeletes,
      sizeBytes: event.sizeBytes,
      capacityBytes: ours ? memtable.capacityBytes : event.sizeBytes,
      nodes: ours ? memtable.nodes : [],
    };
    const next: MemtableState = {
      memtable: event.next.memtable,
      entries: 0,
      tombstones: 0,
      rangeDeletes: 0,
      sizeBytes: 0,
      capacityBytes: event.next.capacityBytes,
      nodes: [],
    };
    return { ...family, memtable: next, immutables: [...family.immutables, sealed] };
  });
}

/**
 * The nodes with one more, in key order, newest version first. Above the bound the node with the
 * greatest rank goes: what stays is an even sample of all nodes seen, the same one whatever the
 * order in which they came (bottom-k sampling).
 */
function withNode(nodes: readonly MemtableNode[], node: MemtableNode): readonly MemtableNode[] {
  const position = positionFor(nodes, node);
  const there = nodes[position];
  if (there?.sequence === node.sequence) return nodes;
  const after = nodes.toSpliced(position, 0, node);
  if (after.length <= MEMTABLE_NODES_MAX) return after;
  let worst = 0;
  let worstRank = -1;
  for (let index = 0; index < after.length; index++) {
    const rank = sampleRank(after[index]!.sequence);
    if (rank <= worstRank) continue;
    worst = index;
    worstRank = rank;
  }
  after.splice(worst, 1);
  return after;
}

function positionFor(nodes: readonly MemtableNode[], node: MemtableNode): number {
  let low = 0;
  let high = nodes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = nodes[middle]!;
    const order = compareBytes(other.key, node.key) || node.sequence - other.sequence;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A well mixed 32-bit number for a sequence number (the finalizer of MurmurHash3). */
function sampleRank(sequence: number): number {
  let mixed = (sequence ^ (sequence / 0x1_0000_0000)) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

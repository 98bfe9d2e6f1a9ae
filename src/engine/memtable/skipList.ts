// The memtable's order: a skip list (Pugh, 1990) in one arena. Each node stands in level 0; one in
// four also in level 1, one in sixteen in level 2, and so on. A search starts at the head of the
// highest level, goes right while the next node is smaller than what it seeks, else down; at the
// bottom it stands before the place.
//
//   level 2   head ─────────────────────────► 40 ───────────────► end
//   level 1   head ──────► 12 ──────────────► 40 ──────► 55 ────► end
//   level 0   head ─► 7 ─► 12 ─► 12' ─► 31 ─► 40 ─► 42 ─► 55 ────► end
//
// Order: key ascending, and of one key's versions the newest first (12 is newer than 12').
//
// One thread writes. A node is complete before it is linked, bottom level first, and links are
// stored atomically, so that a thread which follows a link finds a whole node behind it. The
// writer's own thread, and threads that were handed a sealed list by a message, read plainly.

import { assert } from '../../base/assert.ts';
import type { Random } from '../../base/random.ts';
import type { EncodedEntry } from '../encodedEntry.ts';
import {
  HEAD,
  HEIGHT_MAX,
  NODE_HEADER_WORDS,
  NODE_KEY_LENGTH,
  NODE_PACKED,
  NODE_SEQUENCE_LOW,
  SEQUENCE_HIGH_MASK,
} from './arena.ts';
import type { Arena } from './arena.ts';
import { inByteOrder, SearchKey } from './searchKey.ts';
import type { SearchTrace } from './searchTrace.ts';

/** Names no node: the end of a level, or nothing found. */
export const NO_NODE = 0;

/** An ordered list of entries in an arena; nodes are named by numbers (arena.ts). */
export class SkipList {
  readonly arena: Arena;
  /** By level, the last node before the place that the last search sought. */
  private readonly before = new Uint32Array(HEIGHT_MAX);
  private readonly sought = new SearchKey();

  /** Opens the list that an arena holds; on another thread too, which may then only read. */
  constructor(arena: Arena) {
    this.arena = arena;
  }

  /**
   * Adds an entry, which must fit, and of whose key no version with this sequence is there.
   * @param timestampMicros wall clock of the write, microseconds since 1970.
   * @param random decides the tower's height.
   * @returns the new node.
   */
  insert(
    entry: EncodedEntry,
    sequence: number,
    timestampMicros: number,
    random: Random,
    trace: SearchTrace | null = null,
  ): number {
    const { arena, before } = this;
    const words = arena.words;
    const height = towerHeight(random);
    const node = arena.addNode(entry, sequence, timestampMicros, height);
    const next = this.search(words, node + NODE_HEADER_WORDS, entry.keyLength, sequence, trace);
    assert(
      next === NO_NODE || !this.isSame(next, node),
      'no two versions of a key have the same sequence',
    );
    for (let level = arena.height; level < height; level++) before[level] = HEAD;
    if (height > arena.height) arena.raiseHeight(height);
    for (let level = 0; level < height; level++) {
      const link = before[level]! - 1 - level;
      words[node - 1 - level] = words[link]!;
      Atomics.store(words, link, node);
    }
    arena.countNode(entry, sequence);
    return node;
  }

  /**
   * The newest version of `key` whose sequence is at most `sequence`, or `NO_NODE`. It may be a
   * tombstone.
   */
  find(key: Uint8Array, sequence: number, trace: SearchTrace | null = null): number {
    const node = this.seek(key, sequence, trace);
    return node !== NO_NODE && this.holdsSought(node, key.length) ? node : NO_NODE;
  }

  /** The first node that is not before (key, sequence), or `NO_NODE`. */
  seek(key: Uint8Array, sequence: number, trace: SearchTrace | null = null): number {
    this.sought.load(key);
    return this.search(this.sought.words, 0, key.length, sequence, trace);
  }

  /** The first node, or `NO_NODE`. */
  first(): number {
    return this.arena.words[HEAD - 1]!;
  }

  /** The last node, or `NO_NODE`. */
  last(): number {
    const words = this.arena.words;
    let node = HEAD;
    for (let level = this.arena.height - 1; level >= 0;) {
      const next = words[node - 1 - level]!;
      if (next === NO_NODE) level--;
      else node = next;
    }
    return node === HEAD ? NO_NODE : node;
  }

  /** The node after `node`, or `NO_NODE`. */
  next(node: number): number {
    return this.arena.words[node - 1]!;
  }

  /** The node before `node`, or `NO_NODE`; costs a search, because links lead forward only. */
  previous(node: number): number {
    const { words } = this.arena;
    const keyLength = words[node + NODE_KEY_LENGTH]!;
    this.search(words, node + NODE_HEADER_WORDS, keyLength, this.arena.sequenceOf(node), null);
    const previous = this.before[0]!;
    return previous === HEAD ? NO_NODE : previous;
  }

  /**
   * Finds the first node not before (key, sequence) and leaves its predecessors in `before`.
   * @param keyWords the array in which the sought key begins at index `keyStart`.
   */
  private search(
    keyWords: Uint32Array,
    keyStart: number,
    keyLength: number,
    sequence: number,
    trace: SearchTrace | null,
  ): number {
    const { words, height } = this.arena;
    const before = this.before;
    const sequenceHigh = sequence < 0x1_0000_0000 ? 0 : Math.floor(sequence / 0x1_0000_0000);
    const sequenceLow = sequence >>> 0;
    let node = HEAD;
    // The node that ended the level above: known to be no smaller than what is sought.
    let ceiling = NO_NODE;
    before[0] = HEAD;
    for (let level = height - 1; level >= 0;) {
      const next = words[node - 1 - level]!;
      const goRight =
        next !== ceiling &&
        next !== NO_NODE &&
        isBefore(words, next, keyWords, keyStart, keyLength, sequenceLow, sequenceHigh);
      if (trace !== null) trace.add(this.arena, level, next, goRight ? 'right' : 'down');
      if (goRight) {
        node = next;
      } else {
        before[level] = node;
        ceiling = next;
        level--;
      }
    }
    return ceiling;
  }

  /** Whether a node's key is the one that `sought` holds. */
  private holdsSought(node: number, keyLength: number): boolean {
    const words = this.arena.words;
    if (words[node + NODE_KEY_LENGTH] !== keyLength) return false;
    const sought = this.sought.words;
    const count = (keyLength + 3) >>> 2;
    for (let index = 0; index < count; index++) {
      if (words[node + NODE_HEADER_WORDS + index] !== sought[index]) return false;
    }
    return true;
  }

  /** Whether two nodes have the same key and sequence. */
  private isSame(left: number, right: number): boolean {
    const { words } = this.arena;
    if (words[left + NODE_SEQUENCE_LOW] !== words[right + NODE_SEQUENCE_LOW]) return false;
    if (this.arena.sequenceOf(left) !== this.arena.sequenceOf(right)) return false;
    const keyLength = words[left + NODE_KEY_LENGTH]!;
    if (keyLength !== words[right + NODE_KEY_LENGTH]) return false;
    const count = (keyLength + 3) >>> 2;
    for (let index = 0; index < count; index++) {
      const word = NODE_HEADER_WORDS + index;
      if (words[left + word] !== words[right + word]) return false;
    }
    return true;
  }
}

/** Whether `node` comes before the sought key and sequence. */
function isBefore(
  words: Uint32Array,
  node: number,
  keyWords: Uint32Array,
  keyStart: number,
  keyLength: number,
  sequenceLow: number,
  sequenceHigh: number,
): boolean {
  const nodeLength = words[node]!;
  const shorter = nodeLength < keyLength ? nodeLength : keyLength;
  const keyEnd = keyStart + ((shorter + 3) >>> 2);
  for (
    let nodeWord = node + NODE_HEADER_WORDS, keyWord = keyStart;
    keyWord < keyEnd;
    nodeWord++, keyWord++
  ) {
    const left = words[nodeWord]!;
    const right = keyWords[keyWord]!;
    if (left !== right) return inByteOrder(left) < inByteOrder(right);
  }
  if (nodeLength !== keyLength) return nodeLength < keyLength;
  const nodeSequenceHigh = words[node + NODE_PACKED]! & SEQUENCE_HIGH_MASK;
  if (nodeSequenceHigh !== sequenceHigh) return nodeSequenceHigh > sequenceHigh;
  return words[node + NODE_SEQUENCE_LOW]! > sequenceLow;
}

/** 1 plus as many more as a coin with one chance in four allows. */
function towerHeight(random: Random): number {
  return Math.min(HEIGHT_MAX, 1 + (Math.clz32(random.nextUint32()) >>> 1));
}

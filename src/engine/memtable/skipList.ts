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
// Any number of threads insert and read at once, without a lock (as the memtables of RocksDB,
// InlineSkipList, and of Pebble, arenaskl). A node is written whole, then linked level by level
// from the bottom, each link by compare-and-swap: where another thread was quicker, the place is
// sought again from the node that stood before it. Nothing is ever unlinked, so what stood before a
// place still does. A node counts as inserted once it is in level 0; the levels above are
// shortcuts.
//
// What a thread finds behind a link that it loaded atomically is a whole node. A thread that knows
// that nobody else inserts (its own list; one that was sealed and came by a message) may load links
// plainly, which is quicker (docs/decisions/0014-plain-links-where-nobody-inserts.md).

import { assert } from '../../base/assert.ts';
import type { Random } from '../../base/random.ts';
import type { EncodedEntry } from '../encodedEntry.ts';
import {
  HEAD,
  HEIGHT_MAX,
  highWord,
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

/** What a thread's view of a list may count on. */
export interface SkipListUse {
  /** Other threads insert meanwhile: links are loaded atomically. */
  readonly shared: boolean;
}

/** A place between nodes, in every level. */
class Place {
  /** By level, the last node before it … */
  readonly before: Uint32Array = new Uint32Array(HEIGHT_MAX).fill(HEAD);
  /** … and the first after it. Others may have linked more nodes between the two since. */
  readonly after: Uint32Array = new Uint32Array(HEIGHT_MAX);
}

/**
 * One thread's view of an ordered list of entries in an arena; nodes are named by numbers
 * (arena.ts).
 */
export class SkipList {
  readonly arena: Arena;
  private readonly shared: boolean;
  /** Where the last read looked. */
  private readonly readPlace = new Place();
  /** Behind the node that this thread inserted last: keys that come in order all go there. */
  private readonly insertPlace = new Place();
  private readonly sought = new SearchKey();

  /** Opens the list that an arena holds, on any thread. */
  constructor(arena: Arena, use: SkipListUse = { shared: false }) {
    this.arena = arena;
    this.shared = use.shared;
  }

  /**
   * Adds an entry, of whose key no version with this sequence may be there.
   * @param timestampMicros wall clock of the write, microseconds since 1970.
   * @param random decides the tower's height.
   * @returns the new node, or `NO_NODE` when the arena has no room for it.
   */
  insert(
    entry: EncodedEntry,
    sequence: number,
    timestampMicros: number,
    random: Random,
    trace: SearchTrace | null = null,
  ): number {
    const { arena } = this;
    const height = towerHeight(random);
    const node = arena.addNode(entry, sequence, timestampMicros, height);
    if (node === NO_NODE) return NO_NODE;
    const { keyLength } = entry;
    if (trace === null && this.isNext(node, keyLength, sequence)) {
      // Others may have filled the place, in some levels earlier than in others.
      for (let level = 0; level < height; level++) this.searchLevel(node, level);
    } else {
      const key = node + NODE_HEADER_WORDS;
      this.search(this.insertPlace, arena.words, key, keyLength, sequence, trace);
    }
    arena.raiseHeight(height);
    for (let level = 0; level < height; level++) this.link(node, level);
    arena.countNode(entry.kind);
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
    return this.search(this.readPlace, this.sought.words, 0, key.length, sequence, trace);
  }

  /** The first node, or `NO_NODE`. */
  first(): number {
    return this.linkOf(HEAD, 0);
  }

  /** The last node, or `NO_NODE`. */
  last(): number {
    let node = HEAD;
    for (let level = this.arena.height - 1; level >= 0;) {
      const next = this.linkOf(node, level);
      if (next === NO_NODE) level--;
      else node = next;
    }
    return node === HEAD ? NO_NODE : node;
  }

  /** The node after `node` in a level, or `NO_NODE`. */
  linkOf(node: number, level: number): number {
    const link = node - 1 - level;
    return this.shared ? Atomics.load(this.arena.words, link) : this.arena.words[link]!;
  }

  /** The node after `node`, or `NO_NODE`. */
  next(node: number): number {
    return this.linkOf(node, 0);
  }

  /** The node before `node`, or `NO_NODE`; costs a search, because links lead forward only. */
  previous(node: number): number {
    const { arena, readPlace } = this;
    const key = node + NODE_HEADER_WORDS;
    const sequence = arena.sequenceOf(node);
    this.search(readPlace, arena.words, key, arena.keyLengthOf(node), sequence, null);
    const previous = readPlace.before[0]!;
    return previous === HEAD ? NO_NODE : previous;
  }

  /**
   * Finds the first node not before (key, sequence) and leaves the place before it in `place`.
   * @param keyWords the array in which the sought key begins at index `keyStart`.
   */
  private search(
    place: Place,
    keyWords: Uint32Array,
    keyStart: number,
    keyLength: number,
    sequence: number,
    trace: SearchTrace | null,
  ): number {
    const { words, height } = this.arena;
    const { shared } = this;
    const { before, after } = place;
    const sequenceHigh = highWord(sequence);
    const sequenceLow = sequence >>> 0;
    let node = HEAD;
    // The node that ended the level above: known to be no smaller than what is sought.
    let ceiling = NO_NODE;
    before[0] = HEAD;
    for (let level = height - 1; level >= 0;) {
      const link = node - 1 - level;
      const next = shared ? Atomics.load(words, link) : words[link]!;
      const goRight =
        next !== ceiling &&
        next !== NO_NODE &&
        isBefore(words, next, keyWords, keyStart, keyLength, sequenceLow, sequenceHigh);
      if (trace !== null) trace.add(this.arena, level, next, goRight ? 'right' : 'down');
      if (goRight) {
        node = next;
      } else {
        before[level] = node;
        after[level] = next;
        ceiling = next;
        level--;
      }
    }
    return ceiling;
  }

  /** Whether a node not yet linked goes right behind the one that was inserted last. */
  private isNext(node: number, keyLength: number, sequence: number): boolean {
    const { words } = this.arena;
    const { before, after } = this.insertPlace;
    const [last, next] = [before[0]!, after[0]!];
    if (last === HEAD) return false;
    const key = node + NODE_HEADER_WORDS;
    const [low, high] = [sequence >>> 0, highWord(sequence)];
    if (!isBefore(words, last, words, key, keyLength, low, high)) return false;
    return next === NO_NODE || !isBefore(words, next, words, key, keyLength, low, high);
  }

  /** Links a node into a level of the place where it belongs, and moves the place behind it. */
  private link(node: number, level: number): void {
    const { before, after } = this.insertPlace;
    const words = this.arena.words;
    for (;;) {
      const next = after[level]!;
      assert(
        next === NO_NODE || !this.isSame(next, node),
        'no two versions of a key have the same sequence',
      );
      Atomics.store(words, node - 1 - level, next);
      const link = before[level]! - 1 - level;
      if (Atomics.compareExchange(words, link, next, node) === next) break;
      this.searchLevel(node, level);
    }
    before[level] = node;
  }

  /** Goes on from the known place to where a node belongs: others may have linked nodes there. */
  private searchLevel(node: number, level: number): void {
    const words = this.arena.words;
    const key = node + NODE_HEADER_WORDS;
    const keyLength = words[node + NODE_KEY_LENGTH]!;
    const low = words[node + NODE_SEQUENCE_LOW]!;
    const high = words[node + NODE_PACKED]! & SEQUENCE_HIGH_MASK;
    const { before, after } = this.insertPlace;
    let last = before[level]!;
    for (;;) {
      const next = Atomics.load(words, last - 1 - level);
      if (next === NO_NODE || !isBefore(words, next, words, key, keyLength, low, high)) {
        before[level] = last;
        after[level] = next;
        return;
      }
      last = next;
    }
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

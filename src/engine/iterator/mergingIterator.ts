// Many ordered sources as one: a tournament between their heads.
//
// A tree of losers (Knuth, The Art of Computer Programming, volume 3, 5.4.1): the sources are its
// leaves, each inner node keeps the loser of the match played there, the winner stands on top.
// After the winner moves on, only the matches on its own way up are played again: log2(n)
// comparisons an entry.
//
//        winner            node 0 holds the winner,
//          1               node i plays the winners of nodes 2i and 2i + 1,
//        2   3             leaf of source s is node n + s
//       4 5 6 7
//
// Going backward the greatest head wins instead. When the direction changes, the other sources are
// first moved to the other side of where the merge stands.

import { compareEntries, Entry } from './entry.ts';
import type { EntryIterator } from './entryIterator.ts';

/** The merge of ordered sources; equal entries come from the earlier source first. */
export class MergingIterator implements EntryIterator {
  /** The sources, in the order they were given. */
  readonly sources: readonly EntryIterator[];
  /** Index of the source that the current entry comes from. */
  source = 0;
  valid = false;
  /** The current entry, which belongs to its source. */
  entry: Entry = new Entry();
  private readonly heads: Entry[];
  /** 1 for each source that stands on an entry. */
  private readonly alive: Uint8Array;
  private readonly losers: Int32Array;
  private forward = true;

  constructor(sources: readonly EntryIterator[]) {
    this.sources = sources;
    this.heads = sources.map((source) => source.entry);
    this.alive = new Uint8Array(sources.length);
    this.losers = new Int32Array(Math.max(sources.length, 1));
  }

  first(): void {
    for (const source of this.sources) source.first();
    this.forward = true;
    this.playAll();
  }

  last(): void {
    for (const source of this.sources) source.last();
    this.forward = false;
    this.playAll();
  }

  seek(key: Uint8Array, sequence: number): void {
    for (const source of this.sources) source.seek(key, sequence);
    this.forward = true;
    this.playAll();
  }

  next(): void {
    if (!this.forward) this.turnForward();
    this.sources[this.source]!.next();
    this.replay(this.source);
  }

  prev(): void {
    if (this.forward) this.turnBackward();
    this.sources[this.source]!.prev();
    this.replay(this.source);
  }

  /** Moves every other source to its first entry after the current one. */
  private turnForward(): void {
    const key = this.entry.copyKey();
    const { sequence } = this.entry;
    this.sources.forEach((source, index) => {
      if (index === this.source) return;
      source.seek(key, sequence);
      // An equal entry of an earlier source was passed already: it comes before the current one.
      const passed = index < this.source && source.valid && isAt(source.entry, this.entry);
      if (passed) source.next();
    });
    this.forward = true;
    this.playAll();
  }

  /** Moves every other source to its last entry before the current one. */
  private turnBackward(): void {
    const key = this.entry.copyKey();
    const { sequence } = this.entry;
    this.sources.forEach((source, index) => {
      if (index === this.source) return;
      source.seek(key, sequence);
      const comesBefore = index < this.source && source.valid && isAt(source.entry, this.entry);
      if (comesBefore) return;
      if (source.valid) source.prev();
      else source.last();
    });
    this.forward = false;
    this.playAll();
  }

  private playAll(): void {
    if (this.sources.length > 0) this.stand(this.play(1));
  }

  /**
   * Plays the matches of the subtree at `node`; answers its winner. A lone source is node 1 itself.
   */
  private play(node: number): number {
    const count = this.sources.length;
    if (node >= count) return this.refresh(node - count);
    const left = this.play(2 * node);
    const right = this.play(2 * node + 1);
    const leftWins = this.beats(left, right);
    this.losers[node] = leftWins ? right : left;
    return leftWins ? left : right;
  }

  /** Plays the matches on the way up from one source, whose head has changed. */
  private replay(source: number): void {
    const { losers } = this;
    let winner = this.refresh(source);
    for (let node = (this.sources.length + source) >>> 1; node >= 1; node >>>= 1) {
      const loser = losers[node]!;
      if (this.beats(loser, winner)) {
        losers[node] = winner;
        winner = loser;
      }
    }
    this.stand(winner);
  }

  private refresh(source: number): number {
    const iterator = this.sources[source]!;
    this.heads[source] = iterator.entry;
    this.alive[source] = iterator.valid ? 1 : 0;
    return source;
  }

  private stand(source: number): void {
    this.source = source;
    this.entry = this.heads[source]!;
    this.valid = this.alive[source] === 1;
  }

  /** Whether the head of source `a` comes before that of `b` in the direction of the walk. */
  private beats(a: number, b: number): boolean {
    if (this.alive[a] === 0) return false;
    if (this.alive[b] === 0) return true;
    const comparison = compareEntries(this.heads[a]!, this.heads[b]!);
    if (comparison === 0) return this.forward ? a < b : a > b;
    return this.forward ? comparison < 0 : comparison > 0;
  }
}

function isAt(a: Entry, b: Entry): boolean {
  return compareEntries(a, b) === 0;
}

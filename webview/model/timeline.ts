// The events so far and the state after any number of them. Events stand in chunks of CHUNK_EVENTS,
// each with the state before its first event (the keyframe); any other state is folded from the
// nearest keyframe, at most CHUNK_EVENTS − 1 steps. States share what did not change, so a keyframe
// costs little more than one reference.
//
//     index    0 ……………… 255 256 …………… 511 512 ………
//     chunk   [K events…    ][K events…   ][K events…      K = keyframe
//
// A keyframe may also come from the source itself (`refresh`), which then begins a chunk early.
//
// Indexes count from the first event ever received and never change: when the oldest chunks are let
// go to bound memory, `first` says where the timeline now begins.

import { assert } from '../../src/base/assert.ts';
import type { LsmEvent } from '../../src/protocol/events.ts';
import { reduce } from '../../src/protocol/reduce.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';

/** Events between two keyframes. */
export const CHUNK_EVENTS = 256;
/** Events kept by default; older ones are let go, a chunk at a time. */
export const EVENTS_MAX = 100_000;
/** Chunks whose inner states are kept ready for stepping. */
const UNFOLDED_CHUNKS_MAX = 4;

interface Chunk {
  readonly start: number;
  readonly keyframe: TreeState;
  readonly events: LsmEvent[];
}

export class Timeline {
  private readonly chunks: Chunk[];
  private readonly eventsMax: number;
  /** States inside recently used chunks: element i is the state before the chunk's event i. */
  private readonly unfolded = new Map<Chunk, TreeState[]>();
  private headState: TreeState;
  private count = 0;
  /** Per-operation events that the session left out, as it reported them. */
  leftOut = 0;

  /** @param initial the state before the first event */
  constructor(initial: TreeState, eventsMax: number = EVENTS_MAX) {
    this.headState = initial;
    this.eventsMax = eventsMax;
    this.chunks = [{ start: 0, keyframe: initial, events: [] }];
  }

  /** Index of the oldest event still held. */
  get first(): number {
    return this.oldest.start;
  }

  /** Events received since the beginning: one past the newest index. */
  get length(): number {
    return this.count;
  }

  /** The state after every event. */
  get head(): TreeState {
    return this.headState;
  }

  /** @param onFolded hears each event's index and the state after it */
  append(
    events: readonly LsmEvent[],
    onFolded?: (index: number, event: LsmEvent, after: TreeState) => void,
  ): void {
    for (const event of events) {
      let chunk = this.newest;
      if (chunk.events.length === CHUNK_EVENTS) {
        chunk = { start: this.count, keyframe: this.headState, events: [] };
        this.chunks.push(chunk);
      }
      chunk.events.push(event);
      this.headState = reduce(this.headState, event);
      this.count += 1;
      onFolded?.(this.count - 1, event, this.headState);
    }
    this.trim();
  }

  /**
   * Takes the source's own account for the state after the newest event, as a keyframe: it knows
   * what sampled events could not tell, such as every node of the memtable. Ignored, with `false`,
   * when it is the account of another moment.
   */
  refresh(account: TreeState): boolean {
    if (account.eventNumber !== this.headState.eventNumber) return false;
    const { timeMicros } = this.headState;
    this.headState = { ...account, timeMicros };
    this.chunks.push({ start: this.count, keyframe: this.headState, events: [] });
    return true;
  }

  /** The event at `index`, or `undefined` outside of what is held. */
  eventAt(index: number): LsmEvent | undefined {
    const chunk = this.chunkOf(index);
    return chunk?.events[index - chunk.start];
  }

  /** The state after the events before `index`; `first <= index <= length`. */
  stateBefore(index: number): TreeState {
    if (index >= this.count) return this.headState;
    const chunk = this.chunkOf(Math.max(index, this.first));
    assert(chunk !== undefined, 'the timeline holds every index between first and length');
    const wanted = Math.max(0, index - chunk.start);
    if (wanted === 0) return chunk.keyframe;
    const states = this.unfoldedStates(chunk);
    let last = states.at(-1) ?? chunk.keyframe;
    while (states.length <= wanted) {
      const event = chunk.events[states.length - 1];
      assert(event !== undefined, 'a chunk holds the events that lead to its states');
      last = reduce(last, event);
      states.push(last);
    }
    return states[wanted] ?? last;
  }

  /**
   * Index of the first event at or after `number` in the source's own count; `length` when none.
   */
  indexOfNumber(number: number): number {
    let low = this.first;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.eventAt(middle)?.number ?? 0) < number) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private get oldest(): Chunk {
    const chunk = this.chunks[0];
    assert(chunk !== undefined, 'a timeline has at least one chunk');
    return chunk;
  }

  private get newest(): Chunk {
    const chunk = this.chunks.at(-1);
    assert(chunk !== undefined, 'a timeline has at least one chunk');
    return chunk;
  }

  private chunkOf(index: number): Chunk | undefined {
    if (index < this.first || index >= this.count) return undefined;
    let low = 0;
    let high = this.chunks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.chunks[middle]?.start ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return this.chunks[low];
  }

  private unfoldedStates(chunk: Chunk): TreeState[] {
    const known = this.unfolded.get(chunk) ?? [chunk.keyframe];
    // Re-inserting keeps the map in order of use, so that its first entry is the one to drop.
    this.unfolded.delete(chunk);
    this.unfolded.set(chunk, known);
    for (const old of this.unfolded.keys()) {
      if (this.unfolded.size <= UNFOLDED_CHUNKS_MAX) break;
      this.unfolded.delete(old);
    }
    return known;
  }

  private trim(): void {
    while (this.count - this.first - CHUNK_EVENTS >= this.eventsMax && this.chunks.length > 1) {
      const gone = this.chunks.shift();
      if (gone !== undefined) this.unfolded.delete(gone);
    }
  }
}

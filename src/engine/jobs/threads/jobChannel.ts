// The memory that the store's thread and one job thread share.
//
//   word   what                                                     written by
//   0      what the viewers listen to: bits below                   the store's thread
//   1      1: the store's thread was told that notes lie waiting    both
//   2      gates opened so far                                      the store's thread
//   3, 4   the ring's counts (byteRing.ts)                          one each
//   5-     the ring, in which the job's notes go to the store's thread (jobNotes.ts)

import type { EventSink } from '../../../protocol/eventSink.ts';
import { ByteRing, RING_WORDS } from './byteRing.ts';

const WORD_LISTENING = 0;
const WORD_TOLD = 1;
const WORD_GATES = 2;
const HEADER_WORDS = 3;

export const LISTENS_STRUCTURAL = 1;
export const LISTENS_READ = 2;
export const LISTENS_ENTRY = 4;
/** Lockstep: the job waits at every gate. */
export const LISTENS_STEP_BY_STEP = 8;

/** Bytes of notes that may wait; what is longer goes through in pieces. */
const RING_BYTES: number = 256 * 1024;
const RING_START: number = (HEADER_WORDS + RING_WORDS) * 4;

/** One end of the memory. */
export class JobChannel {
  /** For the other thread's `JobChannel`. */
  readonly buffer: SharedArrayBuffer;
  readonly ring: ByteRing;
  private readonly words: Int32Array;

  /** @param buffer made in another thread; left out for a new one. */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(RING_START + RING_BYTES)) {
    this.buffer = buffer;
    this.words = new Int32Array(buffer, 0, HEADER_WORDS);
    const counts = new Int32Array(buffer, HEADER_WORDS * 4, RING_WORDS);
    this.ring = new ByteRing(counts, new Uint8Array(buffer, RING_START, RING_BYTES));
  }

  /** What the viewers listen to: `LISTENS_…`. */
  get listening(): number {
    return Atomics.load(this.words, WORD_LISTENING);
  }

  /** Half of the ring is free: there is time for what may also be left out. */
  get hasTime(): boolean {
    return this.ring.freeBytes >= RING_BYTES / 2;
  }

  /** Lets the job's thread know what the viewers listen to. */
  listenAs({ structural, read, entry, gate }: EventSink): void {
    const flags =
      (structural ? LISTENS_STRUCTURAL : 0) |
      (read ? LISTENS_READ : 0) |
      (entry ? LISTENS_ENTRY : 0) |
      (gate === null ? 0 : LISTENS_STEP_BY_STEP);
    Atomics.store(this.words, WORD_LISTENING, flags);
  }

  /** Notes lie waiting: whether the store's thread must be told, because it was not yet. */
  mustTell(): boolean {
    return Atomics.exchange(this.words, WORD_TOLD, 1) === 0;
  }

  /** The store's thread is about to read: what comes later must be told again. */
  beginRead(): void {
    Atomics.store(this.words, WORD_TOLD, 0);
  }

  /** Gates opened so far; the job's thread reads it before it asks for another. */
  get gatesOpened(): number {
    return Atomics.load(this.words, WORD_GATES);
  }

  /** Blocks this thread until one more gate has opened. */
  waitAtGate(gatesOpened: number): void {
    Atomics.wait(this.words, WORD_GATES, gatesOpened);
  }

  openGate(): void {
    Atomics.add(this.words, WORD_GATES, 1);
    Atomics.notify(this.words, WORD_GATES);
  }
}

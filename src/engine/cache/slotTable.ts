// A hash table from (file number, offset) to a small number, its slot, in typed arrays with chains:
// finding one allocates nothing. What belongs to a slot its owner keeps in arrays of its own, as
// long as `capacity`.

import type { FileNumber } from '../../protocol/events.ts';

export const NO_SLOT = -1;
const INITIAL_SLOTS = 64;

/** Slots are numbered from 0 and used again. */
export class SlotTable {
  /** Of the slots in use: what they are for. */
  files: Float64Array = new Float64Array(INITIAL_SLOTS);
  offsets: Float64Array = new Float64Array(INITIAL_SLOTS);
  /** Slots from here on were never used. */
  end = 0;
  /** Next slot of the same chain, or of the list of free slots. */
  private nextSlot = new Int32Array(INITIAL_SLOTS);
  /** First slot of each chain; twice as many chains as slots. */
  private chains = new Int32Array(2 * INITIAL_SLOTS).fill(NO_SLOT);
  private freeSlot = NO_SLOT;

  /** Slots that there is room for; grows in `add`. */
  get capacity(): number {
    return this.files.length;
  }

  /** The slot, or NO_SLOT. */
  find(file: FileNumber, offset: number): number {
    let slot = this.chains[this.chainOf(file, offset)]!;
    while (slot !== NO_SLOT && (this.offsets[slot] !== offset || this.files[slot] !== file)) {
      slot = this.nextSlot[slot]!;
    }
    return slot;
  }

  /** Takes a slot for what has none. */
  add(file: FileNumber, offset: number): number {
    const slot = this.takeSlot();
    this.files[slot] = file;
    this.offsets[slot] = offset;
    this.link(slot);
    return slot;
  }

  /** Gives a slot back; its `files` and `offsets` stay until it is taken again. */
  remove(slot: number): void {
    const chain = this.chainOf(this.files[slot]!, this.offsets[slot]!);
    if (this.chains[chain] === slot) {
      this.chains[chain] = this.nextSlot[slot]!;
    } else {
      let before = this.chains[chain]!;
      while (this.nextSlot[before] !== slot) before = this.nextSlot[before]!;
      this.nextSlot[before] = this.nextSlot[slot]!;
    }
    this.nextSlot[slot] = this.freeSlot;
    this.freeSlot = slot;
  }

  private link(slot: number): void {
    const chain = this.chainOf(this.files[slot]!, this.offsets[slot]!);
    this.nextSlot[slot] = this.chains[chain]!;
    this.chains[chain] = slot;
  }

  private chainOf(file: FileNumber, offset: number): number {
    const low = offset | 0;
    const high = (offset / 0x1_0000_0000) | 0;
    let mixed = Math.imul(low ^ Math.imul(file | 0, 0x9e3779b1) ^ high, 0x85ebca6b);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0xc2b2ae35);
    return (mixed ^ (mixed >>> 13)) & (this.chains.length - 1);
  }

  private takeSlot(): number {
    const free = this.freeSlot;
    if (free !== NO_SLOT) {
      this.freeSlot = this.nextSlot[free]!;
      return free;
    }
    if (this.end === this.capacity) this.grow();
    return this.end++;
  }

  /** Doubles slots and chains. Called when every slot is in use. */
  private grow(): void {
    const { files, offsets } = this;
    const slots = 2 * this.capacity;
    this.files = new Float64Array(slots);
    this.files.set(files);
    this.offsets = new Float64Array(slots);
    this.offsets.set(offsets);
    this.nextSlot = new Int32Array(slots);
    this.chains = new Int32Array(2 * slots).fill(NO_SLOT);
    for (let slot = 0; slot < this.end; slot++) this.link(slot);
  }
}

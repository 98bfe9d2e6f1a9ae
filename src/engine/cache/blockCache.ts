// Data blocks kept in memory, bounded in bytes, found by (file number, offset).
//
// A hash table with chains and a CLOCK (Corbató, 1968), all in typed arrays but for the blocks: a
// hit sets one byte. The hand goes round the slots: a block that was used since the hand's last
// visit is spared once, another goes. New blocks come in unused, so one long scan does not push out
// what is read again and again. A block is never taken away from a reader: whoever holds it keeps
// it alive.

import type { EventSink } from '../../protocol/eventSink.ts';
import type { FileNumber } from '../../protocol/events.ts';

/** What the cache asks of a block. */
export interface CachedBlock {
  /** Bytes it takes in memory. */
  readonly memoryBytes: number;
}

const NONE = -1;
const INITIAL_SLOTS = 64;

/** A bounded cache; a capacity of 0 keeps nothing. */
export class BlockCache<Block extends CachedBlock> {
  readonly capacityBytes: number;
  /** Told of evictions while its `read` is on. */
  sink: EventSink;
  /** Bytes of all blocks in the cache; never above `capacityBytes`. */
  sizeBytes = 0;
  blockCount = 0;
  evictions = 0;
  private blocks: (Block | undefined)[] = [];
  private files = new Float64Array(INITIAL_SLOTS);
  private offsets = new Float64Array(INITIAL_SLOTS);
  private used = new Uint8Array(INITIAL_SLOTS);
  /** Next slot of the same chain, or of the list of free slots. */
  private nextSlot = new Int32Array(INITIAL_SLOTS);
  /** First slot of each chain; twice as many chains as slots. */
  private chains = new Int32Array(2 * INITIAL_SLOTS);
  private freeSlot = NONE;
  /** Slots in use or free: the others were never used. */
  private slotCount = 0;
  private hand = 0;

  constructor(capacityBytes: number, sink: EventSink) {
    this.capacityBytes = capacityBytes;
    this.sink = sink;
    this.chains.fill(NONE);
  }

  /** The block, or `undefined`. */
  get(file: FileNumber, offset: number): Block | undefined {
    const slot = this.find(file, offset);
    if (slot === NONE) return undefined;
    this.used[slot] = 1;
    return this.blocks[slot];
  }

  /** Keeps a block, making room for it; one that is larger than the cache is not kept. */
  put(file: FileNumber, offset: number, block: Block): void {
    const present = this.find(file, offset);
    if (present !== NONE) this.remove(present);
    const { memoryBytes } = block;
    if (memoryBytes > this.capacityBytes) return;
    while (this.sizeBytes + memoryBytes > this.capacityBytes) this.evictOne();
    const slot = this.takeSlot();
    this.blocks[slot] = block;
    this.files[slot] = file;
    this.offsets[slot] = offset;
    this.used[slot] = 0;
    const chain = this.chainOf(file, offset);
    this.nextSlot[slot] = this.chains[chain]!;
    this.chains[chain] = slot;
    this.sizeBytes += memoryBytes;
    this.blockCount++;
  }

  /** Forgets a file's blocks: it is gone from the disk. */
  dropFile(file: FileNumber): void {
    for (let slot = 0; slot < this.slotCount; slot++) {
      if (this.blocks[slot] !== undefined && this.files[slot] === file) this.evict(slot);
    }
  }

  private find(file: FileNumber, offset: number): number {
    let slot = this.chains[this.chainOf(file, offset)]!;
    while (slot !== NONE && (this.offsets[slot] !== offset || this.files[slot] !== file)) {
      slot = this.nextSlot[slot]!;
    }
    return slot;
  }

  private chainOf(file: FileNumber, offset: number): number {
    const low = offset | 0;
    const high = (offset / 0x1_0000_0000) | 0;
    let mixed = Math.imul(low ^ Math.imul(file | 0, 0x9e3779b1) ^ high, 0x85ebca6b);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0xc2b2ae35);
    return (mixed ^ (mixed >>> 13)) & (this.chains.length - 1);
  }

  /** Turns the hand to the next block that was not used since its last visit, and evicts it. */
  private evictOne(): void {
    for (;;) {
      if (this.hand >= this.slotCount) this.hand = 0;
      const slot = this.hand++;
      if (this.blocks[slot] === undefined) continue;
      if (this.used[slot] === 0) {
        this.evict(slot);
        return;
      }
      this.used[slot] = 0;
    }
  }

  private evict(slot: number): void {
    const sizeBytes = this.blocks[slot]!.memoryBytes;
    this.remove(slot);
    this.evictions++;
    if (!this.sink.read) return;
    this.sink.emit({
      kind: 'cache.evict',
      file: this.files[slot]!,
      offset: this.offsets[slot]!,
      sizeBytes,
      cacheSizeBytes: this.sizeBytes,
      cacheBlocks: this.blockCount,
    });
  }

  private remove(slot: number): void {
    const chain = this.chainOf(this.files[slot]!, this.offsets[slot]!);
    if (this.chains[chain] === slot) {
      this.chains[chain] = this.nextSlot[slot]!;
    } else {
      let before = this.chains[chain]!;
      while (this.nextSlot[before] !== slot) before = this.nextSlot[before]!;
      this.nextSlot[before] = this.nextSlot[slot]!;
    }
    this.sizeBytes -= this.blocks[slot]!.memoryBytes;
    this.blockCount--;
    this.blocks[slot] = undefined;
    this.nextSlot[slot] = this.freeSlot;
    this.freeSlot = slot;
  }

  private takeSlot(): number {
    const free = this.freeSlot;
    if (free !== NONE) {
      this.freeSlot = this.nextSlot[free]!;
      return free;
    }
    if (this.slotCount === this.files.length) this.grow();
    return this.slotCount++;
  }

  /**
   * Doubles the slots and spreads them over twice as many chains. Called when every slot is in use.
   */
  private grow(): void {
    const slots = 2 * this.files.length;
    const { files, offsets, used } = this;
    this.files = new Float64Array(slots);
    this.files.set(files);
    this.offsets = new Float64Array(slots);
    this.offsets.set(offsets);
    this.used = new Uint8Array(slots);
    this.used.set(used);
    this.nextSlot = new Int32Array(slots);
    this.chains = new Int32Array(2 * slots).fill(NONE);
    for (let slot = 0; slot < this.slotCount; slot++) {
      const chain = this.chainOf(this.files[slot]!, this.offsets[slot]!);
      this.nextSlot[slot] = this.chains[chain]!;
      this.chains[chain] = slot;
    }
  }
}

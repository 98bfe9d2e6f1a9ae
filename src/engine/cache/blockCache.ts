// Data blocks and parts of indexes kept in memory, bounded in bytes, found by file number and
// offset.
//
// S3-FIFO (Yang, Zhang, Qiu, Yue and Vinayak: "FIFO queues are all you need for cache eviction",
// SOSP 2023). Three queues, and for each block a count of its uses, from 0 to 3:
//
//   new → small queue, a tenth of the bytes ── used since ──▶ main queue ── not used ──▶ gone
//                  │ not used                                   ▲   ▲ │
//                  ▼                                            │   └─┘ used: round again,
//               ghosts: only their names ── read again ─────────┘       one use less
//
// Most blocks that are read once are never read again: they leave through the small queue and
// never push out what is in the main one, so a scan does no harm. A hit adds to a count and moves
// nothing. A block is never taken away from a reader: whoever holds it keeps it alive.

import type { EventSink } from '../../protocol/eventSink.ts';
import type { FileNumber } from '../../protocol/events.ts';
import { SlotLinks, SlotQueue } from './slotQueue.ts';
import { NO_SLOT, SlotTable } from './slotTable.ts';

/** What the cache asks of a block. */
export interface CachedBlock {
  /** Bytes it takes in memory. */
  readonly memoryBytes: number;
}

const SMALL_SHARE = 0.1;
const USES_MAX = 3;

/** A bounded cache; a capacity of 0 keeps nothing. */
export class BlockCache<Block extends CachedBlock> {
  readonly capacityBytes: number;
  /** Told of evictions while its `read` is on. */
  sink: EventSink;
  evictions = 0;
  private readonly slots = new SlotTable();
  /** By slot; `undefined` for a ghost. */
  private blocks: (Block | undefined)[] = [];
  private uses = new Uint8Array(0);
  private queues: (SlotQueue | undefined)[] = [];
  private readonly links = new SlotLinks();
  private readonly small = new SlotQueue(this.links);
  private readonly main = new SlotQueue(this.links);
  private readonly ghosts = new SlotQueue(this.links);

  constructor(capacityBytes: number, sink: EventSink) {
    this.capacityBytes = capacityBytes;
    this.sink = sink;
  }

  /** Bytes of all blocks in the cache; never above `capacityBytes`. */
  get sizeBytes(): number {
    return this.small.sizeBytes + this.main.sizeBytes;
  }

  get blockCount(): number {
    return this.small.count + this.main.count;
  }

  /** The block, or `undefined`. */
  get(file: FileNumber, offset: number): Block | undefined {
    const slot = this.slots.find(file, offset);
    if (slot === NO_SLOT) return undefined;
    if (this.uses[slot]! < USES_MAX) this.uses[slot]!++;
    return this.blocks[slot];
  }

  /** Keeps a block, making room for it; one that is larger than the cache is not kept. */
  put(file: FileNumber, offset: number, block: Block): void {
    const present = this.slots.find(file, offset);
    const wanted = present !== NO_SLOT && this.queues[present] !== this.small;
    if (present !== NO_SLOT) this.forget(present);
    const { memoryBytes } = block;
    if (memoryBytes > this.capacityBytes) return;
    while (this.sizeBytes + memoryBytes > this.capacityBytes) this.evictOne();
    const slot = this.slots.add(file, offset);
    if (this.uses.length < this.slots.capacity) this.grow();
    this.blocks[slot] = block;
    this.uses[slot] = 0;
    this.enqueue(wanted ? this.main : this.small, slot, memoryBytes);
  }

  /** Forgets a file's blocks: it is gone from the disk. */
  dropFile(file: FileNumber): void {
    const { slots } = this;
    for (let slot = 0; slot < slots.end; slot++) {
      if (this.queues[slot] === undefined || slots.files[slot] !== file) continue;
      const block = this.blocks[slot];
      this.forget(slot);
      if (block !== undefined) this.tellEvicted(slot, block);
    }
  }

  /** Turns the queues until one block has left. */
  private evictOne(): void {
    const { small, main } = this;
    for (;;) {
      const fromSmall = small.sizeBytes > SMALL_SHARE * this.capacityBytes || main.count === 0;
      const slot = fromSmall ? small.oldest : main.oldest;
      const block = this.blocks[slot]!;
      const queue = fromSmall ? small : main;
      queue.remove(slot, block.memoryBytes);
      if (this.uses[slot] === 0) {
        if (fromSmall) this.makeGhost(slot);
        else this.release(slot);
        this.tellEvicted(slot, block);
        return;
      }
      this.uses[slot] = fromSmall ? 0 : this.uses[slot]! - 1;
      this.enqueue(main, slot, block.memoryBytes);
    }
  }

  /** Only the name of a block stays; of as many as there are blocks. */
  private makeGhost(slot: number): void {
    const { ghosts } = this;
    this.blocks[slot] = undefined;
    this.enqueue(ghosts, slot, 0);
    while (ghosts.count > this.blockCount) this.forget(ghosts.oldest);
  }

  private enqueue(queue: SlotQueue, slot: number, sizeBytes: number): void {
    queue.push(slot, sizeBytes);
    this.queues[slot] = queue;
  }

  /** Takes a block or a ghost out. */
  private forget(slot: number): void {
    this.queues[slot]!.remove(slot, this.blocks[slot]?.memoryBytes ?? 0);
    this.release(slot);
  }

  private release(slot: number): void {
    this.blocks[slot] = undefined;
    this.queues[slot] = undefined;
    this.slots.remove(slot);
  }

  private tellEvicted(slot: number, block: Block): void {
    this.evictions++;
    if (!this.sink.read) return;
    this.sink.emit({
      kind: 'cache.evict',
      file: this.slots.files[slot]!,
      offset: this.slots.offsets[slot]!,
      sizeBytes: block.memoryBytes,
      cacheSizeBytes: this.sizeBytes,
      cacheBlocks: this.blockCount,
    });
  }

  private grow(): void {
    const { capacity } = this.slots;
    const { uses } = this;
    this.uses = new Uint8Array(capacity);
    this.uses.set(uses);
    this.links.grow(capacity);
  }
}

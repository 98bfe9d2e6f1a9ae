// The feed without an engine: what is sent when, what is left out, and that nobody waits for ever.

import { beforeEach, describe, expect, it } from 'vitest';
import { SteppingClock } from '../../../src/base/clock.ts';
import { ManualScheduler } from '../../../src/base/manualScheduler.ts';
import { NO_COUNTS } from '../../../src/protocol/emptyState.ts';
import type { Gauges, LsmEvent, LsmEventBody } from '../../../src/protocol/events.ts';
import { EventFeed } from '../../../src/session/pacing/eventFeed.ts';
import type { EventTaker } from '../../../src/session/pacing/eventTaker.ts';

/** Takes everything and remembers it. */
class Taker implements EventTaker {
  isReady = true;
  readonly frames: (readonly LsmEvent[])[] = [];
  leftOut = 0;

  take(events: readonly LsmEvent[], leftOut: number): void {
    if (events.length > 0) this.frames.push(events);
    this.leftOut += leftOut;
  }

  get kinds(): string[] {
    return this.frames.flat().map((event) => event.kind);
  }
}

const ROTATE: LsmEventBody = {
  kind: 'wal.rotate',
  recycled: 0,
  from: 1,
  to: 2,
  fromSizeBytes: 10,
  toSizeBytes: 0,
};
const DELETE: LsmEventBody = { kind: 'wal.delete', wal: 1, recycled: false };

let feed: EventFeed;
let scheduler: ManualScheduler;
let puts: number;

beforeEach(() => {
  scheduler = new ManualScheduler();
  feed = new EventFeed(new SteppingClock(), scheduler);
  puts = 0;
  feed.begin(() => gauges());
});

function gauges(): Gauges {
  return {
    lastSequence: puts,
    wal: { active: 1, segments: [] },
    memtables: [
      { family: 0, memtable: 1, entries: puts, tombstones: 0, rangeDeletes: 0, sizeBytes: puts },
    ],
    cache: { sizeBytes: 0, blocks: 0 },
    transactions: [],
    counters: { ...NO_COUNTS, puts },
  };
}

/** A put as the engine tells it, whenever somebody wants to hear. */
function put(valuePreview = new Uint8Array(64)): void {
  puts++;
  if (!feed.write) return;
  feed.emit({
    kind: 'memtable.insert',
    family: 0,
    memtable: 1,
    operation: puts,
    entryKind: 'put',
    key: new Uint8Array(8),
    sequence: puts,
    valueSizeBytes: 64,
    valuePreview,
    height: 1,
    path: [],
    entries: puts,
    tombstones: 0,
    sizeBytes: puts,
  });
  feed.emit({
    kind: 'write.end',
    operation: puts,
    group: puts,
    firstSequence: puts,
    lastSequence: puts,
    durable: false,
    durationMicros: 1,
  });
}

describe('nobody listening', () => {
  it('all flags are down, there is no gate and no timer', () => {
    const { structural, write, read, entry, gate } = feed;
    expect({ structural, write, read, entry, gate }).toEqual({
      structural: false,
      write: false,
      read: false,
      entry: false,
      gate: null,
    });
    expect(scheduler.pendingTimers).toBe(0);
  });

  it('what happened then is no one’s loss', () => {
    for (let index = 0; index < 100; index++) put();
    const taker = feed.add(() => new Taker());
    put();
    scheduler.advance(16);
    expect(taker.leftOut).toBe(0);
  });
});

describe('live', () => {
  it('sends one frame a while, ended by a summary when a figure moved', () => {
    const taker = feed.add(() => new Taker());
    put();
    put();
    expect(taker.frames).toEqual([]);
    scheduler.advance(16);
    put();
    scheduler.advance(16);
    expect(taker.frames.map((frame) => frame.map((event) => event.kind))).toEqual([
      ['memtable.insert', 'write.end', 'memtable.insert', 'write.end', 'summary'],
      ['memtable.insert', 'write.end', 'summary'],
    ]);
    const numbers = taker.frames.flat().map((event) => event.number);
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
  });

  it('an idle store has no timer', () => {
    feed.add(() => new Taker());
    put();
    scheduler.advance(16);
    expect(scheduler.pendingTimers).toBe(0);
  });

  it('spends a budget, then the flags go down until the next frame', () => {
    const taker = feed.add(() => new Taker());
    for (let index = 0; index < 10_000; index++) put();
    expect(feed.write || feed.read || feed.entry).toBe(false);
    expect(feed.structural).toBe(true);
    feed.emit(ROTATE);
    scheduler.advance(16);
    const seen = taker.kinds.filter((kind) => kind === 'memtable.insert').length;
    expect(seen).toBeGreaterThan(50);
    expect(seen).toBeLessThan(1000);
    expect(seen + taker.leftOut).toBe(10_000);
    expect(taker.kinds.slice(-2)).toEqual(['wal.rotate', 'summary']);
    // The sample ended with an operation, not in the middle of one.
    expect(taker.kinds.filter((kind) => kind === 'write.end').length).toBe(seen);
    expect(feed.write && feed.read && feed.entry).toBe(true);
  });

  it('keeps no samples beyond the budget, even of kinds that come with the structure', () => {
    const taker = feed.add(() => new Taker());
    const block = {
      kind: 'table.block',
      job: 1,
      file: 1,
      blockKind: 'data',
      offset: 0,
      sizeBytes: 1,
      rawSizeBytes: 1,
      compression: 'none',
      entries: 1,
      restarts: 1,
      checksum: 1,
      fileSizeBytes: 1,
      fileEntries: 1,
    } as const;
    for (let index = 0; index < 20_000; index++) feed.emit({ ...block, block: index });
    feed.emit(ROTATE);
    scheduler.advance(16);
    expect(taker.kinds.length).toBeLessThan(2000);
    expect(taker.kinds).toContain('wal.rotate');
    expect(taker.frames[0]!.at(-1)!.number).toBe(20_001);
  });

  it('builds no samples while no taker could send them; tells structure and figures', () => {
    const taker = feed.add(() => new Taker());
    taker.isReady = false;
    scheduler.advance(16);
    feed.endFrame();
    for (let index = 0; index < 100; index++) put();
    feed.emit(ROTATE);
    scheduler.advance(16);
    expect(taker.kinds).toEqual(['wal.rotate', 'summary']);
    expect(taker.leftOut).toBe(100);
    taker.isReady = true;
    feed.shown(1, 1);
    scheduler.advance(16);
    put();
    scheduler.advance(16);
    expect(taker.kinds.slice(2)).toEqual(['memtable.insert', 'write.end', 'summary']);
  });

  it('tells of a fault after the frame that it is in', () => {
    let faults = 0;
    feed.onFault = () => faults++;
    feed.add(() => new Taker());
    feed.emit({ kind: 'error', code: 'IO', message: 'disk full', file: '', offset: -1 });
    expect(faults).toBe(0);
    scheduler.advance(16);
    expect(faults).toBe(1);
  });

  it('one who joins gets nothing from before and everything after', () => {
    const first = feed.add(() => new Taker());
    feed.emit(ROTATE);
    let numberAtJoining = 0;
    const second = feed.add(() => {
      numberAtJoining = feed.number;
      return new Taker();
    });
    feed.emit(DELETE);
    scheduler.advance(16);
    expect(first.kinds).toEqual(['wal.rotate', 'wal.delete']);
    expect(second.kinds).toEqual(['wal.delete']);
    expect(second.frames[0]![0]!.number).toBe(numberAtJoining + 1);
  });
});

describe('lockstep', () => {
  /** Whether the gate opens without anything else happening. */
  async function opens(passing: Promise<void>): Promise<boolean> {
    let isOpen = false;
    void passing.then(() => {
      isOpen = true;
    });
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    return isOpen;
  }

  it('sends each step at once and opens the gate when it was shown', async () => {
    const taker = feed.add(() => new Taker());
    feed.hold(1, 0);
    feed.emit(ROTATE);
    const passing = feed.gate!();
    expect(taker.kinds[0]).toBe('wal.rotate');
    expect(await opens(passing)).toBe(false);
    feed.shown(1, feed.number);
    expect(await opens(passing)).toBe(true);
  });

  it('leaves nothing out, however much it is', async () => {
    const taker = feed.add(() => new Taker());
    feed.hold(1, 0);
    for (let index = 0; index < 5000; index++) put();
    feed.endFrame();
    expect(taker.kinds.filter((kind) => kind === 'memtable.insert')).toHaveLength(5000);
    expect(taker.leftOut).toBe(0);
  });

  it('opens only when all who hold have shown it', async () => {
    feed.add(() => new Taker());
    feed.hold(1, 0);
    feed.hold(2, 0);
    feed.emit(ROTATE);
    const passing = feed.gate!();
    feed.shown(1, feed.number);
    expect(await opens(passing)).toBe(false);
    feed.shown(2, feed.number);
    expect(await opens(passing)).toBe(true);
  });

  it.each([
    ['the holder goes', () => feed.release(1)],
    ['the mode changes', () => feed.releaseAll()],
    ['the store closes', () => feed.close()],
  ])('opens for everyone waiting when %s', async (_how, release) => {
    feed.add(() => new Taker());
    feed.hold(1, 0);
    feed.emit(ROTATE);
    const first = feed.gate!();
    feed.emit(DELETE);
    const second = feed.gate!();
    release();
    expect(await opens(Promise.all([first, second]).then(() => undefined))).toBe(true);
    expect(feed.gate).toBeNull();
  });

  it('an acknowledgement of the future opens nothing that is not there yet', async () => {
    feed.add(() => new Taker());
    feed.hold(1, 5);
    for (let index = 0; index < 3; index++) feed.emit(ROTATE);
    expect(await opens(feed.gate!())).toBe(true);
    for (let index = 0; index < 3; index++) feed.emit(ROTATE);
    expect(await opens(feed.gate!())).toBe(false);
  });
});

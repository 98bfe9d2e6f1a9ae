import { describe, expect, test } from 'vitest';
import type { VfsFile, OpenMode } from '../../../src/base/vfs.ts';
import { RecordingSink } from '../recordingSink.ts';
import { Lsm } from '../../../src/engine/db.ts';
import { DIRECTORY, nextTurn, simulatedEnvironment } from '../simulatedWorld.ts';
import { bytes, newStore } from '../testStore.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';

/** A disk whose tables take as long to sync as the test wants. */
class SlowDisk extends SimulatedDisk {
  slow = true;
  private waiting: (() => void)[] = [];

  override open(path: string, mode: OpenMode): VfsFile {
    const file = super.open(path, mode);
    if (!path.endsWith('.sst')) return file;
    return {
      ...file,
      sync: async () => {
        if (this.slow) await new Promise<void>((resolve) => this.waiting.push(resolve));
        await file.sync();
      },
    };
  }

  /** Lets the table that has waited longest be synced. */
  release(): void {
    this.waiting.shift()?.();
  }

  /** From now on tables are synced at once. */
  hurry(): void {
    this.slow = false;
    for (const resolve of this.waiting) resolve();
  }
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await nextTurn();
}

describe('writers', () => {
  test('wait when too many sealed memtables wait for their flush', async () => {
    const disk = new SlowDisk();
    const events = new RecordingSink();
    const options = { memtableSize: 1024, maxImmutableMemtables: 2, events };
    const { store } = await newStore(options, disk);
    let written = 0;
    const writing = (async () => {
      for (; written < 60; written++) await store.put(bytes(`k${written}`), new Uint8Array(100));
    })();
    await turns(200);
    const stopped = written;
    await turns(50);
    expect(written).toBe(stopped);
    expect(stopped).toBeLessThan(40);
    expect(store.stats().immutableMemtables).toBe(2);
    expect(events.of('stall.begin')).toMatchObject([
      { severity: 'stop', limit: 'immutable-memtables', value: 2, limitValue: 2 },
    ]);
    expect(store.describe().families[0]!.stall).toMatchObject({ severity: 'stop' });
    disk.hurry();
    await writing;
    await store.waitForIdle();
    expect(events.of('stall.end').length).toBe(events.of('stall.begin').length);
    expect(store.describe().families[0]!.stall).toBeNull();
    expect(store.stats().counters.stallMicros).toBeGreaterThan(0);
    await store.close();
  });

  test('are slowed, then stopped, by tables in level 0', async () => {
    const disk = new SlowDisk();
    disk.slow = false;
    const events = new RecordingSink();
    const { store } = await newStore(
      { maxL0SSTables: 2, l0SlowdownTables: 2, l0StopTables: 3, events },
      disk,
    );
    const flushOne = async (key: string): Promise<void> => {
      await store.put(bytes(key), new Uint8Array(10));
      await store.flush();
    };
    await flushOne('a');
    disk.slow = true;
    const second = flushOne('a').catch(() => undefined);
    await turns(20);
    disk.hurry();
    disk.slow = true;
    await second;
    // The compaction of both tables hangs in its sync.
    await turns(20);
    const slowed = store.put(bytes('b'), new Uint8Array(10));
    await turns(10);
    await slowed;
    expect(events.of('stall.begin')).toMatchObject([
      { severity: 'slowdown', limit: 'l0-tables', value: 2, limitValue: 2 },
    ]);
    expect(store.describe().families[0]!.stall).toMatchObject({ severity: 'slowdown' });
    disk.hurry();
    await store.waitForIdle();
    expect(store.describe().families[0]!.stall).toBeNull();
    await store.close();
  });

  test('of one family go on while those of another still wait', async () => {
    const disk = new SlowDisk();
    const events = new RecordingSink();
    const options = { memtableSize: 1024, maxImmutableMemtables: 3, events };
    const { store } = await newStore(options, disk);
    const users = await store.createFamily('users');
    const stalled = (): number[] =>
      store.describe().families.flatMap(({ family, stall }) => (stall === null ? [] : [family]));
    for (const family of store.families) {
      // Two fill a memtable each, the third finds both waiting for their flush.
      for (const sizeBytes of [1100, 1100, 10]) {
        await store.put(bytes('k'), new Uint8Array(sizeBytes), { family });
      }
    }
    expect(events.of('stall.begin').map(({ family }) => family)).toEqual([0, users.id]);
    expect(stalled()).toEqual([0, users.id]);
    disk.release();
    await turns(30);
    expect(events.of('stall.end').map(({ family }) => family)).toEqual([0]);
    expect(stalled()).toEqual([users.id]);
    expect(store.properties().stall).toBeNull();
    expect(store.properties(users).stall).toMatchObject({ limit: 'immutable-memtables' });
    disk.hurry();
    await store.waitForIdle();
    expect(stalled()).toEqual([]);
    expect(events.of('stall.end')).toHaveLength(2);
    await store.close();
  });

  test('of a family that is dropped are held back no more', async () => {
    const disk = new SlowDisk();
    const events = new RecordingSink();
    const options = { memtableSize: 1024, maxImmutableMemtables: 1, events };
    const { store } = await newStore(options, disk);
    const users = await store.createFamily('users');
    const put = (): Promise<void> =>
      store.put(bytes('k'), new Uint8Array(1100), { family: users }).catch(() => undefined);
    await put();
    await put();
    const writing = put();
    await turns(20);
    expect(events.of('stall.begin')).toMatchObject([{ family: users.id, severity: 'stop' }]);
    const dropping = store.dropFamily(users);
    disk.hurry();
    await Promise.all([writing, dropping]);
    expect(events.of('stall.end')).toMatchObject([{ family: users.id }]);
    await store.close();
  });

  test('are slowed, then stopped, by bytes that wait to be compacted', async () => {
    const disk = new SlowDisk();
    disk.slow = false;
    const events = new RecordingSink();
    const limits = { pendingBytesSlowdown: 3000, pendingBytesStop: 6500 };
    const { store } = await newStore({ maxL0SSTables: 1, ...limits, events }, disk);
    const flushOne = async (): Promise<void> => {
      await store.put(bytes('a'), new Uint8Array(2000));
      await store.flush();
    };
    // The first table is moved into level 1.
    await flushOne();
    await store.waitForIdle();
    disk.slow = true;
    const second = flushOne();
    await turns(20);
    disk.hurry();
    disk.slow = true;
    await second;
    // The merge with the first hangs in its sync.
    await turns(20);
    await store.put(bytes('b'), new Uint8Array(3000));
    expect(events.of('stall.begin')).toMatchObject([
      { severity: 'slowdown', limit: 'pending-bytes', limitValue: 3000 },
    ]);
    disk.slow = false;
    await store.flush();
    const stopped = store.put(bytes('c'), new Uint8Array(10));
    await turns(20);
    expect(store.describe().families[0]!.stall).toMatchObject({
      severity: 'stop',
      limit: 'pending-bytes',
      limitValue: 6500,
    });
    disk.hurry();
    await stopped;
    await store.waitForIdle();
    expect(store.describe().families[0]!.stall).toBeNull();
    expect(events.of('stall.end')).toHaveLength(1);
    const { counters } = store.stats();
    expect(counters.stallPendingBytesMicros).toBeGreaterThan(0);
    expect(counters.stallMicros).toBe(
      counters.stallMemtablesMicros + counters.stallL0Micros + counters.stallPendingBytesMicros,
    );
    await store.close();
  });

  test('are slowed when all but one memtable wait, and go on when the store closes', async () => {
    const disk = new SlowDisk();
    const events = new RecordingSink();
    const { store } = await newStore(
      { memtableSize: 1024, maxImmutableMemtables: 3, events },
      disk,
    );
    for (let key = 0; key < 26; key++) await store.put(bytes(`k${key}`), new Uint8Array(100));
    expect(events.of('stall.begin')).toMatchObject([
      { severity: 'slowdown', limit: 'immutable-memtables', value: 2, limitValue: 2 },
    ]);
    expect(store.stats().counters.stallMemtablesMicros).toBeGreaterThan(0);
    const last = store.put(bytes('last'), new Uint8Array(10));
    const closed = store.close();
    await turns(20);
    disk.hurry();
    await Promise.all([last, closed]);
  });

  test('pay for their bytes together: small groups sleep when a millisecond is owed', async () => {
    const disk = new SimulatedDisk();
    const sleeps: number[] = [];
    const environment = simulatedEnvironment(7, disk);
    const { scheduler } = environment;
    const recording = {
      turn: () => scheduler.turn(),
      sleep: (millis: number) => {
        sleeps.push(millis);
        return scheduler.sleep(millis);
      },
      after: (millis: number, callback: () => void) => scheduler.after(millis, callback),
    };
    const store = await Lsm.open(
      DIRECTORY,
      { ...environment, scheduler: recording },
      {
        ...{ compaction: 'size-tiered', tierRuns: 16, l0SlowdownTables: 1, l0StopTables: 1000 },
        delayedWriteRate: 1024 * 1024,
      },
    );
    await store.put(bytes('a'), bytes('1'));
    await store.flush();
    for (let key = 0; key < 40; key++) await store.put(bytes(`k${key}`), new Uint8Array(200));
    // 40 groups of some 300 bytes: eleven milliseconds or so at that rate.
    expect(sleeps.length).toBeGreaterThan(4);
    expect(sleeps.length).toBeLessThan(40);
    await store.close();
  });

  test('options that would make them wait for ever are refused', async () => {
    await expect(
      newStore({ pendingBytesSlowdown: 5000, pendingBytesStop: 4000 }),
    ).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
});

import { describe, expect, test } from 'vitest';
import type { VfsFile, OpenMode } from '../../../src/base/vfs.ts';
import { RecordingSink } from '../recordingSink.ts';
import { SimulatedDisk, nextTurn } from '../simulatedWorld.ts';
import { bytes, newStore } from '../testStore.ts';

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
    expect(store.describe().stall).toMatchObject({ severity: 'stop' });
    disk.hurry();
    await writing;
    await store.waitForIdle();
    expect(events.of('stall.end').length).toBe(events.of('stall.begin').length);
    expect(store.describe().stall).toBeNull();
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
    expect(store.describe().stall).toMatchObject({ severity: 'slowdown' });
    disk.hurry();
    await store.waitForIdle();
    expect(store.describe().stall).toBeNull();
    await store.close();
  });
});

// How a merge cuts its outputs, and how a job that is stopped cleans up.

import { describe, expect, test } from 'vitest';
import { LsmError } from '../../../src/base/errors.ts';
import { RecordingSink } from '../recordingSink.ts';
import { bytes, namesOn, newStore, openOn, texts } from '../testStore.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';

const SMALL = { blockSize: 128, targetTableSize: 1024, maxL0SSTables: 100 };

describe('outputs of a merge', () => {
  test('never divide the versions of a key, however many a snapshot keeps', async () => {
    const { store } = await newStore(SMALL);
    const snapshots = [];
    for (let version = 0; version < 40; version++) {
      await store.put(bytes('often'), new Uint8Array(100).fill(version));
      snapshots.push(store.snapshot());
    }
    for (const key of ['a', 'z']) await store.put(bytes(key), new Uint8Array(1200));
    await store.compactRange();
    const { tables } = store.describe().families[0]!.levels[1]!;
    expect(tables.map(({ entries }) => entries)).toEqual([1, 40, 1]);
    expect(tables[1]!.sizeBytes).toBeGreaterThan(3 * SMALL.targetTableSize);
    for (const [version, snapshot] of snapshots.entries()) {
      expect(store.getSync(bytes('often'), { snapshot })![0]).toBe(version);
    }
    await store.close();
  });

  test('have about the target size', async () => {
    const { store } = await newStore(SMALL);
    for (let key = 0; key < 200; key++) {
      await store.put(bytes(`k${key + 100}`), new Uint8Array(40));
    }
    await store.compactRange();
    const { tables } = store.describe().families[0]!.levels[1]!;
    expect(tables.length).toBeGreaterThan(5);
    const data = tables.map(
      ({ sizeBytes, filterSizeBytes, indexSizeBytes }) =>
        sizeBytes - filterSizeBytes - indexSizeBytes,
    );
    // Properties and footer come on top of what was counted when the table was closed.
    for (const sizeBytes of data.slice(0, -1)) {
      expect(sizeBytes).toBeGreaterThanOrEqual(SMALL.targetTableSize);
      expect(sizeBytes).toBeLessThan(SMALL.targetTableSize + 2 * SMALL.blockSize + 1024);
    }
    await store.close();
  });

  test('are one run, numbered as the newest input under the size-tiered strategy', async () => {
    const options = { ...SMALL, compaction: 'size-tiered', tierRuns: 3 } as const;
    const { store } = await newStore(options);
    for (let flush = 0; flush < 3; flush++) {
      for (let key = 0; key < 40; key++) await store.put(bytes(`k${key}`), new Uint8Array(40));
      await store.flush();
    }
    await store.waitForIdle();
    const [first, second] = store.describe().families[0]!.levels;
    expect(first!.tables).toEqual([]);
    expect(new Set(second!.tables.map(({ run }) => run)).size).toBe(1);
    const run = second!.tables[0]!.run;
    for (const { file } of second!.tables) expect(file).toBeGreaterThan(run);
    await store.close();
  });
});

describe('a merge that ends early', () => {
  test('takes its outputs away when the disk fails, and the inputs stay', async () => {
    const disk = new SimulatedDisk();
    const { store } = await newStore(SMALL, disk);
    for (let key = 0; key < 100; key++) await store.put(bytes(`k${key}`), new Uint8Array(60));
    await store.flush();
    const before = namesOn(disk).filter((name) => name.endsWith('.sst'));
    let created = 0;
    disk.shouldFail = (call, path) => call === 'create' && path.endsWith('.sst') && ++created > 4;
    await expect(store.compactRange()).rejects.toThrow(LsmError);
    disk.shouldFail = () => false;
    expect(created).toBeGreaterThan(4);
    expect(namesOn(disk).filter((name) => name.endsWith('.sst'))).toEqual(before);
    await store.close();
    const again = await openOn(disk, SMALL);
    expect(texts(again)).toHaveLength(100);
    await again.close();
  });

  test('is told as cancelled when the store closes', async () => {
    const events = new RecordingSink();
    const options = { ...SMALL, maxL0SSTables: 2, events };
    const { store, disk } = await newStore(options);
    for (let flush = 0; flush < 2; flush++) {
      for (let key = 0; key < 1500; key++) await store.put(bytes(`k${key}`), new Uint8Array(10));
      await store.flush();
    }
    while (events.of('compaction.progress').length === 0) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    const writing = store.put(bytes('last'), bytes('write'));
    await store.close();
    await writing;
    expect(events.of('compaction.end')).toMatchObject([{ outcome: 'cancelled' }]);
    const again = await openOn(disk, SMALL);
    expect(texts(again)).toHaveLength(1501);
    await again.close();
  });
});

describe('the manifest', () => {
  test('is begun anew when it has grown, and says the same', async () => {
    const events = new RecordingSink();
    const { store, disk } = await newStore({ ...SMALL, events });
    const long = (byte: number): Uint8Array => new Uint8Array(300_000).fill(byte);
    for (let byte = 1; byte <= 6; byte++) {
      await store.put(long(byte), bytes(`v${byte}`));
      await store.flush();
    }
    const [rotation] = events.of('manifest.rotate');
    expect(rotation).toMatchObject({ from: 'MANIFEST-000001' });
    const manifests = namesOn(disk).filter((name) => name.startsWith('MANIFEST'));
    expect(manifests).toEqual([events.of('manifest.rotate').at(-1)!.to]);
    const killed = await openOn(disk.afterKill(), SMALL);
    expect([...killed.entries()].length).toBe(6);
    await killed.close();
    await store.close();
  });
});

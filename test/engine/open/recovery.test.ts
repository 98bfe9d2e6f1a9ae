import { describe, expect, test } from 'vitest';
import { RecordingSink } from '../recordingSink.ts';
import { DIRECTORY } from '../simulatedWorld.ts';
import { bytes, getText, namesOn, newStore, openOn, putAll, texts } from '../testStore.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';

const logsOn = (disk: SimulatedDisk): string[] =>
  namesOn(disk).filter((name) => name.endsWith('.log'));

describe('after a kill', () => {
  test('the log gives back what no table has', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1', b: '2' });
    await store.flush();
    await putAll(store, { b: 'new', c: '3' });
    await store.delete(bytes('a'));
    const sink = new RecordingSink();
    const again = await openOn(disk.afterKill(), { events: sink });
    expect(texts(again)).toEqual(['b=new', 'c=3']);
    expect(again.gauges().lastSequence).toBe(5);
    expect(sink.kinds().slice(0, 3)).toEqual(['recovery.begin', 'recovery.wal', 'recovery.end']);
    expect(sink.of('recovery.wal')[0]).toMatchObject({ verdict: 'whole', entries: 3, records: 3 });
    expect(sink.of('recovery.end')[0]).toMatchObject({ tables: 1, walEntries: 3, lastSequence: 5 });
    await again.close();
    await store.close();
  });

  test('a record cut in the middle is cut off, and the next log goes on', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1', b: '2' });
    const [log] = logsOn(disk);
    const killed = disk.afterKill();
    const content = killed.contents().get(log!)!;
    killed.place(log!, content.slice(0, content.length - 3));
    const sink = new RecordingSink();
    let again = await openOn(killed, { events: sink });
    expect(sink.of('recovery.wal')[0]).toMatchObject({ verdict: 'torn', records: 1 });
    expect(texts(again)).toEqual(['a=1']);
    await putAll(again, { c: '3' });
    const twice = killed.afterKill();
    await again.close();
    again = await openOn(twice);
    expect(texts(again)).toEqual(['a=1', 'c=3']);
    await again.close();
    await store.close();
  });

  test('damage before something durable is refused, and nothing is changed', async () => {
    const { store, disk } = await newStore();
    await store.put(bytes('a'), bytes('1'), { sync: true });
    await store.put(bytes('b'), bytes('2'), { sync: true });
    const killed = disk.afterKill();
    const [log] = logsOn(killed);
    const content = killed.contents().get(log!)!;
    content[60]! ^= 1;
    killed.place(log!, content);
    // The killed process' lock is taken over and released.
    killed.remove(killed.join(DIRECTORY, 'LOCK'));
    const before = killed.contents();
    await expect(openOn(killed)).rejects.toMatchObject({ code: 'CORRUPTION', file: log });
    expect(killed.contents()).toEqual(before);
    await store.close();
  });
});

describe('after a kill and a power failure later', () => {
  test('a log whose end only the cache had when it was opened is whole', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1' });
    let atEnd: SimulatedDisk | undefined;
    disk.onChange = (call, path) => {
      if (call === 'write' && path.endsWith('.log')) atEnd = disk.afterKill();
    };
    await store.close();
    const again = await openOn(atEnd!);
    await again.put(bytes('b'), bytes('2'), { sync: true });
    const later = await openOn(atEnd!.afterPowerFailure(undefined));
    expect(texts(later)).toEqual(['a=1', 'b=2']);
    await later.close();
    await again.close();
  });
});

describe('opening', () => {
  test('takes away what interrupted jobs left, and reports what is none of ours', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1' });
    await store.flush();
    await store.close();
    const ours = namesOn(disk);
    const table = disk.contents().get(ours.find((name) => name.endsWith('.sst'))!)!;
    disk.place('000900.sst', table);
    disk.place('000901.tmp', bytes('half'));
    disk.place('MANIFEST-000902', bytes('old'));
    disk.place('000903.log', new Uint8Array(0));
    disk.place('notes.txt', bytes('mine'));
    const again = await openOn(disk);
    const names = namesOn(disk);
    for (const gone of ['000900.sst', '000901.tmp', 'MANIFEST-000902', '000903.log']) {
      expect(names).not.toContain(gone);
    }
    expect(names).toContain('notes.txt');
    expect(again.describe().problems).toMatchObject([{ code: 'UNKNOWN_FILE', file: 'notes.txt' }]);
    // No number is used twice, not even one that only an orphan had.
    await putAll(again, { b: '2' });
    await again.flush();
    const newest = again.describe().families[0]!.levels[0]!.tables[0]!;
    expect(newest.file).toBeGreaterThan(903);
    await again.close();
  });

  test('again and again does not gather log segments without end', async () => {
    const { store, disk } = await newStore();
    await store.close();
    for (let round = 0; round < 30; round++) {
      const again = await openOn(disk);
      await putAll(again, { [`k${round}`]: `v${round}` });
      await again.close();
      expect(logsOn(disk).length).toBeLessThanOrEqual(12);
    }
    const last = await openOn(disk);
    expect(texts(last)).toHaveLength(30);
    await last.close();
  });

  test('with a smaller memtable flushes what the log has in pieces', async () => {
    const { store, disk } = await newStore();
    for (let key = 0; key < 100; key++) await store.put(bytes(`k${key}`), new Uint8Array(100));
    await store.close();
    const again = await openOn(disk, { memtableSize: 2048 });
    await again.waitForIdle();
    expect(again.stats().tables).toBeGreaterThan(3);
    expect(texts(again)).toHaveLength(100);
    const killed = disk.afterKill();
    await again.close();
    const last = await openOn(killed);
    expect(texts(last)).toHaveLength(100);
    await last.close();
  });

  test('under the other strategy rearranges the tables and keeps every answer', async () => {
    const small = { memtableSize: 1024, blockSize: 128, maxL0SSTables: 2, tierRuns: 3 };
    const disk = new SimulatedDisk();
    for (const compaction of ['size-tiered', 'leveled', 'size-tiered', 'leveled'] as const) {
      const store = await openOn(disk, { ...small, compaction, targetTableSize: 1024 });
      for (let key = 0; key < 60; key++) {
        await store.put(bytes(`k${key}`), bytes(`${compaction} `.repeat(5)));
      }
      await store.waitForIdle();
      expect(texts(store)).toHaveLength(60);
      expect(await getText(store, 'k7')).toBe(`${compaction} `.repeat(5));
      const deeper = store.describe().families[0]!.levels.slice(1);
      const runs = deeper.map(({ tables }) => new Set(tables.map(({ run }) => run)).size);
      expect(Math.max(...runs)).toBeLessThanOrEqual(compaction === 'leveled' ? 1 : 3);
      await store.close();
    }
  });

  test('a CURRENT that names no manifest is refused', async () => {
    const { store, disk } = await newStore();
    await store.close();
    expect(disk.stat(disk.join(DIRECTORY, 'CURRENT'))).toBeDefined();
    disk.place('CURRENT', bytes('MANIFEST-000001'));
    await expect(openOn(disk)).rejects.toThrow(/CURRENT at byte 0: it must name a manifest/);
  });
});

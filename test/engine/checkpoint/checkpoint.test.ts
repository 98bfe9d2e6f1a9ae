// A checkpoint opens as a store with exactly the state of one moment, whatever goes on meanwhile;
// what a crash or a failing disk leaves of one is never taken for a store, and harms nothing.

import { describe, expect, test } from 'vitest';
import { LsmError } from '../../../src/base/errors.ts';
import { Random } from '../../../src/base/random.ts';
import { Lsm } from '../../../src/engine/db.ts';
import { verifyStore } from '../../../src/engine/verify.ts';
import { RecordingSink } from '../recordingSink.ts';
import { DIRECTORY, simulatedEnvironment } from '../simulatedWorld.ts';
import { bytes, getText, newStore, openOn, putAll, texts } from '../testStore.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';

const COPY = '/copy';

const TINY = { memtableSize: 1024, blockSize: 128, maxL0SSTables: 2, levelBaseSize: 2048 };

function openCopy(disk: SimulatedDisk): Promise<Lsm> {
  return Lsm.open(COPY, simulatedEnvironment(9, disk), { createIfMissing: false });
}

/** Tables in several levels, sealed memtables' logs, and entries in the active one. */
async function filledStore(
  disk = new SimulatedDisk(),
): Promise<{ store: Lsm; disk: SimulatedDisk }> {
  const { store } = await newStore(TINY, disk);
  for (let key = 0; key < 120; key++) {
    await store.put(bytes(`key${key % 40}`), bytes(`value ${key} ${'x'.repeat(20)}`));
  }
  await store.delete(bytes('key7'), { sync: true });
  return { store, disk };
}

describe('a checkpoint', () => {
  test('has the state of its moment, tables and log alike, and verifies', async () => {
    const { store, disk } = await filledStore();
    const before = texts(store);
    const made = store.checkpoint(COPY);
    const meanwhile = [store.put(bytes('later'), bytes('1')), store.delete(bytes('key1'))];
    const { sequence, tables } = await made;
    await Promise.all(meanwhile);
    expect(sequence).toBe(121);
    expect(tables).toBeGreaterThan(0);
    await store.compactRange();
    const report = await verifyStore(COPY, simulatedEnvironment(9, disk));
    expect(report).toMatchObject({ ok: true, problems: [] });
    const copy = await openCopy(disk);
    expect(texts(copy)).toEqual(before);
    await copy.put(bytes('later'), bytes('in the copy'));
    await copy.compactRange();
    expect(await getText(copy, 'later')).toBe('in the copy');
    expect(await getText(store, 'later')).toBe('1');
    await copy.close();
    await store.close();
  });

  test('is of one moment, while writers seal memtables and log files are used again', async () => {
    const disk = new SimulatedDisk();
    const { store } = await newStore({ ...TINY, recycleLogs: 4 }, disk);
    const states = [texts(store)];
    const write = async (writes: number): Promise<void> => {
      for (let step = 0; step < writes; step++) {
        await store.put(bytes(`key${step % 30}`), bytes(`${states.length} ${'x'.repeat(40)}`));
        states.push(texts(store));
      }
    };
    await write(60);
    for (let round = 0; round < 4; round++) {
      const directory = `${COPY}${round}`;
      const [{ sequence }] = await Promise.all([store.checkpoint(directory), write(60)]);
      const environment = simulatedEnvironment(9, disk);
      const copy = await Lsm.open(directory, environment, { createIfMissing: false });
      expect(texts(copy)).toEqual(states[sequence]);
      await copy.close();
    }
    await store.close();
  });

  test('shares its tables with the store: neither harms the other', async () => {
    const { store, disk } = await filledStore();
    await store.flush();
    await store.waitForIdle();
    const before = texts(store);
    await store.checkpoint(COPY);
    const copy = await openCopy(disk);
    for (const other of [store, copy]) {
      for (let key = 0; key < 60; key++) await other.put(bytes(`new${key}`), bytes('v'.repeat(40)));
      await other.compactRange();
    }
    await store.close();
    const again = await openOn(disk, TINY);
    const old = ({ to }: { to: Uint8Array }, of: Lsm): string[] => texts(of, { to });
    expect(old({ to: bytes('new') }, again)).toEqual(before);
    expect(old({ to: bytes('new') }, copy)).toEqual(before);
    await copy.close();
    await again.close();
  });

  test('of a store that is empty, read-only, or a checkpoint itself', async () => {
    const { store, disk } = await newStore();
    await store.checkpoint(COPY);
    const copy = await openCopy(disk);
    expect(texts(copy)).toEqual([]);
    await putAll(copy, { a: '1' });
    await copy.checkpoint('/second');
    await copy.close();
    await store.close();
    const environment = simulatedEnvironment(9, disk);
    const reader = await Lsm.open('/second', environment, { readOnly: true });
    await reader.checkpoint('/third');
    await reader.close();
    const third = await Lsm.open('/third', environment, { createIfMissing: false });
    expect(texts(third)).toEqual(['a=1']);
    await third.close();
  });

  test('needs a directory of its own', async () => {
    const { store, disk } = await filledStore();
    const refusal = { code: 'INVALID_ARGUMENT' };
    await expect(store.checkpoint(DIRECTORY)).rejects.toMatchObject(refusal);
    disk.makeDirectory(COPY);
    await store.checkpoint(COPY);
    await expect(store.checkpoint(COPY)).rejects.toMatchObject(refusal);
    await store.close();
    await expect(store.checkpoint('/other')).rejects.toMatchObject({ code: 'NOT_OPEN' });
  });

  test('copies tables where the disk cannot link, and tells', async () => {
    const events = new RecordingSink();
    const disk = new SimulatedDisk();
    const { store } = await newStore({ events }, disk);
    await putAll(store, { a: '1' });
    await store.flush();
    disk.shouldFail = (call) => call === 'link' && { kind: 'refuse', systemCode: 'EXDEV' };
    const { copiedBytes, tables } = await store.checkpoint(COPY);
    expect(tables).toBe(1);
    expect(copiedBytes).toBeGreaterThan(store.stats().levels[0]!.sizeBytes);
    expect(events.of('checkpoint.create')).toMatchObject([
      { directory: COPY, sequence: 1, tables: 1, copiedBytes },
    ]);
    const copy = await openCopy(disk);
    expect(texts(copy)).toEqual(['a=1']);
    await copy.close();
    await store.close();
  });
});

describe('a checkpoint that does not come to its end', () => {
  test('a failing disk: it is taken away, and a second attempt succeeds', async () => {
    for (let failing = 1; ; failing += 2) {
      const { store, disk } = await filledStore();
      await store.waitForIdle();
      const before = texts(store);
      const start = disk.calls;
      disk.shouldFail = (_call, path, number) =>
        path.startsWith(COPY) && number === start + failing;
      const outcome = await store.checkpoint(COPY).then(
        () => 'made',
        (thrown: LsmError) => thrown.code,
      );
      const tried = disk.calls - start;
      disk.shouldFail = () => false;
      expect(store.failure).toBeUndefined();
      expect(outcome === 'made' ? [] : disk.list(COPY)).toEqual([]);
      if (outcome !== 'made') await store.checkpoint(COPY);
      const copy = await openCopy(disk);
      expect(texts(copy)).toEqual(before);
      await copy.close();
      await store.close();
      if (tried < failing) break;
    }
  });

  test('a power failure at any call: no store, or the whole one', async () => {
    let whole = 0;
    let none = 0;
    for (let last = 1; ; last += 4) {
      const { store, disk } = await filledStore();
      await store.waitForIdle();
      const before = texts(store);
      const start = disk.calls;
      disk.shouldFail = (_call, _path, number) => number > start + last;
      await store.checkpoint(COPY).catch(() => undefined);
      const came = disk.calls - start <= last;
      for (const random of [undefined, new Random(last)]) {
        const after = disk.afterPowerFailure(random);
        const copy = await openCopy(after).catch((thrown: unknown) => thrown);
        const isWhole = copy instanceof Lsm;
        expect(isWhole ? texts(copy) : before).toEqual(before);
        expect(isWhole || copy instanceof LsmError).toBe(true);
        if (isWhole) await copy.close();
        if (isWhole) whole++;
        else none++;
        const source = await openOn(after, TINY);
        expect(texts(source)).toEqual(before);
        await source.close();
      }
      await store.close().catch(() => undefined);
      if (came) break;
    }
    expect(whole).toBeGreaterThan(1);
    expect(none).toBeGreaterThan(1);
  });
});

// The hooks: what is told, in which order, and that telling changes nothing.

import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Lsm } from '../../src/engine/db.ts';
import type { LsmOptions } from '../../src/engine/options.ts';
import { WriteBatch } from '../../src/engine/writeBatch.ts';
import type { LsmEvent } from '../../src/protocol/events.ts';
import { RecordingSink } from './recordingSink.ts';
import { DIRECTORY, simulatedEnvironment } from './simulatedWorld.ts';
import { bytes, newStore, putAll } from './testStore.ts';
import { SimulatedDisk } from '../reliability/disk/simulatedDisk.ts';

/** What a sink heard while `work` ran. */
async function heard(sink: RecordingSink, work: () => Promise<unknown>): Promise<LsmEvent[]> {
  const before = sink.events.length;
  await work();
  return sink.events.slice(before);
}

const kinds = (events: readonly LsmEvent[]): string[] => events.map((event) => event.kind);

describe('a write', () => {
  test('tells its way from the call to the acknowledgement', async () => {
    const sink = new RecordingSink();
    const { store } = await newStore({ events: sink });
    const operation = store.nextOperation();
    const events = await heard(sink, () =>
      store.put(bytes('key'), bytes('value'), { sync: true, operation }),
    );
    expect(kinds(events)).toEqual([
      'write.begin',
      'write.group',
      'wal.append',
      'wal.sync',
      'memtable.insert',
      'write.end',
    ]);
    expect(events[0]).toMatchObject({ operation, entryCount: 1, sizeBytes: 8, sync: true });
    expect(events[1]).toMatchObject({ operations: [operation], firstSequence: 1 });
    expect(events[2]).toMatchObject({ offset: 32, walRecords: 1, walRecordsUnsynced: 1 });
    expect(events[3]).toMatchObject({ walRecordsUnsynced: 0 });
    expect(events[4]).toMatchObject({ operation, sequence: 1, entries: 1, key: bytes('key') });
    expect(events[5]).toMatchObject({ operation, durable: true, lastSequence: 1 });
    const unsynced = await heard(sink, () => store.put(bytes('key'), bytes('again')));
    expect(kinds(unsynced)).not.toContain('wal.sync');
    expect(unsynced.at(-1)).toMatchObject({ durable: false });
    await store.close();
  });

  test('of several callers in one turn is one group, one record and one sync', async () => {
    const sink = new RecordingSink();
    const { store } = await newStore({ events: sink });
    const events = await heard(sink, () =>
      Promise.all([
        store.put(bytes('a'), bytes('1')),
        store.write(new WriteBatch().put(bytes('b'), bytes('2')).delete(bytes('c'))),
        store.put(bytes('d'), bytes('4'), { sync: true }),
      ]),
    );
    const count = (kind: string): number => kinds(events).filter((each) => each === kind).length;
    expect(
      ['write.begin', 'write.group', 'wal.append', 'wal.sync', 'write.end'].map(count),
    ).toEqual([3, 1, 1, 1, 3]);
    const inserts = events.filter((event) => event.kind === 'memtable.insert');
    expect(inserts.map(({ operation }) => operation)).toEqual([1, 2, 2, 3]);
    const begins = events.filter((event) => event.kind === 'write.begin');
    expect(begins[1]!.entries.map(({ kind, key }) => [kind, key])).toEqual([
      ['put', bytes('b')],
      ['delete', bytes('c')],
    ]);
    const ends = events.filter((event) => event.kind === 'write.end');
    expect(ends.map(({ firstSequence, lastSequence }) => [firstSequence, lastSequence])).toEqual([
      [1, 1],
      [2, 3],
      [4, 4],
    ]);
    await store.close();
  });
});

describe('a flush', () => {
  test('tells of each entry, block and part, and deletes the log only after its edit', async () => {
    const sink = new RecordingSink();
    const { store } = await newStore({ events: sink, blockSize: 64 });
    await putAll(store, { a: '1'.repeat(50), b: '2'.repeat(50), c: '3' });
    const events = await heard(sink, () => store.flush());
    const interesting = kinds(events).filter((kind) => kind !== 'table.block');
    expect(interesting).toEqual([
      'wal.sync',
      'manifest.edit',
      'memtable.seal',
      'wal.rotate',
      'flush.begin',
      'table.entry',
      'table.entry',
      'table.entry',
      'table.filter',
      'table.create',
      'manifest.edit',
      'wal.delete',
      'flush.end',
    ]);
    const blocks = events.filter((event) => event.kind === 'table.block');
    expect(blocks.map(({ blockKind }) => blockKind)).toEqual([
      'data',
      'data',
      'filter',
      'index',
      'properties',
      'footer',
    ]);
    expect(events.at(-1)).toMatchObject({ outcome: 'done' });
    await store.close();
  });
});

describe('a compaction', () => {
  test('tells its pick, and of each entry its source and why it stays or goes', async () => {
    const sink = new RecordingSink();
    const { store } = await newStore({ events: sink, maxL0SSTables: 2 });
    await putAll(store, { a: 'old', b: 'old', c: 'old' });
    await store.flush();
    const snapshot = store.snapshot();
    await putAll(store, { a: 'new' });
    await store.delete(bytes('b'));
    const events = await heard(sink, async () => {
      await store.flush();
      await store.waitForIdle();
    });
    const pick = events.find((event) => event.kind === 'compaction.pick')!;
    expect(pick.candidates[0]).toMatchObject({ level: 0, value: 2, limit: 2, chosen: true });
    const begin = events.find((event) => event.kind === 'compaction.begin')!;
    expect(begin).toMatchObject({ manner: 'merge', snapshots: [3], outputLevel: 1, entries: 5 });
    const entries = events.filter((event) => event.kind === 'compaction.entry');
    expect(
      entries.map(({ key, sequence, decision }) => [
        String.fromCharCode(...key),
        sequence,
        decision,
      ]),
    ).toEqual([
      ['a', 4, { verdict: 'keep', because: 'newest-version' }],
      ['a', 1, { verdict: 'keep', because: 'snapshot-needs-it', snapshot: 3 }],
      ['b', 5, { verdict: 'keep', because: 'tombstone-hides-kept', kept: 2 }],
      ['b', 2, { verdict: 'keep', because: 'snapshot-needs-it', snapshot: 3 }],
      ['c', 3, { verdict: 'keep', because: 'newest-version' }],
    ]);
    expect(entries[0]!.heads.map((head) => head?.sequence)).toEqual([4, 1]);
    expect(entries[4]!.heads.map((head) => head?.sequence)).toEqual([undefined, 3]);
    snapshot.release();
    const after = await heard(sink, () => store.compactRange());
    const dropped = after.filter((event) => event.kind === 'compaction.entry');
    expect(dropped.map(({ decision }) => decision)).toEqual([
      { verdict: 'keep', because: 'newest-version' },
      { verdict: 'drop', because: 'shadowed', by: 4 },
      { verdict: 'drop', because: 'tombstone-nothing-older-below' },
      { verdict: 'drop', because: 'shadowed', by: 5 },
      { verdict: 'keep', because: 'newest-version' },
    ]);
    const end = after.find((event) => event.kind === 'compaction.end')!;
    const { entriesIn, entriesOut, shadowed, tombstonesDropped } = end.totals;
    expect([entriesIn, entriesOut, shadowed, tombstonesDropped]).toEqual([5, 2, 2, 1]);
    const order = kinds(after);
    expect(order.lastIndexOf('table.create')).toBeLessThan(order.indexOf('manifest.edit'));
    expect(order.indexOf('manifest.edit')).toBeLessThan(order.indexOf('table.delete'));
    await store.close();
  });
});

describe('a get', () => {
  test('tells of every place it asks, and stops where it finds', async () => {
    const sink = new RecordingSink();
    const { store } = await newStore({ events: sink });
    await putAll(store, { a: '1', m: '2', z: '3' });
    await store.compactRange();
    await putAll(store, { x: 'other' });
    await store.flush();
    await putAll(store, { b: 'new' });
    const found = await heard(sink, () => store.get(bytes('m')));
    expect(kinds(found)).toEqual([
      'get.begin',
      'memtable.lookup',
      'table.skip',
      'filter.check',
      'index.seek',
      'block.read',
      'block.search',
      'get.end',
    ]);
    expect(found.at(-1)).toMatchObject({
      result: 'found',
      source: 'table',
      level: 1,
      tablesConsidered: 1,
      blocksRead: 1,
      blocksFromCache: 0,
    });
    const again = await heard(sink, () => store.get(bytes('m')));
    expect(again.at(-1)).toMatchObject({ blocksRead: 0, blocksFromCache: 1 });
    const inMemory = await heard(sink, () => store.get(bytes('b')));
    expect(kinds(inMemory)).toEqual(['get.begin', 'memtable.lookup', 'get.end']);
    const absent = await heard(sink, () => store.get(bytes('mm')));
    expect(absent.at(-1)).toMatchObject({ result: 'absent', source: 'none', filterNegatives: 1 });
    await store.close();
  });
});

describe('a scan', () => {
  test('tells its begin and its end', async () => {
    const sink = new RecordingSink();
    const { store } = await newStore({ events: sink });
    await putAll(store, { a: '1', b: '2', c: '3' });
    await store.delete(bytes('b'));
    const events = await heard(sink, async () => [...store.entries({ reverse: true })]);
    expect(kinds(events)).toEqual(['scan.begin', 'scan.end']);
    expect(events[1]).toMatchObject({ entries: 2, tombstonesSkipped: 1 });
    await store.close();
  });
});

/** A life with everything in it. */
async function life(options: LsmOptions, disk: SimulatedDisk): Promise<void> {
  const open = (): Promise<Lsm> => Lsm.open(DIRECTORY, simulatedEnvironment(3, disk), options);
  let store = await open();
  for (let round = 0; round < 3; round++) {
    for (let key = 0; key < 40; key++) {
      await store.put(bytes(`k${(key * 7) % 40}`), new Uint8Array(60).fill(round));
      if (key % 5 === 0) await store.delete(bytes(`k${key + 1}`));
      if (key % 9 === 0) await store.get(bytes(`k${key}`));
    }
    const snapshot = store.snapshot();
    expect([...store.entries({ snapshot })].length).toBeGreaterThan(0);
    await store.waitForIdle();
    snapshot.release();
    await transact(store, round);
    if (round === 1) await store.compactRange();
    await store.close();
    store = await open();
  }
  await store.close();
}

/** One that commits after a savepoint was taken back, and one that meets it. */
async function transact(store: Lsm, round: number): Promise<void> {
  const [first, second] = [store.transaction(), store.transaction({ isolation: 'snapshot' })];
  for (const transaction of [first, second]) {
    await transaction.getForUpdate(bytes('k7'));
    transaction.put(bytes('k7'), new Uint8Array(40).fill(round));
    transaction.setSavepoint();
    expect([...transaction.entries({ limit: 5 })]).toHaveLength(5);
    transaction.deleteRange(bytes('k2'), bytes('k3')).rollbackToSavepoint();
  }
  await first.commit();
  await expect(second.commit()).rejects.toMatchObject({ code: 'CONFLICT' });
}

describe('listening', () => {
  test.each(['leveled', 'size-tiered'] as const)(
    'or not, a %s store writes the same files byte for byte',
    async (compaction) => {
      const small = {
        compaction,
        memtableSize: 1024,
        blockSize: 128,
        maxL0SSTables: 2,
        tierRuns: 2,
      };
      const silent = new SimulatedDisk();
      await life(small, silent);
      const heardDisk = new SimulatedDisk();
      const sink = new RecordingSink();
      await life({ ...small, events: sink }, heardDisk);
      expect(sink.of('compaction.entry').length).toBeGreaterThan(50);
      expect(isDeepStrictEqual(heardDisk.contents(), silent.contents())).toBe(true);
      const gatedDisk = new SimulatedDisk();
      const gated = new RecordingSink();
      gated.gate = () => Promise.resolve();
      await life({ ...small, events: gated }, gatedDisk);
      expect(isDeepStrictEqual(gatedDisk.contents(), silent.contents())).toBe(true);
    },
  );
});

describe('lockstep', () => {
  test('takes no step before the last was seen', async () => {
    const sink = new RecordingSink();
    const { store } = await newStore({ events: sink });
    let seen = 0;
    let most = 0;
    sink.gate = async () => {
      most = Math.max(most, sink.events.length - seen);
      await new Promise((resolve) => setImmediate(resolve));
      seen = sink.events.length;
    };
    seen = sink.events.length;
    await store.put(bytes('a'), bytes('1'), { sync: true });
    await store.put(bytes('b'), bytes('2'));
    // write.begin is told by the caller, so it may stand beside the step under way.
    expect(most).toBeLessThanOrEqual(2);
    const steps = sink.events.length;
    await store.flush();
    expect(sink.events.length).toBeGreaterThan(steps + 10);
    await store.get(bytes('a'));
    expect(seen).toBe(sink.events.length);
    sink.gate = null;
    await store.close();
  });

  test('can be left in the middle of a job', async () => {
    const sink = new RecordingSink();
    const { store } = await newStore({ events: sink });
    await putAll(store, { a: '1', b: '2', c: '3' });
    let release = (): void => undefined;
    sink.gate = () =>
      new Promise((resolve) => {
        release = resolve;
      });
    const flushing = store.flush();
    while (sink.of('table.entry').length === 0) {
      release();
      await new Promise((resolve) => setImmediate(resolve));
    }
    const closing = store.close();
    sink.gate = null;
    const pump = setInterval(() => release(), 1);
    await expect(flushing).rejects.toMatchObject({ code: 'NOT_OPEN' });
    await closing;
    clearInterval(pump);
  });
});

// Bugs of others' write-ahead logs that ours could have; README.md names them.

import { describe, expect, test } from 'vitest';
import { WriteBatch } from '../../../src/engine/writeBatch.ts';
import { RecordingSink } from '../../engine/recordingSink.ts';
import { nextTurn } from '../../engine/simulatedWorld.ts';
import {
  bytes,
  getText,
  namesOn,
  newStore,
  openOn,
  putAll,
  texts,
} from '../../engine/testStore.ts';
import type { SimulatedDisk } from '../disk/simulatedDisk.ts';
import { faultsAfter, momentsOf } from './everyCrash.ts';

/** Room for few entries: after each large value comes a memtable, and so a log, of its own. */
const TIGHT = { memtableSize: 1024, maxImmutableMemtables: 8 };
const LARGE = new Uint8Array(1100);

describe('a change of segments', () => {
  test('a synced write takes along what an older segment holds unsynced', async () => {
    const { store, disk } = await newStore(TIGHT);
    await store.put(bytes('first'), LARGE);
    let after: SimulatedDisk | undefined;
    await store.put(bytes('second'), LARGE, { sync: true }).then(() => {
      after = disk.afterPowerFailure(undefined);
    });
    // Else the table would have saved the first, and not the log.
    const names = namesOn(after!);
    expect(names.filter((name) => name.endsWith('.sst'))).toEqual([]);
    expect(names.filter((name) => name.endsWith('.log')).length).toBeGreaterThan(1);
    const again = await openOn(after!);
    expect([...again.entries()].map(([key]) => key)).toEqual([bytes('first'), bytes('second')]);
    await again.close();
    await store.close();
  });

  test('no write that is appended while a sync runs is told to be in it', async () => {
    const { store, disk } = await newStore({ walSync: 'interval', walSyncIntervalMs: 1 });
    const faults: string[] = [];
    for (let round = 0; round < 12; round++) {
      // The first begins a sync; the others are appended before, in or behind it.
      for (let key = 0; key < 3; key++) {
        await store.put(bytes(`k${round}${key}`), bytes('1'));
        for (let turns = round % 4; turns > 0; turns--) await nextTurn();
      }
      await store.flushWal();
      const left = await openOn(disk.afterPowerFailure(undefined));
      const found = texts(left).length;
      if (found < 3 * (round + 1)) faults.push(`round ${round}: ${found} are left`);
      await left.close();
    }
    expect(faults).toEqual([]);
    await store.close();
  });

  test('no segment takes writes before the end of the one before it is durable', async () => {
    const { store, disk } = await newStore(TIGHT);
    await putAll(store, { a: '1', b: '2' });
    const states = ['a=1 b=2', 'a=1 b=2 c=x', 'a=1 b=2 c=x d=4'];
    const short = (text: string): string => (text.startsWith('c=') ? 'c=x' : text);
    const moments = await momentsOf(disk, async () => {
      await store.flushWal();
      await store.put(bytes('c'), LARGE);
      await store.put(bytes('d'), bytes('4'), { sync: true });
    });
    const durable = moments.findIndex(({ call }) => call.startsWith('sync'));
    const faults = await faultsAfter(moments.slice(durable), (left) => {
      const state = texts(left).map(short).join(' ');
      return states.includes(state) ? undefined : `it holds ${state}`;
    });
    expect(faults).toEqual([]);
    await store.close();
  });

  test('the segment of two families goes with the second flush only', async () => {
    const { store, disk } = await newStore();
    const other = await store.createFamily('other');
    await putAll(store, { a: '1' });
    await store.put(bytes('b'), bytes('2'), { family: other, sync: true });
    const moments = await momentsOf(disk, () => store.flush(store.families[0]));
    const faults = await faultsAfter(moments, (left) => {
      const found = left.getSync(bytes('b'), { family: left.family('other') });
      return found === undefined ? 'the other family has lost its entry' : undefined;
    });
    expect(faults).toEqual([]);
    await store.close();
  });
});

describe('a sync', () => {
  test('is made after a family was dropped, too', async () => {
    const { store, disk } = await newStore();
    const other = await store.createFamily('other');
    await store.put(bytes('b'), bytes('2'), { family: other });
    await store.dropFamily(other);
    await store.put(bytes('a'), bytes('1'), { sync: true });
    await store.flush();
    await store.put(bytes('c'), bytes('3'), { sync: true });
    const again = await openOn(disk.afterPowerFailure(undefined));
    expect(texts(again)).toEqual(['a=1', 'c=3']);
    await again.close();
    await store.close();
  });
});

describe('a batch', () => {
  test('is seen whole or not at all while it is inserted step by step', async () => {
    const sink = new RecordingSink();
    const { store } = await newStore({ events: sink });
    await putAll(store, { a: 'old', b: 'old' });
    const seen = new Set<string>();
    sink.gate = async () => {
      seen.add(texts(store).join(' '));
      await nextTurn();
    };
    await store.write(new WriteBatch().put(bytes('a'), bytes('new')).put(bytes('b'), bytes('new')));
    sink.gate = null;
    expect([...seen]).toEqual(['a=old b=old', 'a=new b=new']);
    expect(await getText(store, 'b')).toBe('new');
    await store.close();
  });
});

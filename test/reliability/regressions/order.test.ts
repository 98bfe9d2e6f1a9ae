// What decides which of two writes is newer: the sequence number, never a clock, and it goes on
// where it was. README.md names the bugs.

import { describe, expect, test } from 'vitest';
import { Lsm } from '../../../src/engine/db.ts';
import { DIRECTORY, simulatedEnvironment } from '../../engine/simulatedWorld.ts';
import { bytes, getText, newStore, openOn, putAll, texts } from '../../engine/testStore.ts';
import { SimulatedDisk } from '../disk/simulatedDisk.ts';

describe('the clock', () => {
  test('may be put back by a day between two writes: the later one stays the newer', async () => {
    const disk = new SimulatedDisk();
    const environment = simulatedEnvironment(7, disk);
    const { clock } = environment;
    let store = await Lsm.open(DIRECTORY, environment);
    await putAll(store, { a: 'first', b: 'first', gone: 'first' });
    await store.flush();
    clock.pass(-86_400);
    await putAll(store, { a: 'second' });
    await store.delete(bytes('gone'));
    await store.flush();
    clock.pass(-86_400);
    await putAll(store, { b: 'third' });
    const wanted = ['a=second', 'b=third'];
    expect(texts(store)).toEqual(wanted);
    expect(await getText(store, 'a')).toBe('second');
    expect(await getText(store, 'gone')).toBeUndefined();
    await store.close();
    store = await Lsm.open(DIRECTORY, environment);
    expect(texts(store)).toEqual(wanted);
    await store.compactRange();
    expect(texts(store)).toEqual(wanted);
    await store.close();
  });
});

describe('the sequence number', () => {
  test('goes on behind the greatest in any table, the first key’s too', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1', b: '2', c: '3' });
    await putAll(store, { a: 'greatest' });
    await store.flush();
    await store.close();
    // The log has nothing left to tell.
    const again = await openOn(disk);
    expect(again.gauges().lastSequence).toBe(4);
    await putAll(again, { a: 'next' });
    expect(texts(again)).toEqual(['a=next', 'b=2', 'c=3']);
    await again.flush();
    await again.compactRange();
    expect(texts(again)).toEqual(['a=next', 'b=2', 'c=3']);
    await again.close();
  });

  test('goes on behind what only the log has; no snapshot sees what comes later', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1' });
    await store.flush();
    await putAll(store, { a: '2', b: '2' });
    const again = await openOn(disk.afterKill());
    const snapshot = again.snapshot();
    await putAll(again, { a: '3', c: '3' });
    expect(texts(again, { snapshot })).toEqual(['a=2', 'b=2']);
    await again.compactRange();
    expect(texts(again, { snapshot })).toEqual(['a=2', 'b=2']);
    expect(texts(again)).toEqual(['a=3', 'b=2', 'c=3']);
    snapshot.release();
    await again.close();
    await store.close();
  });

  test('of a removal that was merged away is not given again', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1' });
    await store.delete(bytes('a'));
    await store.compactRange();
    expect(store.stats().tables).toBe(0);
    await store.close();
    const again = await openOn(disk);
    expect(again.gauges().lastSequence).toBe(2);
    await again.close();
  });
});

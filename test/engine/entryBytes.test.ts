import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { WriteBatch } from '../../src/engine/writeBatch.ts';
import { bytes, getText, newStore } from './testStore.ts';

/** What a program without types may hand in. */
const NOT_BYTES = ['text', ['a'], new ArrayBuffer(1), new Uint16Array(1)] as never[];
const REFUSED = expect.objectContaining({ code: 'INVALID_ARGUMENT' });

test('what is not bytes is refused as a key and as a value, and nothing is written', async () => {
  const { store } = await newStore();
  const good = bytes('good');
  for (const bad of NOT_BYTES) {
    await expect(store.put(bad, good)).rejects.toEqual(REFUSED);
    await expect(store.put(good, bad)).rejects.toEqual(REFUSED);
    await expect(store.delete(bad)).rejects.toEqual(REFUSED);
    await expect(store.deleteRange(good, bad)).rejects.toEqual(REFUSED);
    await expect(store.deleteRange(bad, good)).rejects.toEqual(REFUSED);
    expect(() => new WriteBatch().put(bad, good)).toThrow(REFUSED);
  }
  expect(store.gauges().lastSequence).toBe(0);
  await store.close();
});

test('what is not bytes is refused where something is looked for', async () => {
  const { store } = await newStore();
  const transaction = store.transaction();
  const iterator = store.iterator();
  for (const bad of NOT_BYTES) {
    expect(() => store.getSync(bad)).toThrow(REFUSED);
    expect(() => transaction.getSync(bad)).toThrow(REFUSED);
    expect(() => iterator.seek(bad)).toThrow(REFUSED);
    expect(() => store.iterator({ from: bad })).toThrow(REFUSED);
    expect(() => store.iterator({ to: bad })).toThrow(REFUSED);
    expect(() => store.iterator({ prefix: bad })).toThrow(REFUSED);
  }
  await store.close();
});

test('bytes of another realm are bytes', async () => {
  const { store } = await newStore();
  const key = runInNewContext('new Uint8Array([107, 101, 121])') as Uint8Array;
  await store.put(key, Buffer.from('value'));
  expect(await getText(store, 'key')).toBe('value');
  await store.close();
});

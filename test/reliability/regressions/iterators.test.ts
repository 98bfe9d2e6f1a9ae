// Bugs of others' iterators and caches that ours could have; README.md names them.

import { describe, expect, test } from 'vitest';
import { LsmError } from '../../../src/base/errors.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import { RecordingSink } from '../../engine/recordingSink.ts';
import { bytes, newStore, openOn, texts } from '../../engine/testStore.ts';
import type { Fault } from '../disk/faults.ts';

const SMALL = { memtableSize: 1024, targetTableSize: 1024, blockSize: 128, maxL0SSTables: 2 };
const KEYS = 60;

async function fill(store: Lsm, value: string): Promise<void> {
  for (let key = 0; key < KEYS; key++) {
    await store.put(bytes(`k${String(key).padStart(2, '0')}`), bytes(value.repeat(8)));
  }
}

describe('a reader', () => {
  test('that begins at any moment of a flush or a merge sees all there is', async () => {
    const sink = new RecordingSink();
    const { store, disk } = await newStore({ ...SMALL, events: sink });
    const short: string[] = [];
    let written = 0;
    let isLooking = false;
    const look = (when: string): void => {
      if (isLooking || written === 0) return;
      isLooking = true;
      const found = [...store.entries()].length;
      if (found < written) short.push(`${when}: ${found} of ${written}`);
      if (store.getSync(bytes('k00')) === undefined) short.push(`${when}: no get`);
      isLooking = false;
    };
    sink.listener = ({ kind }) => look(kind);
    disk.onChange = (call, path) => look(`${call} ${path}`);
    for (let key = 0; key < KEYS; key++) {
      await store.put(bytes(`k${String(key).padStart(2, '0')}`), bytes('value '.repeat(8)));
      written = key + 1;
    }
    await store.flush();
    await store.compactRange();
    await store.waitForIdle();
    expect(sink.of('compaction.end').length).toBeGreaterThan(0);
    expect(short).toEqual([]);
    isLooking = true;
    await store.close();
  });

  test('that is open sees its moment, whatever range is deleted and merged away', async () => {
    const { store } = await newStore(SMALL);
    await fill(store, 'old');
    const iterator = store.iterator();
    await store.deleteRange(bytes('k'), bytes('l'));
    await store.flush();
    await store.compactRange();
    expect(texts(store)).toEqual([]);
    let seen = 0;
    for (iterator.seekToFirst(); iterator.valid; iterator.next()) seen++;
    expect(seen).toBe(KEYS);
    iterator.close();
    await store.close();
  });
});

describe('a scan', () => {
  const faults: readonly (readonly [string, Fault])[] = [
    ['refused', { kind: 'refuse', systemCode: 'EIO' }],
    ['short', { kind: 'short', bytes: 3 }],
  ];

  test.each(faults)(
    'tells of a read that is %s, and is never the shorter for it',
    async (_, fault) => {
      const { store, disk } = await newStore(SMALL);
      await fill(store, 'value');
      await store.flush();
      await store.waitForIdle();
      await store.close();
      let told = 0;
      for (const reverse of [false, true]) {
        for (let failing = 1, reads = 0; reads >= failing - 1; failing++) {
          const again = await openOn(disk, { ...SMALL, blockCacheSize: 0, readOnly: true });
          reads = 0;
          disk.shouldFail = (call) => call === 'read' && ++reads === failing && fault;
          try {
            expect(texts(again, { reverse })).toHaveLength(KEYS);
          } catch (thrown) {
            told++;
            if (!(thrown instanceof LsmError)) throw thrown;
          }
          disk.shouldFail = () => false;
          await again.close();
        }
      }
      expect(told).toBeGreaterThan(20);
    },
  );
});

describe('what a reader was given', () => {
  test('keeps no block alive, and no later step changes it', async () => {
    const { store } = await newStore({ ...SMALL, blockSize: 65_536, memtableSize: 1 << 20 });
    for (let key = 0; key < 400; key++) {
      await store.put(bytes(`k${1000 + key}`), new Uint8Array(200).fill(key & 0xff));
    }
    await store.flush();
    const iterator = store.iterator();
    iterator.seekToFirst();
    const [key, value] = [iterator.key(), iterator.value()];
    for (; iterator.valid; iterator.next());
    iterator.close();
    await store.compactRange();
    expect([key, value]).toEqual([bytes('k1000'), new Uint8Array(200)]);
    // Copies share slabs of 16 KiB; a block has 64.
    expect(value.buffer.byteLength).toBeLessThanOrEqual(16 * 1024);
    const got = store.getSync(bytes('k1000'))!;
    expect(got.buffer.byteLength).toBeLessThanOrEqual(16 * 1024);
    await store.close();
  });
});

// Reads of keys that hold merge operands: in every place, in both directions, through snapshots,
// range deletes and expiry; and what stores say that cannot merge.

import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../../src/base/bytes.ts';
import type { MergeOperator } from '../../../src/base/mergeOperators/mergeOperator.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import type { LsmIterator } from '../../../src/engine/read/storeIterator.ts';
import { WriteBatch } from '../../../src/engine/writeBatch.ts';
import { RecordingSink } from '../recordingSink.ts';
import { bytes, getText, newStore, openOn, texts } from '../testStore.ts';

const APPEND: LsmOptions = {
  mergeOperator: 'stringappend',
  blockSize: 128,
  maxL0SSTables: 100,
};

/** All ways to read agree, and give these. */
async function expectAll(store: Lsm, entries: readonly string[]): Promise<void> {
  expect(texts(store)).toEqual(entries);
  expect(texts(store, { reverse: true })).toEqual([...entries].reverse());
  for (const entry of entries) {
    const [key, value] = entry.split('=');
    expect(await getText(store, key!)).toBe(value);
    expect(store.getSync(bytes(key!))).toEqual(bytes(value!));
  }
}

function here(iterator: LsmIterator): string {
  return `${decodeUtf8(iterator.key())}=${decodeUtf8(iterator.value())}`;
}

describe('a merged key', () => {
  test('is read from operands in memtables and tables, onto a value and onto none', async () => {
    const { store } = await newStore(APPEND);
    await store.put(bytes('a'), bytes('0'));
    await store.merge(bytes('b'), bytes('1'));
    await store.put(bytes('c'), bytes('whole'));
    await store.flush();
    await store.merge(bytes('a'), bytes('1'));
    await store.merge(bytes('a'), bytes('2'));
    await store.merge(bytes('b'), bytes('2'));
    await store.flush();
    await store.merge(bytes('a'), bytes('3'));
    await store.merge(bytes('d'), bytes('only'));
    await expectAll(store, ['a=0,1,2,3', 'b=1,2', 'c=whole', 'd=only']);
    await store.delete(bytes('b'));
    await store.merge(bytes('b'), bytes('new'));
    await expectAll(store, ['a=0,1,2,3', 'b=new', 'c=whole', 'd=only']);
    await store.close();
  });

  test('is as it was for each snapshot, before and after compactions', async () => {
    const { store } = await newStore(APPEND);
    const snapshots = [];
    for (let round = 0; round < 5; round++) {
      await store.merge(bytes('k'), bytes(String(round)));
      if (round === 2) await store.put(bytes('k'), bytes('p'));
      snapshots.push(store.snapshot());
      if (round % 2 === 0) await store.flush();
    }
    const expected = ['k=0', 'k=0,1', 'k=p', 'k=p,3', 'k=p,3,4'];
    for (let pass = 0; pass < 3; pass++) {
      for (const [index, snapshot] of snapshots.entries()) {
        expect(texts(store, { snapshot })).toEqual([expected[index]]);
        expect(texts(store, { snapshot, reverse: true })).toEqual([expected[index]]);
        expect(await store.get(bytes('k'), { snapshot })).toEqual(bytes(expected[index]!.slice(2)));
      }
      await store.compactRange();
      if (pass === 1) snapshots.splice(1, 2).forEach((snapshot) => snapshot.release());
      if (pass === 1) expected.splice(1, 2);
    }
    await store.close();
  });

  test('begins anew behind a range delete', async () => {
    const { store } = await newStore(APPEND);
    await store.put(bytes('b'), bytes('0'));
    await store.merge(bytes('b'), bytes('1'));
    await store.flush();
    await store.merge(bytes('b'), bytes('2'));
    await store.deleteRange(bytes('a'), bytes('c'));
    await store.merge(bytes('b'), bytes('3'));
    for (let pass = 0; pass < 3; pass++) {
      await expectAll(store, ['b=3']);
      if (pass === 0) await store.flush();
      else await store.compactRange();
    }
    await store.close();
  });

  test('can be walked over in all ways, between keys of every kind', async () => {
    const { store } = await newStore(APPEND);
    for (let key = 0; key < 30; key++) {
      const name = bytes(`k${String(key).padStart(2, '0')}`);
      if (key % 3 > 0) await store.put(name, bytes('v'));
      if (key % 5 === 4) await store.delete(name);
      for (let operand = 0; operand < key % 4; operand++) await store.merge(name, bytes('m'));
      if (key % 7 === 6) await store.flush();
    }
    const expected = texts(store);
    expect(expected).toContain('k07=v,m,m,m');
    expect(expected).toContain('k14=m,m');
    const iterator = store.iterator();
    iterator.seekToFirst();
    // Two steps forward, one back, over the whole store.
    const found: string[] = [];
    for (let at = 0; at < expected.length - 2; at++) {
      found.push(here(iterator));
      iterator.next();
      iterator.next();
      iterator.prev();
    }
    expect(found).toEqual(expected.slice(0, -2));
    iterator.seek(bytes('k07'));
    expect(here(iterator)).toBe('k07=v,m,m,m');
    iterator.prev();
    expect(here(iterator)).toBe(expected[expected.indexOf('k07=v,m,m,m') - 1]);
    iterator.close();
    await store.compactRange();
    expect(texts(store)).toEqual(expected);
    await store.close();
  });

  test('is not merged again by a log that outlives the flush of its operands', async () => {
    const { store, disk } = await newStore(APPEND);
    const other = await store.createFamily('keeps the log');
    await store.put(bytes('x'), bytes('1'), { family: other });
    for (const operand of ['1', '2', '3']) await store.merge(bytes('k'), bytes(operand));
    await store.flush(store.families[0]);
    await store.merge(bytes('k'), bytes('4'));
    const killed = disk.afterKill();
    const flushed = await openOn(killed, APPEND);
    await expectAll(flushed, ['k=1,2,3,4']);
    await flushed.compactRange();
    const compacted = await openOn(killed.afterKill(), APPEND);
    await expectAll(flushed, ['k=1,2,3,4']);
    await expectAll(compacted, ['k=1,2,3,4']);
    for (const each of [store, flushed, compacted]) await each.close();
  });

  test('survives crashes and comes with batches and column families', async () => {
    const { store, disk } = await newStore(APPEND);
    const sums = await store.createFamily('sums', { mergeOperator: 'max' });
    const batch = new WriteBatch().merge(bytes('a'), bytes('1')).merge(bytes('a'), bytes('2'));
    await store.write(batch.merge(bytes('a'), bytes('7'), sums).put(bytes('z'), bytes('0')));
    await store.merge(bytes('a'), bytes('3'), { family: sums });
    const killed = await openOn(disk.afterKill());
    expect(texts(killed)).toEqual(['a=1,2', 'z=0']);
    expect(texts(killed, { family: killed.family('sums')! })).toEqual(['a=7']);
    expect(killed.stats().counters.merges).toBe(0);
    await killed.merge(bytes('a'), bytes('3'));
    expect(killed.stats().counters).toMatchObject({ merges: 1, deletes: 0, puts: 0 });
    await expect(store.dropFamily(sums)).resolves.toBeUndefined();
    await expect(store.merge(bytes('a'), bytes('1'), { family: sums })).rejects.toThrow(/dropped/);
    await killed.close();
    await store.close();
  });
});

describe('a store that cannot merge', () => {
  const JOIN: MergeOperator = {
    name: 'test.join',
    fullMerge: (_key, base, operands) =>
      Buffer.concat([...(base === undefined ? [] : [base]), ...operands]),
  };

  test('refuses operands where there is no operator, and takes all else', async () => {
    const { store } = await newStore();
    const refusal = { code: 'NOT_SUPPORTED', message: expect.stringMatching(/as mergeOperator/) };
    await expect(store.merge(bytes('a'), bytes('1'))).rejects.toMatchObject(refusal);
    const batch = new WriteBatch().put(bytes('b'), bytes('1')).merge(bytes('a'), bytes('1'));
    await expect(store.write(batch)).rejects.toMatchObject(refusal);
    expect(texts(store)).toEqual([]);
    await store.put(bytes('b'), bytes('1'));
    expect(texts(store)).toEqual(['b=1']);
    await store.close();
  });

  test('reads and compacts all that needs no operator it was opened without', async () => {
    const options = { mergeOperator: JOIN.name, mergeOperators: [JOIN] };
    const { store, disk } = await newStore({ ...APPEND, ...options });
    await store.put(bytes('a'), bytes('0'));
    await store.flush();
    await store.merge(bytes('a'), bytes('1'));
    await store.put(bytes('b'), bytes('2'));
    expect(texts(store)).toEqual(['a=01', 'b=2']);
    await store.close();
    const { mergeOperator: _name, ...without } = APPEND;
    const poor = await openOn(disk, without);
    const refusal = {
      code: 'NOT_SUPPORTED',
      message: expect.stringMatching(/"test\.join".*in mer/),
    };
    for (let pass = 0; pass < 2; pass++) {
      await expect(poor.get(bytes('a'))).rejects.toMatchObject(refusal);
      await expect(poor.merge(bytes('b'), bytes('1'))).rejects.toMatchObject(refusal);
      expect(await getText(poor, 'b')).toBe('2');
      const iterator = poor.iterator();
      iterator.seekToFirst();
      expect(iterator.key()).toEqual(bytes('a'));
      expect(() => iterator.value()).toThrow(/"test.join"/);
      iterator.next();
      expect(iterator.value()).toEqual(bytes('2'));
      iterator.close();
      await poor.compactRange();
    }
    expect(poor.describe().problems).toEqual([]);
    await poor.close();
    const again = await openOn(disk, { ...without, mergeOperators: [JOIN] });
    expect(texts(again)).toEqual(['a=01', 'b=2']);
    await again.close();
  });

  test('is opened with the operator it has, and no other', async () => {
    const { store, disk } = await newStore({ mergeOperator: 'max' });
    await store.merge(bytes('a'), bytes('1'));
    await store.close();
    for (const mergeOperator of ['min', null]) {
      await expect(openOn(disk, { mergeOperator })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/is merged by "max"/),
      });
    }
    for (const mergeOperator of ['nobodys', '', 'x'.repeat(300)]) {
      await expect(openOn(disk, { mergeOperator })).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      });
    }
    const twice = [JOIN, { ...JOIN }];
    await expect(openOn(disk, { mergeOperators: twice })).rejects.toThrow(/one already/);
    const named = { ...JOIN, name: 'max' };
    await expect(openOn(disk, { mergeOperators: [named] })).rejects.toThrow(/one already/);
    const again = await openOn(disk, { mergeOperator: 'max' });
    await again.createFamily('plain', { mergeOperator: null });
    await expect(again.createFamily('f', { mergeOperator: 'nobodys' })).rejects.toThrow(/nobodys/);
    expect(texts(again)).toEqual(['a=1']);
    await again.close();
    const chosen = await openOn(disk, { families: { plain: { mergeOperator: 'min' } } });
    const plain = chosen.family('plain')!;
    for (const operand of ['2', '1'])
      await chosen.merge(bytes('a'), bytes(operand), { family: plain });
    expect(texts(chosen, { family: plain })).toEqual(['a=1']);
    await chosen.close();
    const other = openOn(disk, { families: { plain: { mergeOperator: null } } });
    await expect(other).rejects.toThrow(/"plain" is merged by "min"/);
  });

  test('tells which key an operator failed at, keeps its operands and goes on', async () => {
    const events = new RecordingSink();
    const { store } = await newStore({ ...APPEND, mergeOperator: 'uint64add', events });
    const one = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    await store.put(bytes('bad'), bytes('no number'));
    await store.put(bytes('good'), one);
    await store.flush();
    await store.merge(bytes('bad'), one);
    await store.merge(bytes('good'), one);
    const failure = { code: 'MERGE_FAILED', message: expect.stringMatching(/uint64add.*"bad"/) };
    for (let pass = 0; pass < 2; pass++) {
      await expect(store.get(bytes('bad'))).rejects.toMatchObject(failure);
      expect(events.of('get.end').at(-1)).toMatchObject({ result: 'failed', operands: 1 });
      events.read = false;
      await expect(store.get(bytes('bad'))).rejects.toMatchObject(failure);
      events.read = true;
      expect((await store.get(bytes('good')))![0]).toBe(2);
      await store.compactRange();
    }
    expect(store.describe().problems).toMatchObject([{ code: 'MERGE_FAILED' }, failure]);
    const reasons = events.of('compaction.entry').map(({ decision }) => decision.because);
    expect(reasons.slice(0, 4)).toEqual([
      'merge-failed',
      'newest-version',
      'operands-merged',
      'merged',
    ]);
    await store.put(bytes('bad'), one);
    await store.compactRange();
    expect((await store.get(bytes('bad')))![0]).toBe(1);
    await store.close();
  });

  test('waits as one operand above the value that it will be merged onto', async () => {
    const events = new RecordingSink();
    const { store } = await newStore({ ...APPEND, events });
    await store.put(bytes('k'), bytes('0'));
    await store.compactRange({}, { targetLevel: 3 });
    for (const operand of ['1', '2']) {
      await store.merge(bytes('k'), bytes(operand));
      await store.flush();
    }
    const before = events.of('compaction.entry').length;
    await store.compactRange({}, { targetLevel: 1 });
    const decisions = events.of('compaction.entry').slice(before);
    expect(decisions.map(({ decision }) => decision.because)).toEqual([
      'operands-combined',
      'merged',
    ]);
    await expectAll(store, ['k=0,1,2']);
    await store.close();
  });

  test('hands out values that share no memory with operands or with each other', async () => {
    const kept: Uint8Array[] = [];
    const newest: MergeOperator = {
      name: 'newest',
      fullMerge: (_key, _base, operands) => {
        kept.push(...operands);
        return operands.at(-1)!;
      },
    };
    const { store } = await newStore({ mergeOperator: 'newest', mergeOperators: [newest] });
    for (const operand of ['1', '2']) await store.merge(bytes('k'), bytes(operand));
    const value = (await store.get(bytes('k')))!;
    expect(value.buffer.byteLength).toBe(1);
    for (const operand of kept) operand.fill(0);
    value.fill(0);
    expect(texts(store)).toEqual(['k=2']);
    await store.close();
  });

  test('takes any answer of an operator for what it is', async () => {
    const answers: unknown[] = [undefined, 'text', bytes('fine')];
    const odd = { name: 'odd', fullMerge: () => answers[0] } as unknown as MergeOperator;
    const { store } = await newStore({ mergeOperator: 'odd', mergeOperators: [odd] });
    await store.merge(bytes('k'), bytes('1'));
    for (const answer of [undefined, 'text']) {
      expect(answers[0]).toBe(answer);
      await expect(store.get(bytes('k'))).rejects.toThrow(/gave no Uint8Array/);
      answers.shift();
    }
    expect(await getText(store, 'k')).toBe('fine');
    await store.close();
  });
});

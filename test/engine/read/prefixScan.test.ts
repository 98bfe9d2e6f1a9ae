// Prefix filters change what a scan reads, never what it shows.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeUtf8, encodeUtf8 } from '../../../src/base/bytes.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import { extractorNamed, nameOfExtractor } from '../../../src/engine/table/prefixExtractor.ts';
import type { PrefixExtractor } from '../../../src/engine/table/prefixExtractor.ts';
import { RecordingSink } from '../recordingSink.ts';
import { newStore, openOn, texts } from '../testStore.ts';

const EXTRACTORS: readonly (PrefixExtractor | null)[] = [
  null,
  { kind: 'fixed', length: 1 },
  { kind: 'fixed', length: 2 },
  { kind: 'fixed', length: 4 },
  { kind: 'delimiter', byte: 0x2f },
];

const key = fc.stringMatching(/^[ab/]{0,5}$/);
const batch = fc.array(fc.tuple(key, fc.boolean()), { minLength: 1, maxLength: 8 });

/** Writes each batch into a table of its own. */
async function writeTables(store: Lsm, batches: [string, boolean][][]): Promise<void> {
  for (const [index, entries] of batches.entries()) {
    for (const [text, isPut] of entries) {
      if (isPut) await store.put(encodeUtf8(text), encodeUtf8(`${index}`));
      else await store.delete(encodeUtf8(text));
    }
    await store.flush();
  }
}

describe('a scan over a prefix', () => {
  test('shows the same whatever extractor the tables were written with', async () => {
    const drawn = fc.tuple(
      fc.array(batch, { minLength: 1, maxLength: 5 }),
      fc.array(key, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(...EXTRACTORS),
      fc.constantFrom(...EXTRACTORS),
    );
    await fc.assert(
      fc.asyncProperty(drawn, async ([batches, prefixes, first, second]) => {
        const { store, disk } = await newStore({ prefixExtractor: first, bloomBitsPerKey: 20 });
        await writeTables(store, batches.slice(0, 3));
        await store.close();
        // The later tables are written with another one.
        const again = await openOn(disk, { prefixExtractor: second, bloomBitsPerKey: 20 });
        await writeTables(again, batches.slice(3));
        const all = texts(again);
        for (const prefix of prefixes) {
          const expected = all.filter((entry) => entry.startsWith(prefix) && entry.includes('='));
          const shown = texts(again, { prefix: encodeUtf8(prefix) });
          expect(shown).toEqual(
            expected.filter((entry) => entry.split('=')[0]!.startsWith(prefix)),
          );
          const back = texts(again, { prefix: encodeUtf8(prefix), reverse: true });
          expect(back).toEqual(shown.toReversed());
          const iterator = again.iterator({ prefix: encodeUtf8(prefix) });
          iterator.seek(encodeUtf8(`${prefix}b`));
          const at = iterator.valid ? decodeUtf8(iterator.key()) : undefined;
          expect(at).toBe(
            shown.map((entry) => entry.split('=')[0]!).find((k) => k >= `${prefix}b`),
          );
          iterator.close();
        }
        await again.close();
      }),
      { numRuns: 60 },
    );
  });

  test('passes over tables whose filter knows none of it, and says so', async () => {
    const sink = new RecordingSink();
    const { store } = await newStore({
      prefixExtractor: { kind: 'delimiter', byte: 0x2f },
      bloomBitsPerKey: 20,
      events: sink,
    });
    const groups = ['a', 'b', 'c', 'd'];
    for (const group of groups) {
      // Every table spans the whole range of keys.
      const keys = ['0/first', `${group}/1`, `${group}/2`, 'z/last'];
      await writeTables(store, [keys.map((text): [string, boolean] => [text, true])]);
    }
    for (const group of groups) {
      const before = sink.events.length;
      expect(texts(store, { prefix: encodeUtf8(`${group}/`) }).length).toBe(2);
      const told = sink.events.slice(before);
      const skipped = told.filter((event) => event.kind === 'table.skip');
      expect(skipped.map(({ reason }) => reason)).toEqual(Array(3).fill('prefix-filter'));
      expect(told[0]).toMatchObject({ kind: 'scan.begin', sources: 2 });
    }
    // Shorter than any prefix: the filter cannot tell.
    const before = sink.events.length;
    expect(texts(store, { prefix: encodeUtf8('a') }).length).toBe(2);
    expect(sink.events.slice(before).some(({ kind }) => kind === 'table.skip')).toBe(false);
    expect(
      store.tableDetails(store.describe().families[0]!.levels[0]!.tables[0]!.file),
    ).toMatchObject({ properties: { prefixExtractor: 'delimiter:47', filterPrefixes: 3 } });
    await store.close();
  });

  test('refuses extractors out of bounds', async () => {
    for (const bad of [
      { kind: 'fixed', length: 0 },
      { kind: 'fixed', length: 1.5 },
      { kind: 'delimiter', byte: 256 },
      { kind: 'first', byte: 1 },
    ]) {
      await expect(newStore({ prefixExtractor: bad as never })).rejects.toThrow('prefixExtractor');
    }
    await expect(newStore({ filterAllocation: 'ape' as never })).rejects.toThrow('ape');
  });
});

test('the names of extractors lead back to them, others to none', () => {
  for (const extractor of EXTRACTORS) {
    expect(extractorNamed(nameOfExtractor(extractor))).toEqual(extractor);
  }
  for (const name of [
    'fixed',
    'fixed:0',
    'fixed:9999',
    'delimiter:256',
    'last:3',
    'fixed:x',
    '1',
  ]) {
    expect(extractorNamed(name)).toBeUndefined();
  }
});

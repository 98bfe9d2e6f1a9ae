import { expect, test } from 'vitest';
import type { TableInfo } from '../../../src/protocol/events.ts';
import { reduce } from '../../../src/protocol/reduce.ts';
import { inspect } from '../../../webview/model/inspection.ts';
import { keyText, readKeysAs } from '../../../webview/model/keyText.ts';
import { ratiosOf } from '../../../webview/model/ratios.ts';
import { recordStore } from '../support/recordedStore.ts';

const store = await recordStore({ operations: 900 });
const state = store.events.reduce(reduce, store.initial);
const table = state.families[0]!.levels[1]!.tables[0]!;

function row(name: string, inspection: ReturnType<typeof inspect>): string | undefined {
  return inspection.rows.find((candidate) => candidate.name === name)?.value;
}

test('a table is told with the figures that it has', () => {
  const words = inspect({ kind: 'table', file: table.file }, state, 0);
  expect(words.title).toBe(`${String(table.file).padStart(6, '0')}.sst`);
  expect(words.subtitle).toMatch(/^level 1 · /);
  expect(row('smallest key', words)).toBe(new TextDecoder().decode(table.smallestKey));
  expect(row('made by', words)).toBe('a compaction');
});

test('what is gone says so', () => {
  expect(inspect({ kind: 'table', file: 999_999 }, state, 0).subtitle).toMatch(/not in the store/);
  expect(inspect({ kind: 'memtable', memtable: 1 }, state, 0).subtitle).toMatch(/flushed/);
  expect(inspect({ kind: 'job', job: 1 }, state, 0).subtitle).toBe('over');
});

test('everything that can be selected has words', () => {
  for (const kind of ['store', 'wal', 'cache'] as const) {
    expect(inspect({ kind }, state, 0).rows.length).toBeGreaterThan(3);
  }
  expect(row('limit', inspect({ kind: 'level', level: 0 }, state, 0))).toBe('4 tables');
});

test('a store is told with its options, by their names', () => {
  const { options = [] } = inspect({ kind: 'store' }, state, 0);
  const set = Object.entries(state.store.options).filter(([, value]) => value !== '');
  expect(options.length).toBe(set.length);
  expect(options.map(({ name }) => name)).toEqual(set.map(([name]) => name).sort());
  expect(options).toContainEqual({
    name: 'memtableSize',
    value: String(state.store.options['memtableSize']),
  });
  expect(inspect({ kind: 'store' }, state, 0).options).toBe(options);
});

test('tables that nobody has counted are not told as empty', () => {
  const level = state.families[0]!.levels[1]!;
  const entriesWith = (isCounted: (at: number) => boolean): string | undefined => {
    const tables = level.tables.map((each, at) => ({ ...each, uncounted: !isCounted(at) }));
    const [first, ...rest] = state.families;
    const levels = first!.levels.map((each) => (each === level ? { ...each, tables } : each));
    const shown = { ...state, families: [{ ...first!, levels }, ...rest] };
    return row('entries', inspect({ kind: 'level', level: 1 }, shown, 0));
  };
  expect(level.tables.length).toBeGreaterThan(1);
  expect(entriesWith(() => true)).toMatch(/^[1-9][\d ]*, \d+ tombstones? †$/);
  expect(entriesWith(() => false)).toBe('not counted');
  const missing = level.tables.length - 1;
  expect(entriesWith((at) => at === 0)).toMatch(new RegExp(`†; ${missing} tables? not counted$`));
  expect(row('entries', inspect({ kind: 'store' }, state, 0))).toMatch(/^[1-9]/);
});

test('a table of Pebble’s level 0 is told with its sublevel', () => {
  const family = state.families[0]!;
  const level = family.levels.findIndex(({ tables }) => tables.length > 0);
  const divided = family.levels.map((each, index) =>
    index === level
      ? { ...each, target: { ...each.target, measure: 'sublevels' as const, limit: 2 } }
      : each,
  );
  const shown = { ...state, families: [{ ...family, levels: divided }] };
  const [{ file, run }] = family.levels[level]!.tables as [TableInfo];
  expect(inspect({ kind: 'table', file }, shown, 0).subtitle).toContain(
    `level ${level}, sublevel L${level}.${run}`,
  );
  const ofLevel = inspect({ kind: 'level', level }, shown, 0);
  expect(row('limit', ofLevel)).toBe('2 sublevels');
  expect(Number(row('sublevels', ofLevel))).toBeGreaterThan(0);
});

test('CockroachDB’s keys are told with their times, in its stores alone', () => {
  const key = Uint8Array.of(0x61, 0, 0, 0, 0, 0, 0x3b, 0x9a, 0xca, 0x05, 9);
  expect(keyText(key)).toBe('0x6100000000003b9aca0509');
  readKeysAs('cockroach_comparator');
  expect(keyText(key)).toBe('a@1.000000005,0');
  expect(keyText(Uint8Array.of(0x61, 0))).toBe('a');
  readKeysAs('leveldb.BytewiseComparator');
  expect(keyText(Uint8Array.of(0x61, 0))).toBe('0x6100');
});

test('ratios are 0 without a denominator and follow the counters', () => {
  expect(Object.values(ratiosOf(store.initial)).every((ratio) => ratio === 0)).toBe(true);
  const { counters } = state;
  const ratios = ratiosOf(state);
  expect(ratios.cacheHitRate).toBe(
    counters.cacheHits / (counters.cacheHits + counters.cacheMisses),
  );
  expect(ratios.spaceAmplification).toBeGreaterThanOrEqual(1);
});

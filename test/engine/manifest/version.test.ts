import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import {
  EditMismatch,
  applyEdit,
  coverOf,
  emptyVersion,
  familyOf,
  overlapping,
  overlappingInLevel,
  tableHolding,
  tablesOf,
  tablesOfLevel,
} from '../../../src/engine/manifest/version.ts';
import { EMPTY_EDIT } from '../../../src/engine/manifest/versionEdit.ts';
import { addition, table, versionOf } from '../tableFixture.ts';

const run = { run: 0 };
const three = versionOf([
  [1, table(3, 'm', 'p', run)],
  [1, table(1, 'a', 'c', run)],
  [1, table(2, 'e', 'k', run)],
]);
const level1 = familyOf(three, 0).levels[1]!;
const files = (tables: readonly { file: number }[]): number[] => tables.map(({ file }) => file);

describe('a version', () => {
  test('keeps a run ascending and newer runs first', () => {
    expect(files(tablesOfLevel(level1))).toEqual([1, 2, 3]);
    const level0 = familyOf(
      versionOf([
        [0, table(4, 'a', 'z')],
        [0, table(9, 'a', 'z')],
      ]),
      0,
    ).levels[0]!;
    expect(files(tablesOfLevel(level0))).toEqual([9, 4]);
    expect(level0.sizeBytes).toBe(2000);
    expect(level0.tableCount).toBe(2);
  });

  test('shares the levels that an edit does not touch', () => {
    const next = applyEdit(three, addition([[0, table(7, 'a', 'z')]]));
    expect(familyOf(next, 0).levels[1]).toBe(level1);
    expect([...tablesOf(next)].length).toBe(4);
    expect([...tablesOf(three)].length).toBe(3);
  });

  test('grows levels that a store made with more of them has', () => {
    const deep = applyEdit(emptyVersion(), addition([[5, table(1, 'a', 'b')]]));
    expect(familyOf(deep, 0).levels.length).toBe(6);
  });

  test('moves a table to another level in one edit', () => {
    const moved = applyEdit(three, {
      ...EMPTY_EDIT,
      added: [{ family: 0, level: 2, table: table(2, 'e', 'k', run) }],
      removed: [{ family: 0, level: 1, file: 2 }],
    });
    expect(files(tablesOfLevel(familyOf(moved, 0).levels[1]!))).toEqual([1, 3]);
    expect(files(tablesOfLevel(familyOf(moved, 0).levels[2]!))).toEqual([2]);
  });

  test('refuses an edit that does not fit', () => {
    const remove = { ...EMPTY_EDIT, removed: [{ family: 0, level: 2, file: 1 }] };
    expect(() => applyEdit(three, remove)).toThrow(EditMismatch);
    expect(() => applyEdit(three, addition([[1, table(1, 'x', 'y', run)]]))).toThrow(/twice/);
    expect(() => applyEdit(three, addition([[1, table(8, 'c', 'd', run)]]))).toThrow(/overlap/);
    const family = { ...EMPTY_EDIT, removed: [{ family: 3, level: 1, file: 1 }] };
    expect(() => applyEdit(three, family)).toThrow(/family 3/);
  });
});

describe('overlap queries', () => {
  const key = encodeUtf8;

  test('find the one table of a run that may hold a key', () => {
    const holder = (text: string): number | undefined =>
      tableHolding(level1.runs[0]!, key(text))?.file;
    expect(['a', 'b', 'c', 'd', 'e', 'l', 'm', 'p', 'pa', ''].map(holder)).toEqual([
      1,
      1,
      1,
      undefined,
      2,
      undefined,
      3,
      3,
      undefined,
      undefined,
    ]);
  });

  test('take both ends of the range in', () => {
    const found = (from?: string, to?: string): number[] =>
      files(
        overlapping(level1.runs[0]!, {
          from: from === undefined ? undefined : key(from),
          to: to === undefined ? undefined : key(to),
        }),
      );
    expect(found()).toEqual([1, 2, 3]);
    expect(found('c', 'e')).toEqual([1, 2]);
    expect(found('d', 'd')).toEqual([]);
    expect(found('ca', 'dz')).toEqual([]);
    expect(found('q')).toEqual([]);
    expect(found(undefined, 'A')).toEqual([]);
    expect(found('k')).toEqual([2, 3]);
    expect(found('z', 'a')).toEqual([]);
  });

  test('cover several runs of a level', () => {
    const version = versionOf([
      [0, table(1, 'a', 'f')],
      [0, table(2, 'd', 'k')],
      [0, table(3, 'x', 'z')],
    ]);
    const level = familyOf(version, 0).levels[0]!;
    const range = { from: key('e'), to: key('g') };
    expect(files(overlappingInLevel(level, range))).toEqual([2, 1]);
    expect(coverOf(overlappingInLevel(level, range))).toEqual({ from: key('a'), to: key('k') });
  });
});

import { expect, test } from 'vitest';
import type { MemtableNode } from '../../../../src/protocol/treeState.ts';
import { chooseColumns } from '../../../../webview/scenes/writePath/skipListColumns.ts';
import type { MemtableInsert } from '../../../../webview/scenes/writePath/writeStory.ts';

const utf8 = new TextEncoder();

function node(key: string, sequence: number, height: number): MemtableNode {
  return { key: utf8.encode(key), sequence, entryKind: 'put', valueSizeBytes: 1, height };
}

function insertOf(key: string, path: MemtableInsert['path']): MemtableInsert {
  return {
    ...{ kind: 'memtable.insert', family: 0, memtable: 1, operation: 1, entryKind: 'put' },
    ...{ key: utf8.encode(key), sequence: 99, valueSizeBytes: 1, valuePreview: utf8.encode('v') },
    ...{ height: 2, path, entries: 4, tombstones: 0, sizeBytes: 100 },
  };
}

const nodes = [node('a', 1, 1), node('c', 2, 3), node('e', 3, 1), node('g', 4, 2)];

test('all nodes are drawn while they fit, in key order, the new one among them', () => {
  const columns = chooseColumns(nodes, insertOf('d', []), 10);
  expect(columns.map(({ sequence }) => sequence)).toEqual([1, 2, 99, 3, 4]);
  expect(columns.filter(({ fresh }) => fresh)).toHaveLength(1);
});

test('when they do not fit, what the search saw comes first, then the tallest', () => {
  const path = [
    { level: 1, key: utf8.encode('g'), sequence: 4, went: 'down' },
    { level: 0, key: utf8.encode('e'), sequence: 3, went: 'down' },
  ] as const;
  const columns = chooseColumns(nodes, insertOf('d', path), 4);
  expect(columns.map(({ sequence }) => sequence)).toEqual([2, 99, 3, 4]);
});

test('a node that only the search knows is as tall as it was seen to be', () => {
  const path = [{ level: 4, key: utf8.encode('f'), sequence: 7, went: 'down' }] as const;
  const column = chooseColumns(nodes, insertOf('d', path), 10).find(
    ({ sequence }) => sequence === 7,
  );
  expect(column?.height).toBe(5);
});

test('newer versions of a key stand before older ones', () => {
  const columns = chooseColumns([node('a', 5, 1), node('a', 3, 1)], insertOf('a', []), 10);
  expect(columns.map(({ sequence }) => sequence)).toEqual([99, 5, 3]);
});

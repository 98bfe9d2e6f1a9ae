// The search path that viewers see is the one the list takes, and recording it changes nothing.

import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { Random } from '../../../src/base/random.ts';
import { KIND_PUT } from '../../../src/engine/entryKind.ts';
import type { Memtable } from '../../../src/engine/memtable/memtable.ts';
import { SearchTrace } from '../../../src/engine/memtable/searchTrace.ts';
import { compareModelEntries, encoded, memtableOf } from './memtableModel.ts';
import type { ModelEntry } from './memtableModel.ts';

function entries(count: number): ModelEntry[] {
  const random = new Random(3);
  return Array.from({ length: count }, (_, index) => ({
    kind: KIND_PUT,
    key: encodeUtf8(String(random.nextBelow(500)).padStart(4, '0')),
    sequence: index + 1,
    timestampMicros: 0,
    value: new Uint8Array(0),
  }));
}

/**
 * Checks a path against the list's own order: right while smaller, down otherwise, level by level.
 */
function checkPath(trace: SearchTrace, sought: ModelEntry, height: number): void {
  let level = height - 1;
  const passed: ModelEntry[] = [];
  for (const step of trace.steps) {
    expect(step.level).toBe(level);
    const node = step.key && { ...sought, key: step.key, sequence: step.sequence };
    const smaller = node !== null && compareModelEntries(node, sought) < 0;
    expect(step.went).toBe(smaller ? 'right' : 'down');
    if (smaller) passed.push(node);
    else level--;
  }
  expect(level).toBe(-1);
  expect(passed).toEqual(passed.toSorted(compareModelEntries));
}

test('each step of a traced insert and lookup is a true comparison', () => {
  const memtable = memtableOf([]);
  for (const entry of entries(400)) {
    const trace = new SearchTrace();
    const height = memtable.arena.height;
    memtable.insert(encoded(entry), entry.sequence, 0, trace);
    checkPath(trace, entry, height);
  }
  for (const entry of entries(50)) {
    const trace = new SearchTrace();
    const node = memtable.find(entry.key, entry.sequence, trace);
    checkPath(trace, entry, memtable.arena.height);
    expect(memtable.arena.sequenceOf(node)).toBe(entry.sequence);
  }
});

test('with and without a trace the memory is the same byte for byte', () => {
  const fill = (traced: boolean): Memtable => {
    const memtable = memtableOf([], 9);
    for (const entry of entries(300)) {
      memtable.insert(encoded(entry), entry.sequence, 7, traced ? new SearchTrace() : null);
    }
    return memtable;
  };
  expect(Buffer.from(fill(true).buffer).equals(Buffer.from(fill(false).buffer))).toBe(true);
});

test('towers have the heights that chance gives', () => {
  const memtable = memtableOf([]);
  const heights: number[] = [];
  for (const entry of entries(8000)) {
    const node = memtable.insert(encoded(entry), entry.sequence, 0);
    heights[memtable.arena.heightOf(node)] = (heights[memtable.arena.heightOf(node)] ?? 0) + 1;
  }
  expect(heights[1]).toBeGreaterThan(5800);
  expect(heights[1]).toBeLessThan(6200);
  expect(heights[2]).toBeGreaterThan(1350);
  expect(heights[2]).toBeLessThan(1650);
});

test('a picture shows every node of a small list and a fair sample of a large one', () => {
  const all = entries(100);
  const small = memtableOf(all).describe(512);
  expect(small.nodes.map(({ sequence }) => sequence)).toEqual(
    all.toSorted(compareModelEntries).map(({ sequence }) => sequence),
  );
  const many = entries(6000);
  const order = many.toSorted(compareModelEntries).map(({ sequence }) => sequence);
  const large = memtableOf(many).describe(512);
  expect(large.entries).toBe(6000);
  const places = large.nodes.map(({ sequence }) => order.indexOf(sequence));
  expect(places).toHaveLength(512);
  expect(places).toEqual([...new Set(places)].sort((left, right) => left - right));
  expect(places[256]).toBeGreaterThan(2000);
  expect(places[256]).toBeLessThan(4000);
  const short = large.nodes.filter(({ height }) => height === 1).length;
  expect(short).toBeGreaterThan(512 * 0.4);
  expect(memtableOf(many).describe(0).nodes).toEqual([]);
});

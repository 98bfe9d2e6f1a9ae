// Small cases of threads at one skip list, in every order of their atomic steps (of the larger
// ones, in every order with few preemptions).

import { expect, test } from 'vitest';
import { assert } from '../../../src/base/assert.ts';
import { Random } from '../../../src/base/random.ts';
import { KIND_DELETE, KIND_PUT } from '../../../src/engine/entryKind.ts';
import { createArena, HEAD } from '../../../src/engine/memtable/arena.ts';
import type { Arena } from '../../../src/engine/memtable/arena.ts';
import { NO_NODE, SkipList } from '../../../src/engine/memtable/skipList.ts';
import { exploreOrders } from './interleaver.ts';
import { encoded } from './memtableModel.ts';
import type { ModelEntry } from './memtableModel.ts';

/** Towers of the heights wanted, one after the other. */
class ChosenHeights extends Random {
  private readonly heights: number[];

  constructor(...heights: number[]) {
    super(0);
    this.heights = heights;
  }

  override nextUint32(): number {
    return 2 ** (31 - 2 * (this.heights.shift()! - 1));
  }
}

function entry(key: string, sequence: number, kind: ModelEntry['kind'] = KIND_PUT): ModelEntry {
  const bytes = Buffer.from(key);
  return { kind, key: bytes, sequence, timestampMicros: 0, value: Buffer.from(`of ${key}`) };
}

/** A thread that inserts. */
function inserts(arena: Arena, ...given: readonly [ModelEntry, number][]): () => number[] {
  return () => {
    const list = new SkipList(arena, { shared: true });
    const random = new ChosenHeights(...given.map(([, height]) => height));
    return given.map(([each]) => list.insert(encoded(each), each.sequence, 0, random));
  };
}

/** A thread that looks up. */
function finds(arena: Arena, key: string, sequence: number): () => number {
  return () => new SkipList(arena, { shared: true }).find(Buffer.from(key), sequence);
}

/** Every entry in its order: `key@sequence`. */
function contentsOf(arena: Arena): string[] {
  const list = new SkipList(arena);
  const found: string[] = [];
  for (let node = list.first(); node !== NO_NODE; node = list.next(node)) {
    const key = Buffer.from(arena.copyKeyOf(node)).toString();
    expect(Buffer.from(arena.copyValueOf(node)).toString()).toBe(`of ${key}`);
    found.push(`${key}@${arena.sequenceOf(node)}`);
  }
  return found;
}

/** Each level holds, in the same order, nodes of the level below that are tall enough. */
function checkLevels(arena: Arena): void {
  const list = new SkipList(arena);
  let below = nodesOf(list, 0);
  for (let level = 1; level < arena.height; level++) {
    const nodes = nodesOf(list, level);
    const kept = below.filter((node) => nodes.includes(node));
    assert(nodes.join() === kept.join(), `level ${level} shortens the one below`);
    assert(
      nodes.every((node) => arena.heightOf(node) > level),
      'no node stands above its tower',
    );
    below = nodes;
  }
}

function nodesOf(list: SkipList, level: number): number[] {
  const nodes: number[] = [];
  let node = list.linkOf(HEAD, level);
  for (; node !== NO_NODE; node = list.linkOf(node, level)) nodes.push(node);
  return nodes;
}

/** At the end: all there, all towers linked to their tops, everything counted. */
function checkWhole(arena: Arena, contents: readonly string[], tombstones = 0): void {
  expect(contentsOf(arena)).toEqual(contents);
  expect(arena.entries).toBe(contents.length);
  expect(arena.tombstones).toBe(tombstones);
  const list = new SkipList(arena);
  const heights = nodesOf(list, 0).map((node) => arena.heightOf(node));
  expect(arena.height).toBe(Math.max(0, ...heights));
  for (let level = 0; level < arena.height; level++) {
    const tallEnough = heights.filter((height) => height > level).length;
    expect(nodesOf(list, level).length).toBe(tallEnough);
  }
}

test('the interleaver finds an update that is lost', () => {
  const memory = new Uint32Array(new SharedArrayBuffer(4));
  const increment = (): void => {
    const value = Atomics.load(memory, 0);
    Atomics.store(memory, 0, value + 1);
  };
  const ends = new Set<number>();
  const note = (): void => void ends.add(memory[0]!);
  exploreOrders(memory, [increment, increment], () => undefined, note);
  expect(ends).toEqual(new Set([1, 2]));
});

test('two towers into one place of an empty list', () => {
  const arena = createArena(200);
  const first = inserts(arena, [entry('a', 1), 2]);
  const second = inserts(arena, [entry('b', 2, KIND_DELETE), 2]);
  const { states, swapsLost } = exploreOrders(
    arena.words,
    [first, second],
    () => checkLevels(arena),
    () => checkWhole(arena, ['a@1', 'b@2'], 1),
    2,
  );
  expect(states).toBeGreaterThan(100);
  expect(swapsLost).toBeGreaterThan(10);
});

test('versions of one key, between neighbours', () => {
  const arena = createArena(300);
  inserts(arena, [entry('a', 1), 2], [entry('c', 2), 1])();
  const { swapsLost } = exploreOrders(
    arena.words,
    [inserts(arena, [entry('b', 3), 2]), inserts(arena, [entry('b', 4), 2])],
    () => checkLevels(arena),
    () => checkWhole(arena, ['a@1', 'b@4', 'b@3', 'c@2']),
  );
  expect(swapsLost).toBeGreaterThan(10);
});

test('three threads at once', () => {
  const arena = createArena(200);
  const { states } = exploreOrders(
    arena.words,
    [
      inserts(arena, [entry('b', 1), 1]),
      inserts(arena, [entry('a', 2), 1]),
      inserts(arena, [entry('c', 3), 1]),
    ],
    () => checkLevels(arena),
    () => checkWhole(arena, ['a@2', 'b@1', 'c@3']),
    1,
  );
  expect(states).toBeGreaterThan(1000);
});

test('a thread that inserts in order meets another in the place it remembers', () => {
  const arena = createArena(300);
  const { swapsLost } = exploreOrders(
    arena.words,
    [inserts(arena, [entry('a', 1), 2], [entry('c', 2), 2]), inserts(arena, [entry('b', 3), 2])],
    () => checkLevels(arena),
    () => checkWhole(arena, ['a@1', 'b@3', 'c@2']),
    2,
  );
  expect(swapsLost).toBeGreaterThan(10);
});

test('a reader sees a version that was there, and never an older one afterwards', () => {
  const arena = createArena(300);
  inserts(arena, [entry('k', 1), 2])();
  const looks = (): number[] => {
    const seen = [finds(arena, 'k', 9)(), finds(arena, 'k', 9)()];
    return seen.map((node) => arena.sequenceOf(node));
  };
  const ends = new Set<string>();
  exploreOrders(
    arena.words,
    [inserts(arena, [entry('k', 2), 2]), looks],
    () => checkLevels(arena),
    ([, seen]) => ends.add(String(seen)),
  );
  expect([...ends].toSorted()).toEqual(['1,1', '1,2', '2,2']);
});

test('where only one entry has room, one thread is told that there is none', () => {
  const arena = createArena(60);
  const ends = new Set<string>();
  exploreOrders(
    arena.words,
    [inserts(arena, [entry('a', 1), 1]), inserts(arena, [entry('b', 2), 1])],
    () => checkLevels(arena),
    (results) => {
      const refused = results.flat().filter((node) => node === NO_NODE).length;
      ends.add(`${contentsOf(arena).join()} ${refused}`);
    },
  );
  expect([...ends].toSorted()).toEqual(['a@1 1', 'b@2 1']);
});

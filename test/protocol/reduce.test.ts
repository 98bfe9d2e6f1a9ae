// The fold: over a model store's events it comes to the model's own state; over a sampled stream
// with summaries too; it shares what did not change and never minds events that do not fit.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSampled } from '../../src/protocol/eventClass.ts';
import { emptyState } from '../../src/protocol/emptyState.ts';
import { eventSchemas, stampedEventSchema } from '../../src/protocol/eventSchema.ts';
import type { LsmEvent } from '../../src/protocol/events.ts';
import { MEMTABLE_NODES_MAX } from '../../src/protocol/fold/memtable.ts';
import { reduce } from '../../src/protocol/reduce.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import type { SchemaNode } from '../../src/protocol/schema.ts';
import { checkShape } from '../../src/protocol/schema.ts';
import { treeStateSchema } from '../../src/protocol/treeStateSchema.ts';
import { differences } from './compareStates.ts';
import { ModelStore, runModel } from './modelStore.ts';
import { arbitraryOf } from './schemaArbitrary.ts';

const choices = fc.array(fc.nat({ max: 99 }), { maxLength: 80 });

function fold(events: readonly LsmEvent[], start: TreeState = emptyState()): TreeState {
  return events.reduce(reduce, start);
}

describe('reduce', () => {
  it('comes to the state that the store describes, after every step', () => {
    fc.assert(
      fc.property(choices, (steps) => {
        let folded = new ModelStore().describe();
        let seen = 0;
        runModel(steps, (store) => {
          store.summarize();
          folded = fold(store.events.slice(seen), folded);
          seen = store.events.length;
          expect(differences(folded, store.describe())).toEqual([]);
        });
      }),
    );
  });

  it('comes to the same figures when sampled events are left out and a summary follows', () => {
    const kept = fc.infiniteStream(fc.boolean());
    fc.assert(
      fc.property(choices, kept, (steps, keeps) => {
        const start = new ModelStore().describe();
        const store = runModel(steps, () => undefined);
        store.summarize();
        const sampled = store.events.filter((event) => {
          const kept = keeps.next().value;
          return kept === true || !isSampled(event.kind);
        });
        expect(differences(fold(sampled, start), store.describe())).toEqual([]);
      }),
    );
  });

  it('folds on from a state in the middle as if it had seen everything', () => {
    fc.assert(
      fc.property(choices, fc.nat(), (steps, at) => {
        const store = runModel(steps, () => undefined);
        const cut = at % (store.events.length + 1);
        const middle = fold(store.events.slice(0, cut));
        const after = fold(store.events.slice(cut), middle);
        expect(after).toEqual(fold(store.events));
      }),
    );
  });

  it('takes any event on any state and gives a valid state', () => {
    const state = arbitraryOf(treeStateSchema);
    const event = arbitraryOf(stampedEventSchema);
    fc.assert(
      fc.property(state, fc.array(event, { maxLength: 5 }), (start, events) => {
        const end = fold(events, start);
        expect(() => checkShape(treeStateSchema, end, 'state')).not.toThrow();
      }),
      { numRuns: 300 },
    );
  });

  it('shares what an event did not change', () => {
    const store = runModel([1, 2, 3, 75, 4, 76], () => undefined);
    const state = fold(store.events);
    const read: LsmEvent = {
      kind: 'block.read',
      operation: 1,
      file: 1,
      block: 0,
      offset: 0,
      sizeBytes: 10,
      rawSizeBytes: 10,
      cacheHit: false,
      durationMicros: 1,
      cacheSizeBytes: 10,
      cacheBlocks: 1,
      number: 99,
      timeMicros: 99,
    };
    const after = reduce(state, read);
    expect(after.families).toBe(state.families);
    expect(after.wal).toBe(state.wal);
    expect(after.cache).toEqual({ ...state.cache, sizeBytes: 10, blocks: 1 });
    expect(after.eventNumber).toBe(99);
  });

  it('never changes the state it was given', () => {
    const store = runModel([1, 2, 75, 3, 76, 80, 89, 5, 95], () => undefined);
    let state = new ModelStore().describe();
    for (const event of store.events) {
      const before = structuredClone(state);
      const after = reduce(state, event);
      expect(state).toEqual(before);
      state = after;
    }
  });

  it.each([
    'write.begin',
    'write.group',
    'table.entry',
    'table.filter',
    'compaction.pick',
    'get.begin',
    'memtable.lookup',
    'table.skip',
    'filter.check',
    'index.seek',
    'block.search',
    'get.end',
    'scan.begin',
    'scan.end',
  ] as const)('%s tells what was done and changes nothing', (kind) => {
    const store = runModel([1, 2, 75, 3, 76, 80, 89, 5], () => undefined);
    const state = fold(store.events);
    const body = arbitraryOf<object>(eventSchemas[kind] as SchemaNode);
    fc.assert(
      fc.property(body, (fields) => {
        const event = { ...fields, kind, number: 500, timeMicros: 501 } as LsmEvent;
        expect(reduce(state, event)).toEqual({ ...state, eventNumber: 500, timeMicros: 501 });
      }),
      { numRuns: 20 },
    );
  });
});

describe('memtable nodes', () => {
  function insert(key: number, sequence: number, entries: number): LsmEvent {
    return {
      kind: 'memtable.insert',
      family: 0,
      memtable: 1,
      operation: sequence,
      entryKind: 'put',
      key: new Uint8Array([key >> 8, key & 255]),
      sequence,
      valueSizeBytes: 1,
      valuePreview: new Uint8Array(1),
      height: 1,
      path: [],
      entries,
      tombstones: 0,
      sizeBytes: entries,
      number: sequence,
      timeMicros: sequence,
    };
  }

  it('stand in key order, the newest version of a key first', () => {
    const state = fold([insert(5, 1, 1), insert(2, 2, 2), insert(5, 3, 3), insert(9, 4, 4)]);
    const nodes = state.families[0]!.memtable.nodes.map((node) => [node.key[1], node.sequence]);
    expect(nodes).toEqual([
      [2, 2],
      [5, 3],
      [5, 1],
      [9, 4],
    ]);
  });

  it('are a bounded, even sample that does not depend on the order of arrival', () => {
    const count = 5000;
    const forwards = Array.from({ length: count }, (_, index) =>
      insert(index, index + 1, index + 1),
    );
    const sample = fold(forwards).families[0]!.memtable.nodes;
    expect(sample).toHaveLength(MEMTABLE_NODES_MAX);
    expect(fold(forwards.toReversed()).families[0]!.memtable.nodes).toEqual(sample);
    // Each tenth of the key range holds about a tenth of the sample.
    for (let tenth = 0; tenth < 10; tenth++) {
      const inside = sample.filter(
        ({ sequence }) => Math.floor((sequence - 1) / (count / 10)) === tenth,
      );
      expect(inside.length).toBeGreaterThan(25);
      expect(inside.length).toBeLessThan(85);
    }
  });
});

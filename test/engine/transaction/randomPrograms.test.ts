// Random transactions, step by step in a random order, over two column families and with every kind
// of write, against a model that knows what each must see and what must conflict.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { scan } from '../../model/storeModel.ts';
import type { Content } from '../../model/storeModel.ts';
import { bytes, newStore } from '../testStore.ts';
import { BUSY } from './busyStore.ts';
import { ModelledTransaction } from './modelledTransaction.ts';
import type { Program, Step } from './modelledTransaction.ts';
import { inFamily, ORDINARY_KEYS, SINGLE_KEYS, withoutFamily } from './modelledTransaction.ts';

const family = fc.constantFrom(0, 1);
const key = fc.constantFrom(...ORDINARY_KEYS);
const anyKey = fc.constantFrom(...ORDINARY_KEYS, ...SINGLE_KEYS);
const maybeKey = fc.option(key, { nil: undefined });
const value = fc.string({ maxLength: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('get', 'getForUpdate'), family, key: anyKey }),
  fc.record({ kind: fc.constantFrom('delete'), family, key }),
  fc.record({ kind: fc.constantFrom('put'), family, key, value }),
  fc.record({ kind: fc.constantFrom('put', 'merge'), family, key, value }),
  fc.record({ kind: fc.constantFrom('toggle'), family, key: fc.constantFrom(...SINGLE_KEYS) }),
  fc.record({ kind: fc.constantFrom('deleteRange'), family, from: key, to: key }),
  fc.record({
    kind: fc.constantFrom('scan'),
    family,
    from: maybeKey,
    to: maybeKey,
    reverse: fc.boolean(),
    limit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined }),
  }),
  fc.record({ kind: fc.constantFrom('setSavepoint', 'rollbackToSavepoint') }),
);
const program: fc.Arbitrary<Program> = fc.record({
  isolation: fc.constantFrom('snapshot', 'serializable'),
  steps: fc.array(step, { minLength: 1, maxLength: 8 }),
});

test('see and conflict exactly as the model says', { timeout: 60_000 }, async () => {
  let conflicts = 0;
  const property = fc.asyncProperty(
    fc.array(program, { minLength: 2, maxLength: 5 }),
    fc.array(fc.nat({ max: 4 }), { maxLength: 40 }),
    fc.boolean(),
    async (programs, schedule, flushes) => {
      const { store } = await newStore({
        ...(flushes ? { ...BUSY, memtableSize: 1024 } : {}),
        mergeOperator: 'stringappend:',
      });
      const families = [store.families[0]!, await store.createFamily('other')];
      let content: Content = new Map();
      const running = programs.map(() => ({
        model: undefined as ModelledTransaction | undefined,
        next: 0,
        changed: new Set<string>(),
      }));
      const advance = async (index: number): Promise<void> => {
        const { isolation, steps } = programs[index]!;
        const self = running[index]!;
        if (self.next > steps.length) return;
        self.model ??= new ModelledTransaction(store, families, isolation, content);
        const { model } = self;
        if (self.next < steps.length) {
          await model.perform(steps[self.next++]!);
          return;
        }
        self.next++;
        const after = await model.commit(content, self.changed);
        if (after === undefined) {
          conflicts++;
          return;
        }
        content = after;
        for (const other of running) {
          if (other.model === undefined || other === self) continue;
          for (const written of model.writtenKeys) other.changed.add(written);
        }
        if (flushes) await store.flush();
      };
      for (const turn of schedule) await advance(turn % programs.length);
      for (const [index, { steps }] of programs.entries()) {
        for (let more = steps.length + 1; more > 0; more--) await advance(index);
      }
      for (const [id, each] of families.entries()) {
        const expected = scan(content, { prefix: bytes(inFamily(id, '')) }).map(withoutFamily);
        expect([...store.entries({ family: each })]).toEqual(expected);
      }
      await store.close();
    },
  );
  await fc.assert(property, { numRuns: 150 });
  expect(conflicts).toBeGreaterThan(10);
});

// The generators: equal options give equal operations, shares and popularity are as promised, and
// the seed's example does what its document says.

import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../../../src/base/bytes.ts';
import { Random } from '../../../src/base/random.ts';
import type { WorkloadOptions } from '../../../src/protocol/messages.ts';
import { WORKLOAD_NAMES } from '../../../src/protocol/messages.ts';
import type { Operation } from '../../../src/session/workloads/operation.ts';
import { planWorkload } from '../../../src/session/workloads/planWorkload.ts';
import { runWorkload } from '../../../src/session/workloads/runWorkload.ts';
import { ScrambledZipfian, Zipfian } from '../../../src/session/workloads/zipfian.ts';
import { MapTarget } from './mapTarget.ts';

const OPTIONS: WorkloadOptions = {
  name: 'uniform',
  operations: 2000,
  records: 500,
  valueSizeBytes: 20,
  seed: 42,
  operationsPerSecond: 0,
};
const START_MICROS = 1_700_000_000_000_000;

function operationsOf(options: Partial<WorkloadOptions>): Operation[] {
  const target = new MapTarget();
  const { steps } = planWorkload({ ...OPTIONS, ...options }, START_MICROS);
  const operations: Operation[] = [];
  for (let step = steps.next({}); step.done !== true;) {
    operations.push(step.value);
    step = steps.next(target.perform(step.value));
  }
  return operations;
}

function share(operations: readonly Operation[], kind: Operation['kind']): number {
  const counted = operations.filter((operation) => operation.kind !== 'say');
  return counted.filter((operation) => operation.kind === kind).length / counted.length;
}

describe('every workload', () => {
  it.each(WORKLOAD_NAMES)('%s repeats for a seed and differs for another', (name) => {
    const first = operationsOf({ name });
    expect(operationsOf({ name })).toEqual(first);
    expect(first.filter((operation) => operation.kind !== 'say').length).toBeGreaterThan(500);
    const other = operationsOf({ name, seed: 43 });
    expect(JSON.stringify(other) === JSON.stringify(first)).toBe(name === 'users');
  });

  it.each(WORKLOAD_NAMES)('%s asks for no more operations than it promises', (name) => {
    const { operations } = planWorkload({ ...OPTIONS, name }, START_MICROS);
    const store = operationsOf({ name }).filter(({ kind }) => kind !== 'say' && kind !== 'summary');
    const extra = name === 'ycsb-f' ? OPTIONS.operations : 0;
    expect(store.length).toBeLessThanOrEqual(operations + extra);
  });

  it.each(['operations', 'records', 'valueSizeBytes'] as const)('refuses a wrong %s', (field) => {
    const options = { ...OPTIONS, [field]: 1.5 };
    expect(() => planWorkload(options, 0)).toThrow(`${field} is 1.5`);
  });
});

describe('the seed’s example', () => {
  it('inserts 1000 users, reads, scans, updates, deletes, verifies and tells figures', () => {
    const operations = operationsOf({ name: 'users', records: 1000 });
    const store = operations.filter((operation) => operation.kind !== 'say');
    const puts = store.slice(0, 1000);
    expect(puts.every((operation) => operation.kind === 'put')).toBe(true);
    const first = puts[0] as Operation & { kind: 'put' };
    expect(decodeUtf8(first.key)).toBe('user:0000');
    expect(JSON.parse(decodeUtf8(first.value))).toEqual({
      name: 'User 0',
      email: 'user0@example.com',
      created_at: '2023-11-14T22:13:20.000Z',
    });
    const after = store.slice(1000).map((operation) => {
      if (operation.kind === 'summary') return operation.kind;
      if (operation.kind !== 'scan') return `${operation.kind} ${decodeUtf8(operation.key)}`;
      return `scan ${decodeUtf8(operation.from)} to ${decodeUtf8(operation.to!)}`;
    });
    expect(after).toEqual([
      'get user:0500',
      'scan user:0100 to user:0110',
      'put user:0500',
      'delete user:0500',
      'get user:0500',
      'summary',
    ]);
    const said = operations.flatMap((operation) =>
      operation.kind === 'say' ? [operation.message] : [],
    );
    expect(said[0]).toBe('Inserting 1000 records');
    expect(said).toContain('Inserted 901 records');
    expect(said).toContain('Found user: User 500');
    expect(said.find((message) => message.startsWith('Range scan'))).toContain(
      'user:0109 → User 109',
    );
    expect(said.at(-2)).toContain('Deleted user:0500');
    expect(said.at(-1)).toBe('Final statistics: a map of 999 entries');
  });

  it('notices a store that loses what was written', () => {
    const { steps } = planWorkload({ ...OPTIONS, name: 'users', records: 10 }, START_MICROS);
    const run = (): void => {
      for (let step = steps.next({}); step.done !== true;) step = steps.next({});
    };
    expect(run).toThrow('user:0005 was written and is not there');
  });
});

describe('mixes', () => {
  it.each([
    ['ycsb-a', { get: 0.5, put: 0.5, scan: 0 }],
    ['ycsb-b', { get: 0.95, put: 0.05, scan: 0 }],
    ['ycsb-c', { get: 1, put: 0, scan: 0 }],
    ['ycsb-d', { get: 0.95, put: 0.05, scan: 0 }],
    ['ycsb-e', { get: 0, put: 0.05, scan: 0.95 }],
    ['ycsb-f', { get: 2 / 3, put: 1 / 3, scan: 0 }],
  ] as const)('%s has the shares of its letter', (name, shares) => {
    const loaded = OPTIONS.records + 1;
    const run = operationsOf({ name, operations: 10_000 })
      .filter((operation) => operation.kind !== 'say')
      .slice(loaded);
    for (const kind of ['get', 'put', 'scan'] as const) {
      expect(Math.abs(share(run, kind) - shares[kind])).toBeLessThan(0.02);
    }
  });

  it('half of a delete-heavy one deletes', () => {
    expect(Math.abs(share(operationsOf({ name: 'delete-heavy' }), 'delete') - 0.5)).toBeLessThan(
      0.05,
    );
  });

  it('loads the Yahoo! records only when they are not there', () => {
    const target = new MapTarget();
    for (const expected of [OPTIONS.records, 0]) {
      const { steps } = planWorkload({ ...OPTIONS, name: 'ycsb-c', operations: 10 }, 0);
      let puts = 0;
      for (let step = steps.next({}); step.done !== true;) {
        if (step.value.kind === 'put') puts++;
        step = steps.next(target.perform(step.value));
      }
      expect(puts).toBe(expected);
    }
  });

  it('the latest-first one reads what was inserted last most often', () => {
    const reads = new Map<number, number>();
    let newest = OPTIONS.records - 1;
    for (const operation of operationsOf({ name: 'ycsb-d', operations: 20_000 }).slice(
      OPTIONS.records + 3,
    )) {
      if (operation.kind === 'put') newest++;
      if (operation.kind !== 'get') continue;
      const age = newest - Number(decodeUtf8(operation.key).slice(4));
      reads.set(age, (reads.get(age) ?? 0) + 1);
    }
    expect(reads.get(0)!).toBeGreaterThan(reads.get(10)! * 3);
  });
});

describe('zipfian choice', () => {
  it('gives rank r a probability proportional to 1 / r^0.99', () => {
    const random = new Random(7);
    const zipfian = new Zipfian(1000);
    const counts = new Uint32Array(1000);
    const draws = 200_000;
    for (let draw = 0; draw < draws; draw++) counts[zipfian.next(random)]!++;
    let zeta = 0;
    for (let rank = 1; rank <= 1000; rank++) zeta += 1 / rank ** 0.99;
    for (const rank of [1, 2, 10, 100]) {
      const expected = draws / rank ** 0.99 / zeta;
      // Beyond the first two ranks the method of Gray et al. is an approximation.
      expect(Math.abs(counts[rank - 1]! - expected) / expected).toBeLessThan(
        rank <= 2 ? 0.03 : 0.25,
      );
    }
  });

  it('extended item by item is the same as made at once', () => {
    const grown = new Zipfian(10);
    for (let items = 11; items <= 200; items++) grown.growTo(items);
    const whole = new Zipfian(200);
    const [first, second] = [new Random(3), new Random(3)];
    for (let draw = 0; draw < 1000; draw++) expect(grown.next(first)).toBe(whole.next(second));
  });

  it('scrambled, spreads the popular over the whole range', () => {
    const random = new Random(9);
    const scrambled = new ScrambledZipfian();
    const counts = new Map<number, number>();
    for (let draw = 0; draw < 50_000; draw++) {
      const item = scrambled.next(random, 1000);
      counts.set(item, (counts.get(item) ?? 0) + 1);
    }
    const popular = [...counts].toSorted((left, right) => right[1] - left[1]).slice(0, 10);
    expect(popular[0]![1]).toBeGreaterThan(50_000 / 40);
    const items = popular.map(([item]) => item);
    expect(Math.max(...items) - Math.min(...items)).toBeGreaterThan(300);
    expect(Math.min(...counts.keys())).toBeGreaterThanOrEqual(0);
    expect(Math.max(...counts.keys())).toBeLessThan(1000);
  });
});

describe('a run', () => {
  /** A clock and event loop of its own: waiting takes no time but moves the clock. */
  function world(): {
    clock: { wallMicros(): number; monotonicMicros(): number };
    scheduler: never;
  } {
    let now = 0;
    const clock = { wallMicros: () => now, monotonicMicros: () => now };
    const scheduler = {
      turn: () => Promise.resolve(),
      after: (millis: number, callback: () => void) => {
        now += millis * 1000;
        queueMicrotask(callback);
        return { cancel: () => undefined };
      },
    };
    return { clock, scheduler: scheduler as never };
  }

  it('keeps to its rate', async () => {
    const plan = planWorkload({ ...OPTIONS, operations: 500 }, 0);
    const result = await runWorkload(plan, new MapTarget(), world(), { operationsPerSecond: 100 });
    expect(result.operations).toBe(500);
    expect(result.durationMicros).toBeGreaterThan(4_900_000);
    expect(result.durationMicros).toBeLessThan(5_100_000);
  });

  it('tells how far it is, and stops when asked', async () => {
    const signal = { aborted: false };
    const done: number[] = [];
    const plan = planWorkload(OPTIONS, 0);
    const running = runWorkload(plan, new MapTarget(), world(), {
      operationsPerSecond: 0,
      signal,
      onProgress: (progress) => {
        done.push(progress.done);
        signal.aborted = progress.done === 700;
      },
    });
    await expect(running).rejects.toMatchObject({
      code: 'CANCELLED',
      message: /after 700 operations/,
    });
    expect(done).toEqual(Array.from({ length: 700 }, (_, index) => index + 1));
  });
});

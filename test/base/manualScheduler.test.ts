// Time and turns that obey the test.

import { expect, test } from 'vitest';
import { ManualScheduler } from '../../src/base/manualScheduler.ts';
import { Random } from '../../src/base/random.ts';

test('timers fire in order of their time, also those set meanwhile, and not when cancelled', () => {
  const scheduler = new ManualScheduler();
  const fired: string[] = [];
  scheduler.after(20, () => fired.push('20'));
  scheduler.after(10, () => {
    fired.push('10');
    scheduler.after(5, () => fired.push('15'));
  });
  scheduler.after(20, () => fired.push('20 again'));
  scheduler.after(12, () => fired.push('never')).cancel();
  scheduler.advance(9);
  expect(fired).toEqual([]);
  scheduler.advance(11);
  expect(fired).toEqual(['10', '15', '20', '20 again']);
  expect(scheduler.pendingTimers).toBe(0);
});

async function orderOfTurns(scheduler: ManualScheduler): Promise<string> {
  let order = '';
  const worker = async (name: string): Promise<void> => {
    for (let step = 0; step < 8; step++) {
      await scheduler.turn();
      order += name;
    }
  };
  await Promise.all([worker('a'), worker('b'), worker('c')]);
  return order;
}

test('turns are granted in order, or in an order that repeats for its seed', async () => {
  expect(await orderOfTurns(new ManualScheduler())).toBe('abc'.repeat(8));
  const first = await orderOfTurns(new ManualScheduler(new Random(1)));
  expect(await orderOfTurns(new ManualScheduler(new Random(1)))).toBe(first);
  expect(await orderOfTurns(new ManualScheduler(new Random(2)))).not.toBe(first);
});

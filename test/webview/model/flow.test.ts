import { expect, test } from 'vitest';
import { emptyState } from '../../../src/protocol/emptyState.ts';
import { flowRates } from '../../../webview/model/flow.ts';

test('writes are counted by their sequence numbers, also where no engine of ours counts', () => {
  const earlier = { ...emptyState(), lastSequence: 1000, timeMicros: 1_000_000 };
  const later = { ...earlier, lastSequence: 10_000, timeMicros: 1_500_000 };
  expect(flowRates(earlier, later).perSecond['write.end']).toBe(18_000);
});

// Whether any figure of a store has moved since it was last told.

import type { Gauges } from '../../protocol/events.ts';

/** Compares two readings figure by figure. */
export function equalGauges(left: Gauges, right: Gauges): boolean {
  return equalPlain(left, right);
}

function equalPlain(left: unknown, right: unknown): boolean {
  if (typeof left !== 'object' || left === null) return left === right;
  if (typeof right !== 'object' || right === null) return false;
  for (const name in left) {
    const same = equalPlain(
      (left as Record<string, unknown>)[name],
      (right as Record<string, unknown>)[name],
    );
    if (!same) return false;
  }
  return Object.keys(left).length === Object.keys(right).length;
}

// Range deletes as property tests draw them.

import fc from 'fast-check';
import { compareBytes } from '../../../src/base/bytes.ts';
import type { RangeTombstone } from '../../../src/engine/rangeDelete/rangeTombstone.ts';
import { keyArbitrary } from '../modelEntries.ts';

/** Spans that meet, numbered from 1 on, oldest first. */
export function tombstonesArbitrary(maxLength: number): fc.Arbitrary<RangeTombstone[]> {
  return fc.array(fc.tuple(keyArbitrary, keyArbitrary), { maxLength }).map((pairs) =>
    pairs
      .map(([left, right]) => (compareBytes(left, right) <= 0 ? [left, right] : [right, left]))
      .filter(([from, to]) => compareBytes(from!, to!) < 0)
      .map(([from, to], index) => ({
        from: from!,
        to: to!,
        sequence: index + 1,
        timestampMicros: 1_700_000_000_000_000 + index,
      })),
  );
}

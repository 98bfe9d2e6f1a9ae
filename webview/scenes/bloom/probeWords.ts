// What a probe asks and what it finds, in the words of the filter's kind: a Bloom filter's probe
// asks one bit, a ribbon's or a fuse filter's the parity of the bits that the key picks in one
// column.

import type { FilterProbe } from '../../../src/protocol/events.ts';
import type { FilterCheck } from './lookupStory.ts';

type Kind = Pick<FilterCheck, 'filterKind'>;

/** Where it looks: `bit 0x3bc`, `at bit 0x3bc`. */
export function probeText({ filterKind }: Kind, { bit }: FilterProbe): string {
  const place = `bit 0x${bit.toString(16)}`;
  return filterKind !== undefined ? `at ${place}` : place;
}

/** What it found: `is set`, `has the parity asked`. */
export function foundText({ filterKind }: Kind, { set }: FilterProbe): string {
  if (filterKind !== undefined) return set ? 'has the parity asked' : 'has the other parity';
  return set ? 'is set' : 'is not set';
}

/** Its name before it has been asked: `probe 2`, `column 2`. */
export function probeName({ filterKind }: Kind, index: number): string {
  return `${filterKind !== undefined ? 'column' : 'probe'} ${index + 1}`;
}

/** What all that said yes have in common: `all 6 bits are set`. */
export function allFoundText({ filterKind, probes }: Kind & Pick<FilterCheck, 'probes'>): string {
  return filterKind !== undefined
    ? `all ${probes.length} columns have the parity asked`
    : `all ${probes.length} bits are set`;
}

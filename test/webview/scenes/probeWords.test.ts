// A Bloom filter's probes ask bits, a ribbon's and a fuse filter's ask parities: the same words as
// the narration's.

import { expect, test } from 'vitest';
import {
  allFoundText,
  foundText,
  probeName,
  probeText,
} from '../../../webview/scenes/bloom/probeWords.ts';

const bloom = {};
const yes = { bit: 0x3bc, set: true };
const no = { bit: 0x3bc, set: false };

test('a Bloom filter', () => {
  expect(`${probeName(bloom, 1)} ${probeText(bloom, yes)} ${foundText(bloom, yes)}`).toBe(
    'probe 2 bit 0x3bc is set',
  );
  expect(foundText(bloom, no)).toBe('is not set');
  expect(allFoundText({ ...bloom, probes: [yes, yes] })).toBe('all 2 bits are set');
});

test.each([{ filterKind: 'ribbon' }, { filterKind: 'fuse' }] as const)('$filterKind', (ribbon) => {
  expect(`${probeName(ribbon, 1)} ${probeText(ribbon, yes)} ${foundText(ribbon, yes)}`).toBe(
    'column 2 at bit 0x3bc has the parity asked',
  );
  expect(foundText(ribbon, no)).toBe('has the other parity');
  const all = allFoundText({ ...ribbon, probes: [yes, yes] });
  expect(all).toBe('all 2 columns have the parity asked');
});

// Pebble's binary fuse filters, as its own writer made them of the keys `key 0` to `key 39`, and
// what its reader answers for the keys after them.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { probeFuse } from '../../src/readers/sst/filters/fuseProbes.ts';
import { flipped, fromBase64 } from '../base/compression/sample.ts';

const KEYS = 40;
const ASKED = 240;

/** By the bits of a fingerprint. */
const FILTERS: readonly (readonly [bits: number, filter: string, wrong: readonly number[]])[] = [
  [
    4,
    'AAArrAAAAAoNAAygAQoAAAADAADwACoA8OADCQmgoNAHLwAAvywQAAGgAADKCwAbwVwCiewtCpEBAAAA' + 'BQQ=',
    [42, 61, 64, 108, 112, 126, 139, 143, 162, 163, 164, 176, 190],
  ],
  [
    8,
    'AACQACuSDHoAAAAAAADKAI0AAABMAACq4QAqAAAAAAAAAFMAAAAAYACPAACqIgAAAB8AnqMA+QCpAADa' +
      'AHoAvacA30IAAAAAP9vM4gCxAABxAADKAJAAAOqMuwAAAHtRwVwCiewtCpEBAAAABQg=',
    [162, 176],
  ],
  [
    10,
    'AAAAKQArS8aAXgAAAAAAAACgPACNAwAAAEwDAICq4QCgEgAAAAAAAAAAMBUAAAAAAFgAPAIAAKqJBAAA' +
      'AHwIgGejAJAfAKkBAIB2AOgJQG+nA/CtEAAAAAAAP23DrPgAxA4AAHEDAIByAEACAADqMbIbAAAAsEeU' +
      'AAAAwVwCiewtCpEBAAAABQo=',
    [],
  ],
  [
    12,
    'AAAAkAIAKyvZDKTXAAAAAAAAAAAAygsAjQMAAAAATAMAAKDq4QwAKgEAAAAAAAAAAAAAUwkAAAAAAACW' +
      'APCIAAAAqi0SAAAAAPDhAOBZowwA+QUAqQEAAKDdAKBnANBbpwsA3y4EAAAAAAAAP71NzCI+ABA7AAAA' +
      'cQ8AAKCcAADJAAAA6s0Iuw0AAAAAexClAMFcAonsLQqRAQAAAAUM',
    [],
  ],
  [
    16,
    'AAAAAJAiAAArm5INDLR63QAAAAAAAAAAAAAAAMqbAACNUwAAAAAAAEzTAAAAAKoe4TwAACpBAAAAAAAA' +
      'AAAAAAAAAABTKQAAAAAAAAAAYCkAAI9oAAAAAKoNIgEAAAAAAAAfzgAAntWjHAAA+QUAAKmRAAAAANrN' +
      'AAB6pgAAvVWnOwAA375CUAAAAAAAAAAAP33b1Mzy4nMAALFzAAAAAHHPAAAAAMpJAACQvAAAAADqHYyg' +
      'ux0AAAAAAAB7IFFKwVwCiewtCpEBAAAABRA=',
    [],
  ],
];

function maybeKeys(filter: Uint8Array): number[] {
  const keys = Array.from({ length: ASKED }, (_, key) => key);
  return keys.filter((key) => probeFuse(filter, encodeUtf8(`key ${key}`)).mayContain);
}

test.each(FILTERS)('of %i bits', (bits, text, wrong) => {
  const filter = fromBase64(text);
  const held = Array.from({ length: KEYS }, (_, key) => key);
  expect(maybeKeys(filter)).toEqual([...held, ...wrong]);
  const verdict = probeFuse(filter, encodeUtf8('key 7'));
  expect(verdict).toMatchObject({ kind: 'fuse', probesMax: bits, mayContain: true });
  expect(verdict.probes.length).toBe(bits);
  expect(verdict.probes.every(({ bit, set }) => set && bit < verdict.bitCount)).toBe(true);
});

test('an empty filter has no keys, and damage says that all may be there or asks on', () => {
  expect(probeFuse(new Uint8Array(14), encodeUtf8('key 7')).mayContain).toBe(false);
  const good = fromBase64(FILTERS[1]![1]);
  const width = good.slice();
  width[width.length - 1] = 9;
  expect(probeFuse(width, encodeUtf8('no key'))).toMatchObject({ mayContain: true, probesMax: 0 });
  fc.assert(
    fc.property(flipped(good), (bytes) => {
      expect(probeFuse(bytes, encodeUtf8('key 7')).probes.length).toBeLessThanOrEqual(16);
    }),
  );
});

// A key buffer holds what was put in last, always followed by the zeros that word comparisons read.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sharedPrefixLength } from '../../../src/base/bytes.ts';
import { viewOf } from '../../../src/base/words.ts';
import { Entry } from '../../../src/engine/iterator/entry.ts';
import { KeyBuffer } from '../../../src/engine/iterator/keyBuffer.ts';
import { fillEntry, keyArbitrary } from '../modelEntries.ts';

const change = fc.record({
  keep: fc.nat(40),
  bytes: fc.oneof(keyArbitrary, fc.uint8Array({ minLength: 60, maxLength: 300 })),
  whole: fc.boolean(),
});

test('a key buffer follows every change', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 20 }), keyArbitrary, (changes, other) => {
      const buffer = new KeyBuffer();
      const entry = new Entry();
      let model = new Uint8Array(0);
      for (const { keep, bytes, whole } of changes) {
        if (whole) {
          buffer.setToBytes(bytes);
          model = new Uint8Array(bytes);
        } else {
          const kept = Math.min(keep, model.length);
          buffer.replaceFrom(kept, bytes, viewOf(bytes), 0, bytes.length);
          model = new Uint8Array([...model.subarray(0, kept), ...bytes]);
        }
        expect(buffer.toBytes()).toEqual(model);
        expect([...buffer.bytes.subarray(model.length, model.length + 4)]).toEqual([0, 0, 0, 0]);
        for (const key of [other, model.slice(0, keep)]) {
          fillEntry(entry, { key, sequence: 1, kind: 1, timestampMicros: 0, value: key });
          expect(buffer.sharedPrefixLength(entry)).toBe(sharedPrefixLength(model, key));
        }
      }
    }),
  );
});

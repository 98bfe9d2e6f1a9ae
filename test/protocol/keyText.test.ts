import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { keyText, printableText } from '../../src/protocol/keyText.ts';

describe('keyText', () => {
  it.each([
    ['user:0500', 'user:0500'],
    ['FR/Orléans', 'FR/Orléans'],
    ['東京 🗼', '東京 🗼'],
    ['', "''"],
  ])('shows printable text %j as it is', (text, label) => {
    expect(keyText(encodeUtf8(text))).toBe(label);
  });

  it.each([
    [[0x00, 0x01], '0x0001'],
    [[0x61, 0x0a], '0x610a'],
    [[0xff, 0xfe], '0xfffe'],
    [[0xe2, 0x80, 0xae], '0xe280ae'],
  ])('shows %j as digits', (bytes, label) => {
    expect(keyText(new Uint8Array(bytes))).toBe(label);
  });

  it('reads bytes that lie on shared memory', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(3));
    shared.set(encodeUtf8('abc'));
    expect(keyText(shared)).toBe('abc');
  });

  it('shortens without splitting a character', () => {
    expect(keyText(encodeUtf8('abcdef'), 4)).toBe('abc…');
    expect(keyText(encodeUtf8('a🗼bcdef'), 3)).toBe('a…');
  });

  it('is never longer than asked, and printable text comes back', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 40 }),
        fc.integer({ min: 2, max: 50 }),
        (bytes, max) => {
          expect(keyText(bytes, max).length).toBeLessThanOrEqual(max);
          const text = printableText(bytes);
          const back = text === undefined ? bytes : encodeUtf8(text);
          expect([...back]).toEqual([...bytes]);
        },
      ),
    );
  });
});

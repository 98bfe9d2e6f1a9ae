import fc from 'fast-check';
import { expect, test } from 'vitest';
import { concatBytes, encodeHex, encodeUtf8 } from '../../src/base/bytes.ts';
import { EntryLines } from '../../src/cli/entryLines.ts';
import { textOf } from '../../src/cli/format.ts';

type Entry = readonly [Uint8Array, Uint8Array];

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => encodeUtf8(text)),
  fc.constantFrom('', '\u2028', '\ufeff', '\u007f', '"\\\b\t\n\f\r\u0000\u001f').map(encodeUtf8),
);

function lineOf([key, value]: Entry, hexOnly: boolean): string {
  const digits = { keyHex: encodeHex(key), valueHex: encodeHex(value) };
  const texts = { key: textOf(key), value: textOf(value) };
  return `${JSON.stringify(hexOnly ? digits : { ...texts, ...digits })}\n`;
}

function linesOf(entries: readonly Entry[], hexOnly: boolean): string {
  const lines = new EntryLines(hexOnly);
  const taken: Uint8Array[] = [];
  for (const [key, value] of entries) {
    lines.add(key, value);
    if (lines.isFull) taken.push(lines.take().slice());
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(
    concatBytes([...taken, lines.take()]),
  );
}

test('a line is what JSON.stringify makes of the entry, whatever its bytes', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes, bytes)), fc.boolean(), (entries, hexOnly) => {
      const expected = entries.map((entry) => lineOf(entry, hexOnly)).join('');
      expect(linesOf(entries, hexOnly)).toBe(expected);
    }),
  );
});

test('entries that are larger than all that is gathered come whole', () => {
  const large = encodeUtf8('\u0001'.repeat(400_000));
  const entries: Entry[] = [
    [large, large],
    [encodeUtf8('a'), large.map(() => 0xff)],
    [encodeUtf8('b'), encodeUtf8('small')],
  ];
  const expected = entries.map((entry) => lineOf(entry, false)).join('');
  expect(linesOf(entries, false) === expected).toBe(true);
});

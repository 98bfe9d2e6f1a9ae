import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ELLIPSIS,
  shortenEnd,
  shortenStart,
  textWidth,
} from '../../../../webview/scenes/drawing/textWidth.ts';

const plain = { size: 12, face: 'plain', strong: false } as const;
const code = { size: 10, face: 'code', strong: false } as const;

test('the code face gives every known character the same width', () => {
  expect(textWidth('iiii', code)).toBeCloseTo(textWidth('WWWW', code));
  expect(textWidth('user:0500', code)).toBeCloseTo(9 * 6.02);
});

test('bold is wider, and so is a letter without a table', () => {
  expect(textWidth('sync', { ...plain, strong: true })).toBeGreaterThan(textWidth('sync', plain));
  expect(textWidth('鍵', plain)).toBeGreaterThan(textWidth('W', plain));
});

test('keys are shortened at their beginning, words at their end', () => {
  expect(shortenStart('user:0500', 40, code)).toBe('…:0500');
  expect(shortenEnd('user:0500', 40, code)).toBe('user:…');
  expect(shortenEnd('user:0500', 400, code)).toBe('user:0500');
  expect(shortenEnd('user:0500', 2, code)).toBe('');
});

test('a shortened text fits, and keeps as much as fits', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 0, max: 200 }), (text, room) => {
      for (const shorten of [shortenEnd, shortenStart]) {
        const short = shorten(text, room, plain);
        expect(textWidth(short, plain)).toBeLessThanOrEqual(room);
        const whole = textWidth(text, plain) <= room;
        expect(whole ? short === text : short === '' || short.includes(ELLIPSIS)).toBe(true);
      }
    }),
  );
});

// The ordered map against a plain sorted list; older maps must stay what they were.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareBytes } from '../../../src/base/bytes.ts';
import { emptyKeyMap } from '../../../src/engine/transaction/keyMap.ts';
import type { KeyMap, KeyPosition } from '../../../src/engine/transaction/keyMap.ts';

type Item = readonly [key: string, value: number];

const key = fc.string({ maxLength: 3, unit: fc.constantFrom('a', 'b', 'c', '\u00ff') });
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));
const textOf = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

function itemsOf(map: KeyMap<number>): Item[] {
  return [...map.items()].map((item) => [textOf(item.key), item.value]);
}

function sorted(model: ReadonlyMap<string, number>): Item[] {
  return [...model].sort(([left], [right]) => compareBytes(bytesOf(left), bytesOf(right)));
}

function walk(position: KeyPosition<number>, way: 'next' | 'previous'): Item[] {
  const found: Item[] = [];
  for (; position.item !== undefined; position[way]()) {
    found.push([textOf(position.item.key), position.item.value]);
  }
  return found;
}

describe('a key map', () => {
  test('holds what a sorted list holds, and older maps do not change', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.nat()), { maxLength: 60 }), key, key, (puts, a, b) => {
        let map: KeyMap<number> = emptyKeyMap();
        const model = new Map<string, number>();
        const before: [KeyMap<number>, Item[]][] = [];
        for (const [text, value] of puts) {
          before.push([map, sorted(model)]);
          map = map.with(bytesOf(text), value);
          model.set(text, value);
        }
        const items = sorted(model);
        expect(itemsOf(map)).toEqual(items);
        expect(map.size).toBe(items.length);
        expect(map.get(bytesOf(a))).toBe(model.get(a));
        expect(walk(map.first(), 'next')).toEqual(items);
        expect(walk(map.last(), 'previous')).toEqual(items.toReversed());
        const after = items.filter(([text]) => compareBytes(bytesOf(text), bytesOf(a)) >= 0);
        expect(walk(map.seek(bytesOf(a)), 'next')).toEqual(after);
        const outside = items.filter(
          ([text]) =>
            compareBytes(bytesOf(text), bytesOf(a)) < 0 ||
            compareBytes(bytesOf(text), bytesOf(b)) >= 0,
        );
        const cut = map.withoutRange(bytesOf(a), bytesOf(b));
        expect(itemsOf(cut)).toEqual(outside);
        expect(cut.size).toBe(outside.length);
        for (const [old, content] of before) expect(itemsOf(old)).toEqual(content);
      }),
    );
  });

  test('cuts chunks that grow, and walks over all of them both ways', () => {
    let map: KeyMap<number> = emptyKeyMap();
    const keyAt = (index: number): Uint8Array => Uint8Array.of(index >>> 8, index & 255);
    for (let step = 0; step < 3000; step++) map = map.with(keyAt((step * 1013) % 3000), step);
    expect(map.size).toBe(3000);
    const keys = [...map.items()].map((item) => item.key);
    expect(keys).toEqual(Array.from({ length: 3000 }, (_, index) => keyAt(index)));
    const position = map.seek(keyAt(1500));
    expect(position.item?.key).toEqual(keyAt(1500));
    position.previous();
    expect(position.item?.key).toEqual(keyAt(1499));
    position.next();
    position.next();
    expect(position.item?.key).toEqual(keyAt(1501));
  });
});

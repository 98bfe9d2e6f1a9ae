import { expect, test } from 'vitest';
import { resolveOptions } from '../../src/engine/options.ts';
import type { LsmOptions } from '../../src/engine/options.ts';

test('an option that there is not is refused, with the one that may be meant', () => {
  expect(() => resolveOptions({ memTableSize: 1024 } as LsmOptions)).toThrow(
    'there is no option memTableSize; is memtableSize meant?',
  );
  expect(() => resolveOptions({ toString: 1 } as never)).toThrow('there is no option toString');
});

test('an option left undefined has its default', () => {
  const { memtableSize } = resolveOptions({});
  const left = resolveOptions({ memtableSize: undefined } as never);
  expect(left.memtableSize).toBe(memtableSize);
  expect(resolveOptions({ someday: undefined } as LsmOptions)).not.toHaveProperty('someday');
});

test('an option out of its bounds is refused with what is allowed', () => {
  expect(() => resolveOptions({ memtableSize: 1 })).toThrow(
    'option memtableSize is 1; it must be an integer from 1024 to 1073741824',
  );
  expect(() => resolveOptions({ walSync: 'sometimes' as never })).toThrow(
    'option walSync is sometimes; it must be one of always, interval, never',
  );
});

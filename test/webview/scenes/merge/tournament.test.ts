import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Lane } from '../../../../webview/scenes/merge/mergeStory.ts';
import { roundsOf, tournament } from '../../../../webview/scenes/merge/tournament.ts';

function lanesOf(keys: readonly (string | null)[]): readonly Lane[] {
  return keys.map((key, lane) => ({
    ...{ lane, level: 0, file: lane },
    head:
      key === null
        ? null
        : { key: new TextEncoder().encode(key), sequence: 100 - lane, file: lane, level: 0 },
  }));
}

test('the smallest key wins; of equal ones the newer version', () => {
  expect(tournament(lanesOf(['b', 'a', 'c'])).at(-1)?.lane).toBe(1);
  expect(tournament(lanesOf(['b', 'a', 'a'])).at(-1)?.lane).toBe(1);
  expect(tournament(lanesOf([null, 'z', null, 'y'])).at(-1)?.lane).toBe(3);
});

test('one lane needs no match, empty lanes have no winner', () => {
  expect(tournament(lanesOf(['a']))).toEqual([]);
  expect(tournament(lanesOf([null, null])).at(-1)?.lane).toBe(-1);
});

test('every tournament finds the least of all heads in the rounds it promises', () => {
  const key = fc.option(fc.stringMatching(/^[a-c]{1,3}$/), { nil: null });
  fc.assert(
    fc.property(fc.array(key, { minLength: 2, maxLength: 9 }), (keys) => {
      const matches = tournament(lanesOf(keys));
      const least = keys.filter((each) => each !== null).toSorted()[0];
      const winner = matches.at(-1)!.lane;
      expect(winner < 0 ? undefined : keys[winner]).toBe(least);
      expect(matches.at(-1)!.round + 1).toBe(roundsOf(keys.length));
    }),
  );
});

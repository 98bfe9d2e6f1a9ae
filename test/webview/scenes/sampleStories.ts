// The stories that the pictures are taken from. Each is made once, from a fixed seed.

import type { EntryKind } from '../../../src/protocol/events.ts';
import { SampleStore } from './sampleStore.ts';
import type { Story } from './sampleFrames.ts';

export type StoryName = 'users' | 'crowded' | 'tiny' | 'long-keys';

type Batch = readonly (readonly [EntryKind, string, number])[];

const made = new Map<StoryName, Story>();

/** The story of that name. */
export function storyOf(name: StoryName): Story {
  const known = made.get(name);
  if (known !== undefined) return known;
  const story = makers[name]();
  made.set(name, story);
  return story;
}

const makers: Readonly<Record<StoryName, () => Story>> = {
  users: usersStory,
  crowded: crowdedStory,
  tiny: tinyStory,
  'long-keys': longKeysStory,
};

function userKey(number: number): string {
  return `user:${String(number).padStart(4, '0')}`;
}

/** Writes, three flushes, a compaction with a snapshot, and reads that end in every way. */
function usersStory(): Story {
  const store = new SampleStore(7);
  const initial = store.state;
  const put = (number: number): Batch[number] => ['put', userKey(number), 40 + store.below(80)];
  for (let round = 0; round < 3; round++) {
    for (let write = 0; write < 40; write++) {
      const number = store.below(700);
      const batch: Batch = store.below(9) === 0 ? [['delete', userKey(number), 0]] : [put(number)];
      store.write([batch], store.below(4) === 0);
    }
    if (round === 1) store.snapshots = [48_263];
    store.flush();
  }
  store.compact(store.tables, 1, true);
  for (let write = 0; write < 22; write++) store.write([[put(store.below(700))]], false);
  store.write([[put(500), put(212)], [['delete', userKey(77), 0]], [put(640)]], true);
  store.get(userKey(500));
  store.get(userKey(333));
  store.get(userKey(77));
  for (let number = 0; number < 60; number++) store.get(userKey(number * 11));
  return { initial, events: store.events };
}

/** Nine tables in level 0 and a read through a snapshot: more places than a strip has rows. */
function crowdedStory(): Story {
  const store = new SampleStore(19, 1000);
  const initial = store.state;
  for (let round = 0; round < 9; round++) {
    for (let write = 0; write < 24; write++) {
      store.write([[['put', userKey(store.below(120)), 30]]], false);
    }
    store.flush();
  }
  for (const number of [7, 7, 31, 31]) store.write([[['put', userKey(number), 30]]], false);
  store.get(userKey(31), 1060);
  store.get(userKey(119));
  store.get(userKey(121));
  return { initial, events: store.events };
}

/** The first write to an empty store. */
function tinyStory(): Story {
  const store = new SampleStore(3, 0);
  const initial = store.state;
  store.write([[['put', 'a', 1]]], false);
  store.write([[['put', 'b', 1]]], false);
  store.get('a');
  store.flush('manual');
  store.get('a');
  store.get('zz');
  return { initial, events: store.events };
}

/** Keys that do not fit anywhere, a large batch, binary keys. */
function longKeysStory(): Story {
  const store = new SampleStore(11, 9_007_199_000_000_000);
  const initial = store.state;
  const key = (number: number): string =>
    `tenant/eu-central-1/orders/2026-11-22/customer-${number}/invoice/${'0'.repeat(number % 40)}`;
  for (let round = 0; round < 4; round++) {
    for (let write = 0; write < 30; write++) {
      store.write([[['put', key(store.below(90)), 100_000 + store.below(900_000)]]], false);
    }
    store.write(
      [Array.from({ length: 40 }, (_, at) => ['put', `\u0001\u0002${key(at)}`, 9] as const)],
      true,
    );
    store.flush();
  }
  store.compact(store.tables, 1, false);
  store.get(key(3));
  store.get(key(4));
  return { initial, events: store.events };
}

// Entries as a read sees them that lets Pebble's range keys hide some.

import type { EntryRange, KeySpace, LiveEntry } from './catalogue.ts';

/** The same entries without those that are hidden; `limit` counts what is left. */
export function maskedSpace(space: KeySpace, hides: (key: Uint8Array) => boolean): KeySpace {
  return {
    hasOrder: space.hasOrder,
    get: (key, onStep) => (hides(key) ? undefined : space.get(key, onStep)),
    entries: ({ limit = Infinity, ...range } = {}) => shownEntries(space, hides, range, limit),
  };
}

function* shownEntries(
  space: KeySpace,
  hides: (key: Uint8Array) => boolean,
  range: EntryRange,
  limit: number,
): Generator<LiveEntry> {
  let left = limit;
  if (left === 0) return;
  for (const entry of space.entries(range)) {
    if (hides(entry[0])) continue;
    yield entry;
    if (--left === 0) return;
  }
}

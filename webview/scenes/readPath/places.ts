// The places that a read asks, newest first: what each answered and what that cost, from the events
// of the read; and those still ahead, from the tree.

import { fileText } from '../../model/keyText.ts';
import type { LsmEvent } from '../../../src/protocol/events.ts';
import type { FamilyState } from '../../../src/protocol/treeState.ts';
import type { Frame } from '../../model/frame.ts';
import { compareBytes } from '../../../src/base/bytes.ts';
import type { BlockRead, BlockSearch, FilterCheck, IndexSeek } from '../bloom/lookupStory.ts';

export type MemtableLookup = Extract<LsmEvent, { readonly kind: 'memtable.lookup' }>;
export type GetBegin = Extract<LsmEvent, { readonly kind: 'get.begin' }>;
export type GetOperand = Extract<LsmEvent, { readonly kind: 'get.operand' }>;
export type GetMerge = Extract<LsmEvent, { readonly kind: 'get.merge' }>;
export type GetEnd = Extract<LsmEvent, { readonly kind: 'get.end' }>;

/** One place and what is known of it so far. */
export interface Place {
  readonly key: string;
  readonly name: string;
  /** −1 for memory. */
  readonly level: number;
  /** `spared`: the read ended before it came here. */
  readonly stage: 'past' | 'now' | 'ahead' | 'spared';
  readonly lookup: MemtableLookup | undefined;
  /** Its key range does not hold the key. */
  readonly skipped: boolean;
  readonly check: FilterCheck | undefined;
  readonly seek: IndexSeek | undefined;
  readonly read: BlockRead | undefined;
  readonly search: BlockSearch | undefined;
}

export interface ReadStory {
  readonly begin: GetBegin | undefined;
  readonly end: GetEnd | undefined;
  /** Merge operands found so far, newest first. */
  readonly operands: readonly GetOperand[];
  readonly merge: GetMerge | undefined;
  readonly places: readonly Place[];
  /** Index of the place being asked, −1 before the first and after the last. */
  readonly current: number;
}

type Draft = { -readonly [K in keyof Place]: Place[K] };

/** Reads the story of a get out of its events. */
export function readStory(frame: Frame): ReadStory {
  const { event, recent } = frame;
  const events = event === null ? [] : [...recent, event];
  const drafts = new Map<string, Draft>();
  for (const each of events) {
    const name = placeKey(each);
    if (name === undefined) continue;
    const draft = drafts.get(name) ?? emptyPlace(name, each);
    drafts.set(name, draft);
    note(draft, each);
  }
  const begin = events.find((each) => each.kind === 'get.begin');
  const end = event?.kind === 'get.end' ? event : undefined;
  const now = event === null ? undefined : placeNow(event, recent);
  const asked = [...drafts.values()].map((draft): Place => ({
    ...draft,
    stage: draft.key === now ? 'now' : 'past',
  }));
  const ahead = begin === undefined ? [] : placesAhead(frame, begin, drafts);
  const later = ahead.map((place): Place => ({
    ...place,
    stage: end === undefined ? 'ahead' : 'spared',
  }));
  const places = [...asked, ...later];
  const operands = events.filter((each) => each.kind === 'get.operand');
  const merge = events.find((each) => each.kind === 'get.merge');
  return {
    begin,
    end,
    operands,
    merge,
    places,
    current: places.findIndex(({ stage }) => stage === 'now'),
  };
}

/** An operand is told of in the place that was asked last. */
function placeNow(event: LsmEvent, recent: readonly LsmEvent[]): string | undefined {
  if (event.kind !== 'get.operand') return placeKey(event);
  const asked = recent.findLast((each) => placeKey(each) !== undefined);
  return asked === undefined ? undefined : placeKey(asked);
}

function placeKey(event: LsmEvent): string | undefined {
  switch (event.kind) {
    case 'memtable.lookup':
      return `memtable ${event.memtable}`;
    case 'table.skip':
    case 'filter.check':
    case 'index.seek':
    case 'block.search':
      return `table ${event.file}`;
    case 'block.read':
      return event.operation > 0 ? `table ${event.file}` : undefined;
    default:
      return undefined;
  }
}

function emptyPlace(key: string, event: LsmEvent): Draft {
  const place = blankPlace(key);
  if (event.kind === 'memtable.lookup') {
    place.name = event.immutable ? `sealed ${event.memtable}` : key;
  } else if ('file' in event) {
    const level = 'level' in event ? Number(event.level) : 0;
    place.level = level;
    place.name = `L${level} ${fileText(Number(event.file))}`;
  }
  return place;
}

function blankPlace(key: string): Draft {
  return {
    ...{ key, name: key, level: -1, stage: 'past', skipped: false, lookup: undefined },
    ...{ check: undefined, seek: undefined, read: undefined, search: undefined },
  };
}

function note(place: Draft, event: LsmEvent): void {
  if (event.kind === 'memtable.lookup') place.lookup = event;
  if (event.kind === 'table.skip') place.skipped = true;
  if (event.kind === 'filter.check') place.check = event;
  if (event.kind === 'index.seek') place.seek = event;
  if (event.kind === 'block.read') place.read = event;
  if (event.kind === 'block.search') place.search = event;
}

/** Where the read would go next: sealed memtables, then each run's table that may hold the key. */
function placesAhead(
  { state }: Frame,
  begin: GetBegin,
  asked: ReadonlyMap<string, unknown>,
): readonly Place[] {
  const family = state.families.find((each) => each.family === begin.family);
  if (family === undefined) return [];
  const memtables = [family.memtable, ...family.immutables.toReversed()].map(
    ({ memtable }, index) => ({
      ...blankPlace(`memtable ${memtable}`),
      name: index === 0 ? `memtable ${memtable}` : `sealed ${memtable}`,
    }),
  );
  const places = [...memtables, ...tablesFor(family, begin.key)];
  return places.filter(({ key }) => !asked.has(key));
}

function tablesFor({ levels }: FamilyState, key: Uint8Array): readonly Place[] {
  return levels.flatMap(({ level, tables }) =>
    tables
      .filter(
        (table) =>
          compareBytes(table.smallestKey, key) <= 0 && compareBytes(key, table.largestKey) <= 0,
      )
      .map(({ file }) => ({
        ...blankPlace(`table ${file}`),
        ...{ level, name: `L${level} ${fileText(file)}` },
      })),
  );
}

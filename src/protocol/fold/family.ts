// Column families: one comes, one goes, one changes while the others are shared.

import type { FamilyState, TreeState } from '../treeState.ts';
import type { EventOf } from './eventOf.ts';

/** A family without entries; one of that number that is there already stays. */
export function createFamily(state: TreeState, event: EventOf<'family.create'>): TreeState {
  const { family, name, memtable, levels } = event;
  if (state.families.some((known) => known.family === family)) return state;
  const created: FamilyState = {
    family,
    name,
    memtable: { ...memtable, entries: 0, tombstones: 0, rangeDeletes: 0, sizeBytes: 0, nodes: [] },
    immutables: [],
    levels: levels.map((target) => ({ level: target.level, tables: [], sizeBytes: 0, target })),
    ghosts: [],
    stall: null,
  };
  return { ...state, families: [...state.families, created] };
}

export function dropFamily(state: TreeState, event: EventOf<'family.drop'>): TreeState {
  const families = state.families.filter(({ family }) => family !== event.family);
  return families.length === state.families.length ? state : { ...state, families };
}

/** The state with one family changed; a family that is not there leaves it as it is. */
export function updateFamily(
  state: TreeState,
  family: number,
  change: (family: FamilyState) => FamilyState,
): TreeState {
  const index = state.families.findIndex((known) => known.family === family);
  if (index === -1) return state;
  return { ...state, families: state.families.with(index, change(state.families[index]!)) };
}

// Changing one column family and sharing the others.

import type { FamilyState, TreeState } from '../treeState.ts';

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

// Reads leave the tree as it is; only the block cache fills and empties.

import type { TreeState } from '../treeState.ts';
import type { EventOf } from './eventOf.ts';

export function cacheFigures(
  state: TreeState,
  event: EventOf<'block.read'> | EventOf<'cache.evict'>,
): TreeState {
  const { sizeBytes, blocks } = state.cache;
  if (sizeBytes === event.cacheSizeBytes && blocks === event.cacheBlocks) return state;
  const cache = { ...state.cache, sizeBytes: event.cacheSizeBytes, blocks: event.cacheBlocks };
  return { ...state, cache };
}

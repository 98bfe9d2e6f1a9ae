// What a search in a skip list looked at, for the viewers. The same search runs with and without
// one.

import type { SearchStep } from '../../protocol/events.ts';
import type { Arena } from './arena.ts';

/** Collects the comparisons of one search. */
export class SearchTrace {
  readonly steps: SearchStep[] = [];

  /** @param node the node looked at; 0 when the level ended. */
  add(arena: Arena, level: number, node: number, went: SearchStep['went']): void {
    const ended = node === 0;
    this.steps.push({
      level,
      key: ended ? null : arena.copyKeyOf(node),
      sequence: ended ? 0 : arena.sequenceOf(node),
      went,
    });
  }
}

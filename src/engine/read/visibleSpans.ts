// Which spans of keys range deletes hide from a walk: all that the reader sees, gathered from every
// place when the walk begins. A store without range deletes answers `undefined` at once.

import { compareBytes } from '../../base/bytes.ts';
import type { SequenceNumber } from '../../protocol/events.ts';
import type { TableCache } from '../cache/tableCache.ts';
import type { FamilyState } from '../family/familyState.ts';
import type { KeyBounds } from '../iterator/keyBounds.ts';
import { Fragments } from '../rangeDelete/fragments.ts';
import type { RangeTombstone } from '../rangeDelete/rangeTombstone.ts';

/**
 * The spans that a reader at `sequence` finds deleted inside `bounds`; `undefined` for none.
 * @param own range deletes that only this reader sees.
 * @throws LsmError `CORRUPTION`, `IO` when a table must be opened and cannot.
 */
export function visibleSpans(
  family: FamilyState,
  tables: TableCache,
  sequence: SequenceNumber,
  bounds: KeyBounds,
  own: readonly RangeTombstone[] = [],
): Fragments | undefined {
  const seen: RangeTombstone[] = [];
  const look = (tombstones: readonly RangeTombstone[]): void => {
    for (const tombstone of tombstones) {
      if (tombstone.sequence <= sequence && meets(tombstone, bounds)) seen.push(tombstone);
    }
  };
  for (const tombstone of own) if (meets(tombstone, bounds)) seen.push(tombstone);
  for (const memtable of family.allMemtables()) look(memtable.rangeDeletes.all);
  for (const level of family.version.levels) {
    if (level.rangeDeletes === 0) continue;
    for (const run of level.runs) {
      for (const table of run.tables) {
        if (table.rangeDeletes > 0) look(tables.reader(table).rangeTombstones);
      }
    }
  }
  return seen.length === 0 ? undefined : new Fragments(seen);
}

function meets({ from, to }: RangeTombstone, { lower, upper }: KeyBounds): boolean {
  return (
    (lower === undefined || compareBytes(to, lower) > 0) &&
    (upper === undefined || compareBytes(from, upper) < 0)
  );
}

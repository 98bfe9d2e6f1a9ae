// Which sublevel of level 0 each table was last told to be in. Where an engine divides level 0, a
// table sinks when others below it go: an edit that names it nowhere moves it then.

import type { FileNumber, PlacedTable } from '../../protocol/events.ts';
import type { FamilyVersion } from './manifest.ts';
import type { RocksdbTable } from './newFile.ts';

/** Of all families of a store. */
export class ToldRuns {
  private readonly told = new Map<number, ReadonlyMap<FileNumber, RocksdbTable>>();

  /** Tables whose sublevel is another than was told; `added` are told anyway. */
  movedBy({ id, levels }: FamilyVersion, added: readonly PlacedTable[]): readonly RocksdbTable[] {
    const top = levels[0] ?? new Map<FileNumber, RocksdbTable>();
    const before = this.told.get(id);
    this.told.set(id, new Map(top));
    if (before === undefined) return [];
    const isAdded = new Set(added.map(({ table }) => table.file));
    return [...top.values()].filter(({ number, sublevel }) => {
      const known = before.get(number);
      return known !== undefined && known.sublevel !== sublevel && !isAdded.has(number);
    });
  }
}

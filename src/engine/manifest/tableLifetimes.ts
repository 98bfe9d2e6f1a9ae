// When a table's file may be deleted: when no version that a reader still holds contains it.
// Versions are numbered as they are published; a table lives in the versions [added, removed). It
// may go once none of the versions in use lies in that span. So an iterator that opened long after
// a compaction does not keep that compaction's inputs alive, though an older iterator is still
// open.

import { assert } from '../../base/assert.ts';
import type { TableInfo } from '../../protocol/events.ts';

/** A table that leaves the newest version. */
export interface LeavingTable {
  readonly family: number;
  readonly table: TableInfo;
}

interface Obsolete extends LeavingTable {
  readonly addedIn: number;
  readonly removedIn: number;
}

/** Counts the readers of each version and says which tables nobody needs any more. */
export class TableLifetimes {
  private readonly addedIn = new Map<number, number>();
  private readonly readersOf = new Map<number, number>();
  private obsolete: Obsolete[] = [];
  private current = 0;

  /**
   * Publishes the next version: `added` are in it, `removed` are not (a moved table is in neither).
   */
  publish(added: readonly TableInfo[], removed: readonly LeavingTable[]): void {
    this.current++;
    for (const table of added) this.addedIn.set(table.file, this.current);
    for (const { family, table } of removed) {
      const addedIn = this.addedIn.get(table.file);
      assert(addedIn !== undefined, `table ${table.file} was never added`);
      this.addedIn.delete(table.file);
      this.obsolete.push({ family, table, addedIn, removedIn: this.current });
    }
  }

  /** A reader begins to use the newest version; give the answer back to `release`. */
  retain(): number {
    this.readersOf.set(this.current, (this.readersOf.get(this.current) ?? 0) + 1);
    return this.current;
  }

  release(version: number): void {
    const readers = this.readersOf.get(version);
    assert(readers !== undefined, `version ${version} has no reader`);
    if (readers === 1) this.readersOf.delete(version);
    else this.readersOf.set(version, readers - 1);
  }

  /** Tables that left the newest version and that no reader sees; each is given out once. */
  takeUnneeded(): TableInfo[] {
    if (this.obsolete.length === 0) return [];
    const versions = [...this.readersOf.keys()];
    const needed = ({ addedIn, removedIn }: Obsolete): boolean =>
      versions.some((version) => addedIn <= version && version < removedIn);
    const unneeded = this.obsolete.filter((candidate) => !needed(candidate));
    if (unneeded.length > 0) this.obsolete = this.obsolete.filter(needed);
    return unneeded.map((candidate) => candidate.table);
  }

  /** Tables of a family that left the newest version but are still being read, oldest first. */
  ghosts(family: number): TableInfo[] {
    return this.obsolete
      .filter((candidate) => candidate.family === family)
      .map((candidate) => candidate.table);
  }
}

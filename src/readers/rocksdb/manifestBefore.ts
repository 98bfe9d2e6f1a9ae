// What a manifest that follows another one begins with is the store as it was by then, family by
// family, in several edits: a running RocksDB begins another when one has grown too large. It is
// told as far as it differs from what was known.

import type { ManifestRecord, RocksdbManifest } from './manifest.ts';
import type { PlacedRocksdbTable } from './newFile.ts';

/** The tables of each family as they were told, by level and number. */
export class ManifestBefore {
  private readonly known = new Map<number, Set<string>>();

  /** @param before stands at its end. */
  constructor(before: RocksdbManifest) {
    for (const { id, levels } of before.families.values()) {
      const places = levels.flatMap((tables, level) =>
        [...tables.keys()].map((number) => placeOf(level, number)),
      );
      this.known.set(id, new Set(places));
    }
  }

  /** The same edits with only what is new in them; a family's last one has what is gone. */
  differences(snapshot: readonly ManifestRecord[]): ManifestRecord[] {
    return snapshot.map((record, index) => {
      const known = this.known.get(record.edit.family);
      if (known === undefined) return record;
      const { familyAdded: _known, ...edit } = record.edit;
      const ofFamily = snapshot.filter(({ edit: each }) => each.family === edit.family);
      const added = edit.added.filter((each) => !known.has(placedAt(each)));
      const isLast = snapshot.lastIndexOf(ofFamily.at(-1)!) === index;
      const removed = isLast ? goneFrom(known, ofFamily) : [];
      return { ...record, edit: { ...edit, added, removed } };
    });
  }
}

/** Takes from what was known whatever the edits do not have. */
function goneFrom(
  known: Set<string>,
  edits: readonly ManifestRecord[],
): { readonly level: number; readonly number: number }[] {
  const stays = new Set(edits.flatMap(({ edit }) => edit.added.map(placedAt)));
  const gone = [...known].filter((place) => !stays.has(place));
  for (const place of gone) known.delete(place);
  return gone.map((place) => {
    const [level, number] = place.split(' ').map(Number);
    return { level: level!, number: number! };
  });
}

function placedAt({ level, table }: PlacedRocksdbTable): string {
  return placeOf(level, table.number);
}

function placeOf(level: number, number: number): string {
  return `${level} ${number}`;
}

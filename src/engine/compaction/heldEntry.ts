// An entry that a merge keeps back until it knows what follows it.

import type { MergeHead } from '../../protocol/events.ts';
import { Entry } from '../iterator/entry.ts';
import type { KeyBuffer } from '../iterator/keyBuffer.ts';

/** The entry, and where it came from. */
export interface HeldEntry {
  readonly entry: Entry;
  readonly lane: number;
  /** Every lane's head when it came; none when nobody listens. */
  readonly heads: readonly (MergeHead | null)[];
}

/** A copy that stays when the merge moves on; its key is `key`, which must stay as it is. */
export function keptEntry(entry: Entry, key: KeyBuffer): Entry {
  const kept = new Entry();
  kept.keyBytes = key.bytes;
  kept.keyView = key.view;
  kept.keyLength = key.length;
  kept.kind = entry.kind;
  kept.sequence = entry.sequence;
  kept.timestampMicros = entry.timestampMicros;
  kept.valueBytes = entry.valueBytes;
  kept.valueView = entry.valueView;
  kept.valueOffset = entry.valueOffset;
  kept.valueLength = entry.valueLength;
  return kept;
}

// What a memtable must hold, kept in the plainest way: an array, sorted.

import { compareBytes } from '../../../src/base/bytes.ts';
import { Random } from '../../../src/base/random.ts';
import { viewOf } from '../../../src/base/words.ts';
import type { EncodedEntry } from '../../../src/engine/encodedEntry.ts';
import type { EntryKindCode } from '../../../src/engine/entryKind.ts';
import type { EntryIterator } from '../../../src/engine/iterator/entryIterator.ts';
import { Memtable } from '../../../src/engine/memtable/memtable.ts';

/** One version of one key. */
export interface ModelEntry {
  readonly kind: EntryKindCode;
  readonly key: Uint8Array;
  readonly sequence: number;
  readonly timestampMicros: number;
  readonly value: Uint8Array;
}

/** The order of all entries. */
export function compareModelEntries(left: ModelEntry, right: ModelEntry): number {
  return compareBytes(left.key, right.key) || right.sequence - left.sequence;
}

/** Key and value in bytes of their own, at odd offsets. */
export function encoded({ kind, key, value }: ModelEntry): EncodedEntry {
  const bytes = Uint8Array.of(0xee, ...key, 0xdd, 0xcc, ...value, 0xbb);
  const valueStart = key.length + 3;
  const [keyLength, valueLength] = [key.length, value.length];
  const view = viewOf(bytes);
  return { kind, bytes, view, keyStart: 1, keyLength, valueStart, valueLength };
}

/** A memtable that has the entries, inserted in the order given. */
export function memtableOf(entries: readonly ModelEntry[], seed = 1): Memtable {
  const memtable = new Memtable({
    id: 1,
    family: 0,
    fullAtBytes: 1024 * 1024,
    random: new Random(seed),
  });
  for (const entry of entries) {
    memtable.insert(encoded(entry), entry.sequence, entry.timestampMicros);
  }
  return memtable;
}

/** The entry of a node. */
export function entryAt({ arena }: Memtable, node: number): ModelEntry {
  return {
    kind: arena.kindOf(node),
    key: arena.copyKeyOf(node),
    sequence: arena.sequenceOf(node),
    timestampMicros: arena.timestampMicrosOf(node),
    value: arena.copyValueOf(node),
  };
}

/** Where an iterator stands. */
export function current(iterator: EntryIterator): ModelEntry | undefined {
  if (!iterator.valid) return undefined;
  const { entry } = iterator;
  return {
    kind: entry.kind as EntryKindCode,
    key: entry.copyKey(),
    sequence: entry.sequence,
    timestampMicros: entry.timestampMicros,
    value: entry.copyValue(),
  };
}

/** Everything an iterator finds, forward or backward. */
export function walk(iterator: EntryIterator, direction: 'forward' | 'backward'): ModelEntry[] {
  const found: ModelEntry[] = [];
  if (direction === 'forward') iterator.first();
  else iterator.last();
  while (iterator.valid) {
    found.push(current(iterator)!);
    if (direction === 'forward') iterator.next();
    else iterator.prev();
  }
  return found;
}

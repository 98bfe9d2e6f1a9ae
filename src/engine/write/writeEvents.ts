// What a write tells on its way.

import type {
  MemtableEvent,
  OperationId,
  SequenceNumber,
  WriteEntry,
} from '../../protocol/events.ts';
import type { EventSink } from '../../protocol/eventSink.ts';
import { entryKindName } from '../entryKind.ts';
import type { Memtable } from '../memtable/memtable.ts';
import { BatchCursor } from '../wal/batchCursor.ts';
import type { WriteBatch } from '../writeBatch.ts';

/** Entries that `write.begin` shows. */
const ENTRIES_MAX = 16;
/** Bytes of a value that events show. */
export const PREVIEW_BYTES = 64;

type Insertion = Extract<MemtableEvent, { kind: 'memtable.insert' }>;

/** Tells that a write was asked for: the last `entryCount` writes of `batch`. */
export function tellWriteBegin(
  events: EventSink,
  operation: OperationId,
  batch: WriteBatch,
  entryCount: number,
  sync: boolean,
): void {
  const cursor = new BatchCursor('a batch in memory');
  batch.readInto(cursor);
  for (let passed = batch.entryCount - entryCount; passed > 0; passed--) cursor.next();
  const entries: WriteEntry[] = [];
  let sizeBytes = 0;
  while (cursor.next()) {
    sizeBytes += cursor.keyLength + cursor.valueLength;
    if (entries.length < ENTRIES_MAX) {
      entries.push({
        family: cursor.family,
        kind: entryKindName(cursor.kind),
        key: cursor.copyKey(),
        valueSizeBytes: cursor.valueLength,
        valuePreview: cursor.copyValue(PREVIEW_BYTES),
      });
    }
  }
  events.emit({ kind: 'write.begin', operation, entryCount, entries, sizeBytes, sync });
}

/** Tells of an entry that has become a node of a memtable. */
export function tellInsert(
  events: EventSink,
  memtable: Memtable,
  entry: BatchCursor,
  node: number,
  insertion: Pick<Insertion, 'sequence' | 'operation' | 'path'>,
): void {
  events.emit({
    kind: 'memtable.insert',
    family: memtable.family,
    memtable: memtable.id,
    ...insertion,
    entryKind: entryKindName(entry.kind),
    key: entry.copyKey(),
    valueSizeBytes: entry.valueLength,
    valuePreview: entry.copyValue(PREVIEW_BYTES),
    height: memtable.arena.heightOf(node),
    entries: memtable.entries,
    tombstones: memtable.tombstones,
    sizeBytes: memtable.sizeBytes,
  });
}

/** Tells of a range delete that a memtable has taken aside. */
export function tellRangeDelete(
  events: EventSink,
  memtable: Memtable,
  entry: BatchCursor,
  sequence: SequenceNumber,
  operation: OperationId,
): void {
  events.emit({
    kind: 'memtable.rangeDelete',
    family: memtable.family,
    memtable: memtable.id,
    operation,
    from: entry.copyKey(),
    to: entry.copyValue(),
    sequence,
    rangeDeletes: memtable.rangeDeletes.count,
    sizeBytes: memtable.sizeBytes,
  });
}

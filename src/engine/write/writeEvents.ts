// What a write tells on its way.

import type { OperationId, WriteEntry } from '../../protocol/events.ts';
import type { EventSink } from '../../protocol/eventSink.ts';
import { entryKindName } from '../entryKind.ts';
import { BatchCursor } from '../wal/batchCursor.ts';
import type { WriteBatch } from '../writeBatch.ts';

/** Entries that `write.begin` shows. */
const ENTRIES_MAX = 16;
/** Bytes of a value that events show. */
export const PREVIEW_BYTES = 64;

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
        kind: entryKindName(cursor.kind),
        key: cursor.copyKey(),
        valueSizeBytes: cursor.valueLength,
        valuePreview: cursor.copyValue(PREVIEW_BYTES),
      });
    }
  }
  events.emit({ kind: 'write.begin', operation, entryCount, entries, sizeBytes, sync });
}

// The events of range deletes, which are kept aside from the entries of keys.

import type { FileNumber, OperationId, SequenceNumber, Tied } from './events.ts';

export type RangeDeleteEvent =
  | (Tied & {
      /** A memtable has taken a range delete. */
      readonly kind: 'memtable.rangeDelete';
      readonly family: number;
      readonly memtable: number;
      readonly operation: OperationId;
      readonly from: Uint8Array;
      /** Not included. */
      readonly to: Uint8Array;
      readonly sequence: SequenceNumber;
      /** Of the memtable. */
      readonly rangeDeletes: number;
      readonly sizeBytes: number;
    })
  | (Tied & {
      /** A get found its key in a span that a table's range deletes cover. */
      readonly kind: 'table.cover';
      readonly operation: OperationId;
      readonly level: number;
      readonly file: FileNumber;
      /** The newest range delete over the key that the reader sees. */
      readonly coveredBy: SequenceNumber;
    });

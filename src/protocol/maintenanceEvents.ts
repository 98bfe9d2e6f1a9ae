// The events of what is done to a store as a whole, beside writing and reading it.

import type { FileNumber, SequenceNumber, Tied } from './events.ts';

export type MaintenanceEvent =
  | (Tied & {
      /** Another store stands in `directory`, with the state after the write `sequence`. */
      readonly kind: 'checkpoint.create';
      readonly directory: string;
      readonly sequence: SequenceNumber;
      readonly tables: number;
      /** Bytes copied: log segments, and tables where the disk cannot link. */
      readonly copiedBytes: number;
      readonly durationMicros: number;
    })
  | (Tied & {
      /** A table from outside is in the store; the manifest edit before has put it there. */
      readonly kind: 'table.ingest';
      readonly family: number;
      /** Where it came from. */
      readonly path: string;
      readonly file: FileNumber;
      readonly level: number;
      /** What all its entries read as. */
      readonly sequence: SequenceNumber;
      readonly entries: number;
      readonly manner: 'copy' | 'link' | 'move';
    });

// The events of what is done to a store as a whole, beside writing and reading it.

import type { SequenceNumber, Tied } from './events.ts';

export type MaintenanceEvent = Tied & {
  /** Another store stands in `directory`, with the state after the write `sequence`. */
  readonly kind: 'checkpoint.create';
  readonly directory: string;
  readonly sequence: SequenceNumber;
  readonly tables: number;
  /** Bytes copied: log segments, and tables where the disk cannot link. */
  readonly copiedBytes: number;
  readonly durationMicros: number;
};

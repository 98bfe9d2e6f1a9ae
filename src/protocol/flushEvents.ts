// The events of flushes: a sealed memtable becomes a table of level 0.

import type { FileNumber, JobId, SealReason, Tied } from './events.ts';

export type FlushEvent =
  | (Tied & {
      readonly kind: 'flush.begin';
      readonly job: JobId;
      readonly family: number;
      readonly memtable: number;
      readonly file: FileNumber;
      readonly entries: number;
      readonly sizeBytes: number;
      readonly reason: SealReason;
    })
  | (Tied & {
      readonly kind: 'flush.progress';
      readonly job: JobId;
      readonly entriesDone: number;
      readonly bytesWritten: number;
    })
  | (Tied & {
      readonly kind: 'flush.end';
      readonly job: JobId;
      readonly outcome: 'done' | 'failed' | 'cancelled';
      readonly file: FileNumber;
      readonly bytesWritten: number;
      readonly durationMicros: number;
    });

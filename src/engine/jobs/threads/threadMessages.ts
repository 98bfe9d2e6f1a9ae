// What the store's thread and a job thread say to each other.

import type { PlainError } from '../../../base/plainError.ts';
import type { TableInfo } from '../../../protocol/events.ts';
import type { JobWork, MergeResult } from '../jobWork.ts';

/** Store's thread → job thread. */
export type ToJobThread =
  /** First of all: the store, and the memory shared with it. */
  | {
      readonly kind: 'begin';
      readonly directory: string;
      readonly channel: SharedArrayBuffer;
      readonly cancel: SharedArrayBuffer;
      readonly rate: SharedArrayBuffer;
      readonly fileNumbers: SharedArrayBuffer;
    }
  /** One job at a time. */
  | { readonly kind: 'run'; readonly work: JobWork };

/** What a job read, for the store's counters. */
export interface JobReads {
  readonly blockReads: number;
  readonly blockBytesRead: number;
}

/** Job thread → store's thread. */
export type FromJobThread =
  /** Notes lie in the ring. */
  | { readonly kind: 'notes' }
  | {
      readonly kind: 'done';
      readonly result: TableInfo | MergeResult;
      readonly reads: JobReads;
    }
  | { readonly kind: 'failed'; readonly error: PlainError; readonly reads: JobReads };

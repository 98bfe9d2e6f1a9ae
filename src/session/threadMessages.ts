// What the two halves of a session say to each other: the handle in the caller's thread
// (session.ts) and the host in the worker (sessionWorker.ts). Viewers' messages pass through as
// encoded bytes.

import type { PlainError } from '../base/plainError.ts';
import type { LsmOptions } from '../engine/options.ts';
import type { Progress, SessionStatus } from '../protocol/messages.ts';

/** What a session shows: a store that runs, or a recording. `path` is absolute. */
export type SessionTarget =
  | {
      readonly kind: 'store';
      readonly path: string;
      readonly options: Omit<LsmOptions, 'events'>;
      /** A file to record into from the beginning; must not exist. */
      readonly recordInto?: string;
    }
  | { readonly kind: 'trace'; readonly path: string };

/** What a worker is started with. */
export interface WorkerInput {
  readonly target: SessionTarget;
  /** Stands in the store's lock, so that the handle can release it after the worker has died. */
  readonly lockToken: string;
  /** The bundle of the store's job threads; left out: jobs run in slices. */
  readonly jobWorkerFile: string | undefined;
}

/** A viewer's number within its session. */
export type ViewerId = number;

/** Handle → worker. */
export type ToWorker =
  /** `events: false`: asks and hears answers only, as the host's own commands do. */
  | { readonly kind: 'attach'; readonly viewer: ViewerId; readonly events: boolean }
  | { readonly kind: 'detach'; readonly viewer: ViewerId }
  | { readonly kind: 'message'; readonly viewer: ViewerId; readonly bytes: Uint8Array }
  /** Answers `open-copy` of this number. */
  | { readonly kind: 'copy-opened'; readonly id: number; readonly address: string }
  | { readonly kind: 'copy-not-opened'; readonly id: number; readonly error: PlainError }
  | { readonly kind: 'close' };

/** Worker → handle. */
export type FromWorker =
  /** Before it has opened: how far it is. */
  | { readonly kind: 'opening'; readonly progress: Progress }
  | { readonly kind: 'opened'; readonly status: SessionStatus }
  | { readonly kind: 'failed'; readonly error: PlainError }
  | { readonly kind: 'message'; readonly viewer: ViewerId; readonly bytes: Uint8Array }
  | { readonly kind: 'status'; readonly status: SessionStatus }
  /** A viewer wants to see a copy that was made here. */
  | { readonly kind: 'open-copy'; readonly id: number; readonly directory: string }
  /** The store is closed and the worker about to end; `error` when closing failed. */
  | { readonly kind: 'closed'; readonly error: PlainError | null };

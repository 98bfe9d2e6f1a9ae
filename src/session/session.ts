// A session as its caller holds it: one open store or recording, hosted in a worker thread so that
// no sync and no merge ever blocks the caller. The caller's thread only passes bytes along.
//
//     viewer ⇄ Session (caller's thread) ⇄ sessionWorker.ts ⇄ storeHost.ts / traceHost.ts ⇄ engine
//
// A worker that dies tells its viewers so, gives back the store's lock and fails what was asked of
// it; the caller may open the store again.

import { once } from 'node:events';
import * as path from 'node:path';
import { Worker } from 'node:worker_threads';
import { LsmError } from '../base/errors.ts';
import { decodeToViewer, encode } from '../protocol/codec.ts';
import type { Progress, Reply, Request, SessionStatus } from '../protocol/messages.ts';
import { LOCK_FILE_NAME } from '../engine/fileNames.ts';
import { newLockToken, releaseLockOf } from '../node/lockFile.ts';
import { errorFromPlain, plainError } from '../base/plainError.ts';
import type {
  FromWorker,
  SessionTarget,
  ToWorker,
  ViewerId,
  WorkerInput,
} from './threadMessages.ts';

export type { SessionTarget } from './threadMessages.ts';

/** Whoever looks on: a page. */
export interface Viewer {
  /** Takes one encoded message of the session. */
  send(bytes: Uint8Array): void;
}

/** A viewer's line to its session. */
export interface ViewerConnection {
  /** Takes one encoded message of the viewer. */
  receive(bytes: Uint8Array): void;
  /** The viewer has gone; what it held up goes on. Idempotent. */
  detach(): void;
}

/** How a request is followed and stopped. */
export interface RequestWatch {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** How long a worker may take to end by itself after its store was closed, milliseconds. */
const ENDING_MILLIS_MAX = 5000;
/** The number under which the handle's own requests go. */
const OWN_VIEWER: ViewerId = 0;

interface PendingRequest {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** Where the bundles of a session's threads lie. */
export interface SessionLocation {
  /** `dist/sessionWorker.cjs`. */
  readonly workerFile: string;
  /** `dist/jobWorker.cjs`; left out: the store's jobs run in slices. */
  readonly jobWorkerFile?: string;
}

/**
 * Opens a store or a recording.
 * @param watch hears how far the reading of a large foreign directory is, and may end it.
 * @throws LsmError as the engine's open or the trace reader does, `CANCELLED`; nothing stays open
 * then.
 */
export async function openSession(
  target: SessionTarget,
  { workerFile, jobWorkerFile }: SessionLocation,
  watch: RequestWatch = {},
): Promise<Session> {
  const lockToken = newLockToken();
  const workerData: WorkerInput = { target, lockToken, jobWorkerFile };
  const worker = new Worker(workerFile, { workerData, name: 'lsm-lens session' });
  const opened = await openingOf(worker, watch).catch(async (thrown: unknown) => {
    await worker.terminate();
    if (watch.signal?.aborted && target.kind === 'store') {
      releaseLockOf(path.join(target.path, LOCK_FILE_NAME), lockToken);
    }
    throw thrown;
  });
  if (opened.kind === 'opened') return new Session(workerData, worker, opened.status);
  await worker.terminate();
  throw opened.kind === 'failed' ? errorFromPlain(opened.error) : new Error('no opening message');
}

/** What the worker says when it has opened its target, or why it says nothing. */
async function openingOf(worker: Worker, watch: RequestWatch): Promise<FromWorker> {
  const listening = new AbortController();
  const { signal } = listening;
  let take: (message: FromWorker) => void = () => undefined;
  try {
    const ended = once(worker, 'exit', { signal }).then(([code]: unknown[]): never => {
      throw new Error(`the store's worker ended with code ${String(code)}`);
    });
    const failed = once(worker, 'error', { signal }).then(([error]: unknown[]): never => {
      throw error as Error;
    });
    const said = new Promise<FromWorker>((resolve) => {
      take = (message) => {
        if (message.kind === 'opening') watch.onProgress?.(message.progress);
        else resolve(message);
      };
      worker.on('message', take);
    });
    return await Promise.race([said, ended, failed, cancelled(watch.signal)]);
  } finally {
    worker.off('message', take);
    listening.abort();
  }
}

/** Rejects when it is asked for, and never resolves. */
function cancelled(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_, reject) => {
    const cancel = (): void => reject(new LsmError('CANCELLED', 'cancelled while opening'));
    if (signal?.aborted) cancel();
    signal?.addEventListener('abort', cancel, { once: true });
  });
}

/** An open store or recording. */
export class Session {
  readonly target: SessionTarget;
  private readonly lockToken: string;
  private readonly worker: Worker;
  private readonly viewers = new Map<ViewerId, Viewer>();
  private readonly pending = new Map<number, PendingRequest>();
  private openCopy: ((directory: string) => Promise<string>) | undefined;
  private readonly endedListeners: ((error: Error | undefined) => void)[] = [];
  private readonly ended: Promise<void>;
  private latestStatus: SessionStatus;
  private nextViewer: ViewerId = OWN_VIEWER + 1;
  private nextRequest = 1;
  private closing = false;
  private hasEnded = false;
  private endError: Error | undefined;

  /** Use `openSession`. */
  constructor(input: WorkerInput, worker: Worker, status: SessionStatus) {
    this.target = input.target;
    this.lockToken = input.lockToken;
    this.worker = worker;
    this.latestStatus = status;
    worker.on('message', (message: FromWorker) => this.receive(message));
    worker.on('error', (error) => {
      this.endError ??= error;
    });
    this.ended = new Promise((resolve) => {
      worker.once('exit', (code) => {
        this.finish(code);
        resolve();
      });
    });
    this.post({ kind: 'attach', viewer: OWN_VIEWER, events: false });
  }

  get status(): SessionStatus {
    return this.latestStatus;
  }

  /** Adds a viewer: its first message is `hello`, then come the events from that moment on. */
  attach(viewer: Viewer): ViewerConnection {
    const id = this.nextViewer++;
    this.viewers.set(id, viewer);
    this.post({ kind: 'attach', viewer: id, events: true });
    return {
      receive: (bytes) => {
        // The caller keeps its bytes, and a view would drag its whole buffer along.
        const own = new Uint8Array(bytes);
        if (this.viewers.has(id)) {
          this.post({ kind: 'message', viewer: id, bytes: own }, [own.buffer]);
        }
      },
      detach: () => {
        if (this.viewers.delete(id)) this.post({ kind: 'detach', viewer: id });
      },
    };
  }

  /**
   * Asks for one thing, as a viewer would.
   * @throws LsmError the reply's error; `NOT_OPEN` when the session has ended.
   */
  request(request: Request, watch: RequestWatch = {}): Promise<Reply> {
    const { signal, onProgress } = watch;
    if (this.hasEnded || this.closing) return Promise.reject(this.notOpen());
    if (signal?.aborted) return Promise.reject(new LsmError('CANCELLED', 'cancelled'));
    const id = this.nextRequest++;
    const bytes = encode({ kind: 'request', id, request });
    this.post({ kind: 'message', viewer: OWN_VIEWER, bytes }, [bytes.buffer]);
    const cancel = (): void => {
      this.post({ kind: 'message', viewer: OWN_VIEWER, bytes: encode({ kind: 'cancel', id }) });
    };
    signal?.addEventListener('abort', cancel, { once: true });
    return new Promise<Reply>((resolve, reject) => {
      this.pending.set(id, { resolve, reject, onProgress });
    }).finally(() => signal?.removeEventListener('abort', cancel));
  }

  /**
   * Sets who shows a copy that was made here when a viewer wants to see it. Viewers name it by its
   * number only: no path of theirs comes here.
   * @param open resolves with the address to visit, or with nothing when it is shown already.
   */
  onOpenCopy(open: (directory: string) => Promise<string>): void {
    this.openCopy = open;
  }

  /** Calls back once when the session ends; with an error when it was not `close` that ended it. */
  onEnded(listener: (error: Error | undefined) => void): void {
    if (this.hasEnded) listener(this.endError);
    else this.endedListeners.push(listener);
  }

  /** Closes the store and ends the worker. Idempotent; resolves when the worker has ended. */
  async close(): Promise<void> {
    if (!this.closing && !this.hasEnded) {
      this.closing = true;
      this.post({ kind: 'close' });
    }
    await this.ended;
  }

  private receive(message: FromWorker): void {
    switch (message.kind) {
      case 'message':
        if (message.viewer === OWN_VIEWER) this.receiveOwn(message.bytes);
        else this.viewers.get(message.viewer)?.send(message.bytes);
        return;
      case 'status':
        this.latestStatus = message.status;
        return;
      case 'open-copy':
        void this.showCopy(message.id, message.directory);
        return;
      case 'closed':
        if (message.error !== null) this.endError = errorFromPlain(message.error);
        this.endByForceWhenLate();
        return;
      default:
        throw new Error(`unexpected message ${message.kind} of the worker`);
    }
  }

  private async showCopy(id: number, directory: string): Promise<void> {
    try {
      if (this.openCopy === undefined) {
        throw new LsmError('NOT_SUPPORTED', `nobody here can show ${directory}`);
      }
      this.post({ kind: 'copy-opened', id, address: await this.openCopy(directory) });
    } catch (thrown) {
      this.post({ kind: 'copy-not-opened', id, error: plainError(thrown) });
    }
  }

  /** Answers to what this handle asked for. */
  private receiveOwn(bytes: Uint8Array): void {
    const message = decodeToViewer(bytes);
    if (message.kind === 'progress') {
      this.pending.get(message.id)?.onProgress?.(message.progress);
      return;
    }
    if (message.kind !== 'reply') return;
    const pending = this.pending.get(message.id);
    this.pending.delete(message.id);
    if (message.reply.kind === 'error') pending?.reject(errorFromPlain(message.reply));
    else pending?.resolve(message.reply);
  }

  /**
   * A closed store leaves nothing to wait for; a worker that still stays holds something it must
   * not.
   */
  private endByForceWhenLate(): void {
    const timer = setTimeout(() => {
      this.endError ??= new Error('the worker of a closed store did not end by itself');
      void this.worker.terminate();
    }, ENDING_MILLIS_MAX);
    this.worker.once('exit', () => clearTimeout(timer));
  }

  private finish(exitCode: number): void {
    this.hasEnded = true;
    if (!this.closing) {
      this.endError ??= new Error(`the store's worker ended with code ${exitCode}`);
      this.releaseLock();
    }
    this.tellViewersItEnded();
    for (const { reject } of this.pending.values()) reject(this.notOpen());
    this.pending.clear();
    this.viewers.clear();
    for (const listener of this.endedListeners) listener(this.endError);
  }

  /** The worker died with the lock in its hands: nobody else may be kept out by that. */
  private releaseLock(): void {
    if (this.target.kind !== 'store') return;
    try {
      releaseLockOf(path.join(this.target.path, LOCK_FILE_NAME), this.lockToken);
    } catch (thrown) {
      // The next one to open the store will see that the holder's process still lives, and say so.
      this.endError = new Error(`${this.endError?.message}; ${errorText(thrown)}`);
    }
  }

  private tellViewersItEnded(): void {
    const why = this.endError === undefined ? '' : `: ${this.endError.message}`;
    const readOnlyBecause = `the store was closed${why}`;
    this.latestStatus = { mode: 'live', recording: false, running: '', readOnlyBecause };
    for (const viewer of this.viewers.values()) {
      viewer.send(encode({ kind: 'status', status: this.latestStatus }));
    }
  }

  private notOpen(): LsmError {
    const why = this.endError === undefined ? '' : `: ${this.endError.message}`;
    return new LsmError('NOT_OPEN', `${this.target.path} is not open any more${why}`);
  }

  private post(message: ToWorker, transfer: readonly ArrayBuffer[] = []): void {
    if (!this.hasEnded) this.worker.postMessage(message, [...transfer]);
  }
}

function errorText(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

// Runs viewers' requests side by side: each is answered exactly once, with a reply or an error; it
// can be cancelled by its viewer, and is when the viewer goes away or the store closes.

import { LsmError } from '../../base/errors.ts';
import type { Clock } from '../../base/clock.ts';
import { encode, requestIdOf } from '../../protocol/codec.ts';
import type { Progress, Reply, Request, ToViewer } from '../../protocol/messages.ts';
import { plainError } from '../../base/plainError.ts';
import type { ViewerId } from '../threadMessages.ts';
import type { HostLine } from '../viewerHost.ts';

/** Requests of one viewer that may run at a time. */
const RUNNING_MAX = 1000;
/** Progress is told at most this often, microseconds. */
const PROGRESS_INTERVAL_MICROS = 100_000;

/** What a request sees of whoever asked. */
export interface RequestContext {
  readonly viewer: ViewerId;
  readonly signal: AbortSignal;
  /** Tells how far it is; told on only now and then. */
  readonly progress: (progress: Progress) => void;
}

/** Carries out one request. */
export type RequestHandler = (request: Request, context: RequestContext) => Promise<Reply>;

/** Everything under way for all viewers. */
export class RequestRunner {
  private readonly handler: RequestHandler;
  private readonly line: HostLine;
  private readonly clock: Clock;
  private readonly running = new Map<ViewerId, Map<number, AbortController>>();
  private readonly unfinished = new Set<Promise<void>>();

  constructor(handler: RequestHandler, line: HostLine, clock: Clock) {
    this.handler = handler;
    this.line = line;
    this.clock = clock;
  }

  /** Begins a request; its answer goes to the viewer. */
  start(viewer: ViewerId, id: number, request: Request): void {
    const ofViewer = this.running.get(viewer) ?? new Map<number, AbortController>();
    this.running.set(viewer, ofViewer);
    if (ofViewer.has(id) || ofViewer.size >= RUNNING_MAX) {
      const message = ofViewer.has(id)
        ? `request ${id} is under way already`
        : `more than ${RUNNING_MAX} requests at a time`;
      this.answer(viewer, id, errorReply(new LsmError('INVALID_ARGUMENT', message)));
      return;
    }
    const controller = new AbortController();
    ofViewer.set(id, controller);
    const finished = this.run(viewer, id, request, controller.signal).finally(() => {
      ofViewer.delete(id);
      this.unfinished.delete(finished);
    });
    this.unfinished.add(finished);
  }

  /** Answers what was no proper message, if it can be told what it would have been. */
  refuse(viewer: ViewerId, bytes: Uint8Array, thrown: unknown): void {
    const id = requestIdOf(bytes);
    if (id !== undefined) this.answer(viewer, id, errorReply(thrown));
  }

  /** Asks one request to stop; it still answers. */
  cancel(viewer: ViewerId, id: number): void {
    this.running.get(viewer)?.get(id)?.abort();
  }

  /** Stops everything a viewer asked for. */
  cancelAllOf(viewer: ViewerId): void {
    for (const controller of this.running.get(viewer)?.values() ?? []) controller.abort();
    this.running.delete(viewer);
  }

  /** Stops everything and waits until nothing runs. */
  async close(): Promise<void> {
    for (const viewer of [...this.running.keys()]) this.cancelAllOf(viewer);
    await Promise.all(this.unfinished);
  }

  private async run(
    viewer: ViewerId,
    id: number,
    request: Request,
    signal: AbortSignal,
  ): Promise<void> {
    let toldMicros = Number.NEGATIVE_INFINITY;
    const progress = (how: Progress): void => {
      const now = this.clock.monotonicMicros();
      if (now - toldMicros < PROGRESS_INTERVAL_MICROS) return;
      toldMicros = now;
      this.send(viewer, { kind: 'progress', id, progress: how });
    };
    let reply: Reply;
    try {
      reply = await this.handler(request, { viewer, signal, progress });
    } catch (thrown) {
      reply = errorReply(thrown);
    }
    this.answer(viewer, id, reply);
  }

  private answer(viewer: ViewerId, id: number, reply: Reply): void {
    try {
      this.send(viewer, { kind: 'reply', id, reply });
    } catch (thrown) {
      this.send(viewer, { kind: 'reply', id, reply: errorReply(thrown) });
    }
  }

  private send(viewer: ViewerId, message: ToViewer): void {
    this.line.send(viewer, encode(message));
  }
}

/** Whatever was thrown, as a reply. */
export function errorReply(thrown: unknown): Reply {
  return { kind: 'error', ...plainError(thrown) };
}

// A viewer for tests: decodes what a session sends, folds it, asks, acknowledges as it is told to.

import { decodeToViewer, encode } from '../../src/protocol/codec.ts';
import type { LsmEvent } from '../../src/protocol/events.ts';
import type {
  FromViewer,
  Hello,
  Opening,
  Reply,
  Request,
  SessionStatus,
  ToViewer,
} from '../../src/protocol/messages.ts';
import { reduce } from '../../src/protocol/reduce.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import { differences } from '../protocol/compareStates.ts';
import type { Session, ViewerConnection } from '../../src/session/session.ts';

/** How a viewer answers batches. */
export type AckManner = 'at-once' | 'never' | { readonly delayMillis: number };

export class TestViewer {
  readonly events: LsmEvent[] = [];
  readonly hellos: Hello[] = [];
  readonly openings: Opening[] = [];
  readonly progress: number[] = [];
  state: TreeState | undefined;
  status: SessionStatus | undefined;
  leftOut = 0;
  batches = 0;
  acks: AckManner;
  private readonly connection: ViewerConnection;
  private readonly replies = new Map<number, (reply: Reply) => void>();
  private readonly watchers = new Set<() => void>();
  private nextId = 1;
  private lastBatch = 0;

  constructor(session: Pick<Session, 'attach'>, acks: AckManner = 'at-once') {
    this.acks = acks;
    this.connection = session.attach({ send: (bytes) => this.take(decodeToViewer(bytes)) });
  }

  ask(request: Request): Promise<Reply> {
    const id = this.nextId++;
    const reply = new Promise<Reply>((resolve) => this.replies.set(id, resolve));
    this.send({ kind: 'request', id, request });
    return reply;
  }

  /** As `ask`, and gives the id too, so that it can be cancelled. */
  askCancellable(request: Request): { readonly id: number; readonly reply: Promise<Reply> } {
    const id = this.nextId;
    return { id, reply: this.ask(request) };
  }

  /**
   * What differs between its fold and the engine's own account of the same moment: asked again when
   * a job's events came before the two could be held against each other.
   */
  async differencesFromEngine(): Promise<string[]> {
    for (;;) {
      const reply = await this.ask({ kind: 'state' });
      if (reply.kind !== 'state') throw new Error(`a ${reply.kind} instead of a state`);
      const described = reply.state;
      await this.until(({ state }) => state!.eventNumber >= described.eventNumber);
      const { state } = this;
      if (state!.eventNumber === described.eventNumber) return differences(state!, described);
    }
  }

  send(message: FromViewer): void {
    this.connection.receive(encode(message));
  }

  sendBytes(bytes: Uint8Array): void {
    this.connection.receive(bytes);
  }

  /** Says that everything received so far has been shown. */
  ackAll(): void {
    const eventNumber = this.state?.eventNumber ?? 0;
    this.send({ kind: 'ack', batch: this.lastBatch, eventNumber });
  }

  detach(): void {
    this.connection.detach();
  }

  /** Resolves once the condition holds, looking after each message. */
  async until(condition: (viewer: TestViewer) => boolean): Promise<void> {
    while (!condition(this)) {
      await new Promise<void>((resolve) => {
        this.watchers.add(resolve);
      });
    }
  }

  private take(message: ToViewer): void {
    if (message.kind === 'hello') {
      this.hellos.push(message.hello);
      this.state = message.hello.state;
      this.status = message.hello.status;
    } else if (message.kind === 'status') {
      this.status = message.status;
    } else if (message.kind === 'progress') {
      this.progress.push(message.progress.done);
    } else if (message.kind === 'reply') {
      this.replies.get(message.id)?.(message.reply);
      this.replies.delete(message.id);
    } else if (message.kind === 'opening') {
      this.openings.push(message.opening);
    } else {
      this.takeBatch(message.events, message.leftOut, message.batch);
    }
    const watchers = [...this.watchers];
    this.watchers.clear();
    for (const wake of watchers) wake();
  }

  private takeBatch(events: readonly LsmEvent[], leftOut: number, batch: number): void {
    for (const event of events) {
      this.events.push(event);
      this.state = reduce(this.state!, event);
    }
    this.leftOut += leftOut;
    this.batches++;
    this.lastBatch = batch;
    if (this.acks === 'at-once') this.ackAll();
    else if (this.acks !== 'never') setTimeout(() => this.ackAll(), this.acks.delayMillis);
  }
}

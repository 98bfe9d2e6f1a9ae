// The session as the page sees it: requests with their replies and progress, and what it tells
// unasked.

import { decodeToViewer, encode } from '../../src/protocol/codec.ts';
import type { EventNumber } from '../../src/protocol/events.ts';
import type {
  FromViewer,
  Progress,
  Reply,
  Request,
  ToViewer,
} from '../../src/protocol/messages.ts';
import type { Transport } from './transport.ts';

/** What a session tells unasked. */
export type Told = Extract<ToViewer, { readonly kind: 'opening' | 'hello' | 'batch' | 'status' }>;

interface Pending {
  readonly resolve: (reply: Reply) => void;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

export class SessionClient {
  private readonly transport: Transport;
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;

  /** @param onTold hears hello, batches and status, in order */
  constructor(transport: Transport, onTold: (told: Told) => void) {
    this.transport = transport;
    transport.onMessage((bytes) => this.receive(decodeToViewer(bytes), onTold));
    transport.onLost(() => this.failAll());
  }

  /**
   * Asks the session for one thing. Always resolves: what went wrong comes as a reply of kind
   * `error`.
   * `stop`, given a function, receives one that cancels the request.
   */
  request(
    request: Request,
    onProgress?: (progress: Progress) => void,
    stop?: (cancel: () => void) => void,
  ): Promise<Reply> {
    const id = ++this.lastId;
    return new Promise((resolve) => {
      this.pending.set(id, { resolve, onProgress });
      this.send({ kind: 'request', id, request });
      stop?.(() => this.send({ kind: 'cancel', id }));
    });
  }

  /** Says that a batch has come and which events have been shown. */
  ack(batch: number, eventNumber: EventNumber): void {
    this.send({ kind: 'ack', batch, eventNumber });
  }

  private send(message: FromViewer): void {
    this.transport.send(encode(message));
  }

  private receive(message: ToViewer, onTold: (told: Told) => void): void {
    switch (message.kind) {
      case 'reply': {
        const pending = this.pending.get(message.id);
        this.pending.delete(message.id);
        pending?.resolve(message.reply);
        return;
      }
      case 'progress':
        this.pending.get(message.id)?.onProgress?.(message.progress);
        return;
      case 'opening':
      case 'hello':
      case 'batch':
      case 'status':
        return onTold(message);
    }
  }

  private failAll(): void {
    const reply: Reply = {
      kind: 'error',
      code: 'NOT_OPEN',
      message: 'The connection to the store is gone. Reload the page when it runs again.',
      file: '',
      offset: -1,
    };
    for (const { resolve } of this.pending.values()) resolve(reply);
    this.pending.clear();
  }
}

// A tab of the local page without a browser: a WebSocket that speaks the page's protocol.

import { vi } from 'vitest';
import { WebSocket } from 'ws';
import { decodeToViewer, encode } from '../../src/protocol/codec.ts';
import type { Reply, Request, ToViewer } from '../../src/protocol/messages.ts';

const WAIT = { timeout: 20_000 };

/** A tab without a browser: speaks the page's protocol. */
export class Tab {
  readonly messages: ToViewer[] = [];
  private readonly socket: WebSocket;
  private nextRequest = 1;

  private constructor(socket: WebSocket) {
    this.socket = socket;
  }

  /** @param url the address that `lsm-lens open` printed. */
  static async open(url: URL): Promise<Tab> {
    const socket = new WebSocket(`ws://${url.host}/socket${url.search}`, { origin: url.origin });
    socket.binaryType = 'arraybuffer';
    const tab = new Tab(socket);
    socket.on('message', (data) => {
      const message = decodeToViewer(new Uint8Array(data as ArrayBuffer));
      tab.messages.push(message);
      if (message.kind === 'batch') tab.acknowledge(message);
    });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return tab;
  }

  async hello(): Promise<Extract<ToViewer, { kind: 'hello' }>['hello']> {
    await vi.waitUntil(() => this.messages.length > 0, WAIT);
    const [first] = this.messages;
    if (first?.kind !== 'hello') throw new Error('the first message is not hello');
    return first.hello;
  }

  async ask(request: Request): Promise<Reply> {
    const id = this.nextRequest++;
    this.socket.send(encode({ kind: 'request', id, request }));
    const isAnswer = (message: ToViewer): boolean => message.kind === 'reply' && message.id === id;
    await vi.waitUntil(() => this.messages.some(isAnswer), WAIT);
    const answer = this.messages.find(isAnswer);
    if (answer?.kind !== 'reply') throw new Error('no reply');
    return answer.reply;
  }

  get closed(): Promise<number> {
    return new Promise((resolve) => this.socket.once('close', resolve));
  }

  private acknowledge(batch: Extract<ToViewer, { kind: 'batch' }>): void {
    const eventNumber = batch.events.at(-1)?.number ?? 0;
    this.socket.send(encode({ kind: 'ack', batch: batch.batch, eventNumber }));
  }
}

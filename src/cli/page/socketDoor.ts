// The WebSockets of the local page: each tab becomes one viewer of the session.

import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { FROM_VIEWER_SIZE_MAX } from '../../protocol/codec.ts';
import type { Viewer, ViewerConnection } from '../../session/session.ts';
import { refusalOf } from './accessCheck.ts';
import type { ServerIdentity } from './accessCheck.ts';

/** Makes a viewer of the session of whoever holds the line. */
export type AttachViewer = (viewer: Viewer) => ViewerConnection;

/** Bytes that may wait for a tab that does not read; beyond that it is cut off. */
const WAITING_BYTES_MAX = 256 * 1024 * 1024;
/** Tabs at one time. */
const TABS_MAX = 32;
/** How long a tab may take to say goodbye. */
const GOODBYE_MILLIS = 500;

/** Lets visitors in who show the token, and out again. */
export class SocketDoor {
  private readonly identity: ServerIdentity;
  private readonly attachViewerOf: (query: URLSearchParams) => AttachViewer | undefined;
  private readonly sockets = new WebSocketServer({
    noServer: true,
    maxPayload: FROM_VIEWER_SIZE_MAX,
    perMessageDeflate: false,
  });

  /** @param attachViewerOf whose viewer a tab becomes, by its address; `undefined`: nobody's */
  constructor(
    server: Server,
    identity: ServerIdentity,
    attachViewerOf: (query: URLSearchParams) => AttachViewer | undefined,
  ) {
    this.identity = identity;
    this.attachViewerOf = attachViewerOf;
    server.on('upgrade', (request, stream, head) => this.greet(request, stream, head));
  }

  /** Closes every socket; resolves when all are gone. */
  async close(): Promise<void> {
    const goodbyes = [...this.sockets.clients].map((socket) => sayGoodbye(socket));
    this.sockets.close();
    await Promise.all(goodbyes);
  }

  private greet(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const target = request.url ?? '';
    const [path, search] = target.split('?', 2);
    const query = new URLSearchParams(search);
    const token = query.get('token');
    if (path !== '/socket') return turnAway(stream, '404 Not Found');
    if (refusalOf({ headers: request.headers, token }, this.identity) !== undefined) {
      return turnAway(stream, '403 Forbidden');
    }
    const attachViewer = this.attachViewerOf(query);
    if (attachViewer === undefined) return turnAway(stream, '404 Not Found');
    if (this.sockets.clients.size >= TABS_MAX) return turnAway(stream, '503 Service Unavailable');
    this.sockets.handleUpgrade(request, stream, head, (socket) => letIn(socket, attachViewer));
  }
}

function letIn(socket: WebSocket, attachViewer: AttachViewer): void {
  socket.binaryType = 'arraybuffer';
  const viewer = attachViewer({ send: (bytes) => sendBounded(socket, bytes) });
  socket.on('message', (data, isBinary) => {
    if (isBinary) viewer.receive(new Uint8Array(data as ArrayBuffer));
    else socket.close(1003, 'binary messages only');
  });
  // A broken line is followed by `close`, which is where the viewer is let go.
  socket.on('error', () => socket.terminate());
  socket.on('close', () => viewer.detach());
}

function sendBounded(socket: WebSocket, bytes: Uint8Array): void {
  if (socket.readyState !== WebSocket.OPEN) return;
  if (socket.bufferedAmount + bytes.length > WAITING_BYTES_MAX) socket.terminate();
  else socket.send(bytes, { binary: true });
}

function sayGoodbye(socket: WebSocket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.readyState === WebSocket.CLOSED) return resolve();
    const impatience = setTimeout(() => socket.terminate(), GOODBYE_MILLIS);
    socket.once('close', () => {
      clearTimeout(impatience);
      resolve();
    });
    socket.close(1001, 'lsm-lens has ended');
  });
}

function turnAway(stream: Duplex, status: string): void {
  stream.on('error', () => stream.destroy());
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

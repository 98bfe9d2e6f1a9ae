// In a plain browser: a WebSocket to the server that served the page, with the token from its
// address.

import type { Transport } from './transport.ts';
import { Inbox } from './transport.ts';

/** Connects to `/socket` of the page's own server; messages sent before it is open wait. */
export function webSocketTransport(page: Location): Transport {
  const scheme = page.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(`${scheme}//${page.host}/socket${page.search}`);
  socket.binaryType = 'arraybuffer';
  const inbox = new Inbox();
  let unsent: Uint8Array[] = [];
  let lost = false;
  let onLost: (() => void) | undefined;
  socket.addEventListener('open', () => {
    for (const bytes of unsent) socket.send(new Uint8Array(bytes));
    unsent = [];
  });
  socket.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.data instanceof ArrayBuffer) inbox.take(new Uint8Array(event.data));
  });
  socket.addEventListener('close', () => {
    lost = true;
    onLost?.();
  });
  return {
    send: (bytes) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(new Uint8Array(bytes));
      else if (!lost) unsent.push(bytes);
    },
    onMessage: (listener) => inbox.listen(listener),
    onLost: (listener) => {
      onLost = listener;
      if (lost) listener();
    },
  };
}

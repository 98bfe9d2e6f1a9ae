// Inside a VS Code webview: messages pass through the channel that the extension host holds.

import type { Transport } from './transport.ts';
import { Inbox } from './transport.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
}

type AcquireVsCodeApi = () => VsCodeApi;

/** VS Code's half of the channel, or `undefined` in a plain browser. It can be taken only once. */
export function vsCodeApi(): VsCodeApi | undefined {
  const acquire = (globalThis as { acquireVsCodeApi?: AcquireVsCodeApi }).acquireVsCodeApi;
  return acquire?.();
}

/**
 * Speaks with the extension through `api`. What is posted to a webview before its script listens is
 * lost, so the page says `ready` once it does, and only then becomes a viewer of the session.
 */
export function vscodeTransport(api: VsCodeApi): Transport {
  const inbox = new Inbox();
  globalThis.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.data instanceof Uint8Array) inbox.take(event.data);
    else if (event.data instanceof ArrayBuffer) inbox.take(new Uint8Array(event.data));
  });
  api.postMessage('ready');
  return {
    send: (bytes) => api.postMessage(bytes),
    onMessage: (listener) => inbox.listen(listener),
    // A webview whose extension has gone is closed by VS Code itself.
    onLost: () => {},
  };
}

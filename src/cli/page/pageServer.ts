// The local page's server: three files over HTTP and one WebSocket for each tab, on 127.0.0.1 only.
//
//     GET /?token=…            the page
//     GET /webview.js?token=…  its script, from the folder of the bundles
//     GET /webview.css?token=… its style sheet
//     GET /metrics?token=…     the store's figures as OpenMetrics text
//     /socket?token=…          WebSocket; each binary message is one message of src/protocol
//
// Paths are looked up in that table, never on the disk, so no request can name another file. The
// first store is shown; `&store=2` in an address means the second that was added, by its number.

import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { LsmError, toLsmError } from '../../base/errors.ts';
import { OPEN_METRICS_TYPE } from '../../session/openMetrics.ts';
import { refusalOf } from './accessCheck.ts';
import type { ServerIdentity } from './accessCheck.ts';
import { contentSecurityPolicy, pageHtml } from './pageHtml.ts';
import { SocketDoor } from './socketDoor.ts';
import type { AttachViewer } from './socketDoor.ts';

/** A store as the server shows it. */
export interface ServedStore {
  readonly title: string;
  readonly attachViewer: AttachViewer;
  /** The store's figures as OpenMetrics text; rejects with why there are none. */
  readonly metrics: () => Promise<string>;
}

/** What to serve, and the first store. */
export interface PageServerOptions extends ServedStore {
  /** 0 for any free port. */
  readonly port: number;
  /** Holds `webview.js` and `webview.css`. */
  readonly assetsDirectory: string;
}

/** A server that is ready. */
export interface ServedPage {
  /** The address to open, token included. */
  readonly url: string;
  /** Shows one more store; returns its address, to be resolved at `url`. */
  add(store: ServedStore): string;
  /** Says goodbye to every tab and stops listening; resolves when nothing is left open. */
  close(): Promise<void>;
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '/webview.js': 'text/javascript; charset=utf-8',
  '/webview.css': 'text/css; charset=utf-8',
};

/** Sent with every answer. */
const COMMON_HEADERS: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/**
 * Starts the server.
 * @throws LsmError `IO` when the port is taken.
 */
export async function servePage(options: PageServerOptions): Promise<ServedPage> {
  const token = randomBytes(16).toString('hex');
  const server = createServer();
  await listen(server, options.port);
  const identity: ServerIdentity = { port: (server.address() as AddressInfo).port, token };
  const stores: ServedStore[] = [options];
  const storeOf = (query: URLSearchParams): ServedStore | undefined =>
    stores[Number(query.get('store') ?? 1) - 1];
  const door = new SocketDoor(server, identity, (query) => storeOf(query)?.attachViewer);
  server.on('request', (request, response) => {
    const { assetsDirectory } = options;
    answer(request, response, { identity, assetsDirectory, storeOf }).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : undefined);
    });
  });
  return {
    url: `http://127.0.0.1:${identity.port}/?token=${token}`,
    add: (store) => `/?token=${token}&store=${stores.push(store)}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      await door.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new LsmError(
          'IO',
          `cannot listen on 127.0.0.1:${port} (${error.code}); try another --port`,
          {
            cause: error,
          },
        ),
      );
    });
    server.listen({ host: '127.0.0.1', port }, resolve);
  });
}

/** What the answers are made from. */
interface Answers {
  readonly identity: ServerIdentity;
  readonly assetsDirectory: string;
  readonly storeOf: (query: URLSearchParams) => ServedStore | undefined;
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  { identity, assetsDirectory, storeOf }: Answers,
): Promise<void> {
  const address = addressOf(request);
  if (address === undefined) return refuse(response, 400, 'that is no address');
  const visitor = { headers: request.headers, token: address.searchParams.get('token') };
  const refusal = refusalOf(visitor, identity);
  if (refusal !== undefined) return refuse(response, 403, refusal);
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(response, 405, 'only GET is answered');
  }
  const store = storeOf(address.searchParams);
  if (store === undefined) return refuse(response, 404, 'no store has that number here');
  if (address.pathname === '/') return sendPage(response, identity, store.title);
  if (address.pathname === '/metrics') return sendMetrics(response, store);
  const contentType = CONTENT_TYPES[address.pathname];
  if (contentType === undefined) return refuse(response, 404, 'there is no such page');
  const content = await readFile(path.join(assetsDirectory, address.pathname.slice(1)));
  response.writeHead(200, { ...COMMON_HEADERS, 'Content-Type': contentType });
  response.end(content);
}

function sendPage(response: ServerResponse, { port, token }: ServerIdentity, title: string): void {
  const nonce = randomBytes(16).toString('base64');
  response.writeHead(200, {
    ...COMMON_HEADERS,
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': contentSecurityPolicy(nonce, port),
  });
  const scriptUrl = `/webview.js?token=${token}`;
  response.end(pageHtml({ title, nonce, scriptUrl, styleUrl: `/webview.css?token=${token}` }));
}

async function sendMetrics(response: ServerResponse, { metrics }: ServedStore): Promise<void> {
  try {
    const text = await metrics();
    response.writeHead(200, { ...COMMON_HEADERS, 'Content-Type': OPEN_METRICS_TYPE });
    response.end(text);
  } catch (thrown) {
    refuse(response, 503, toLsmError(thrown).message);
  }
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { ...COMMON_HEADERS, 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${message}\n`);
}

/** The address asked for, or `undefined` when it cannot be read. */
function addressOf(request: IncomingMessage): URL | undefined {
  const target = request.url ?? '';
  const base = 'http://127.0.0.1';
  return target.startsWith('/') && URL.canParse(base + target) ? new URL(base + target) : undefined;
}

// The page in a real browser without a store behind it: the harness plays the session's part on the
// page's own WebSocket, so a test decides what the page hears.

import path from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import { root } from '../../../scripts/paths.mjs';
import { decodeFromViewer, encode } from '../../../src/protocol/codec.ts';
import type { LsmEvent } from '../../../src/protocol/events.ts';
import type {
  FromViewer,
  Reply,
  Request,
  SessionStatus,
  ToViewer,
  TraceInfo,
} from '../../../src/protocol/messages.ts';
import { PROTOCOL_VERSION } from '../../../src/protocol/messages.ts';
import type { TreeState } from '../../../src/protocol/treeState.ts';

export const THEMES = ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const;
export type Theme = (typeof THEMES)[number];

const ADDRESS = 'http://lsm-lens.test';
const POLICY =
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-of-test'; ` +
  `img-src data:; connect-src 'self' ws://lsm-lens.test`;
const HTML = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta property="csp-nonce" content="of-test">
<link rel="stylesheet" href="/webview.css"><script type="module" src="/webview.js"></script></head>
<body data-host="local"><main id="lsm-lens"></main></body></html>`;

/** Bundles the page as the build does; once for all tests of a file. */
export async function bundlePage(): Promise<{ readonly script: string; readonly styles: string }> {
  const result = await build({
    entryPoints: [path.join(root, 'webview/main.ts')],
    outdir: path.join(root, 'test/out/page'),
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'chrome134',
  });
  const content = (ending: string): string =>
    result.outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
  return { script: content('.js'), styles: content('.css') };
}

export interface HarnessOptions {
  readonly width: number;
  readonly height: number;
  readonly theme: Theme;
  readonly reducedMotion?: boolean;
}

/** One page and the session that the test plays. */
export class PageHarness {
  readonly page: Page;
  /** Everything that went wrong in the page: exceptions, policy violations, console errors. */
  readonly faults: string[] = [];
  readonly heard: FromViewer[] = [];
  /** Answers requests, at once or later; `done` unless a test says otherwise. */
  answer: (request: Request) => Reply | Promise<Reply> = () => ({ kind: 'done' });
  private socket: WebSocketRoute | undefined;
  private batch = 0;
  private status: SessionStatus = {
    mode: 'live',
    recording: false,
    running: '',
    readOnlyBecause: '',
  };

  private constructor(page: Page) {
    this.page = page;
  }

  static async open(
    browser: Browser,
    bundle: { readonly script: string; readonly styles: string },
    options: HarnessOptions,
  ): Promise<PageHarness> {
    const { width, height } = options;
    const page = await browser.newPage({
      viewport: { width, height },
      colorScheme: options.theme.endsWith('light') ? 'light' : 'dark',
      contrast: options.theme.startsWith('high') ? 'more' : 'no-preference',
      reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference',
    });
    const harness = new PageHarness(page);
    await harness.serve(bundle);
    await page.goto(ADDRESS);
    return harness;
  }

  hello(state: TreeState, trace: TraceInfo | null = null): void {
    const { status } = this;
    const protocolVersion = PROTOCOL_VERSION;
    this.send({ kind: 'hello', hello: { protocolVersion, state, status, trace } });
  }

  tell(events: readonly LsmEvent[], leftOut = 0): void {
    this.batch += 1;
    this.send({ kind: 'batch', events, leftOut, batch: this.batch });
  }

  setStatus(changed: Partial<SessionStatus>): void {
    this.status = { ...this.status, ...changed };
    this.send({ kind: 'status', status: this.status });
  }

  send(message: ToViewer): void {
    this.socket?.send(Buffer.from(encode(message)));
  }

  /** Rests at a place in the timeline: event index plus progress. */
  async seek(place: number): Promise<void> {
    await this.page.evaluate((at) => window.lsmLens.commands.seek(at), place);
    await this.settle();
  }

  /** Waits for the next two frames to be drawn. */
  async settle(): Promise<void> {
    await this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(root, 'test/out/page', `${name}.png`) });
  }

  private async serve(bundle: { readonly script: string; readonly styles: string }): Promise<void> {
    const { page } = this;
    page.on('pageerror', (error) => this.faults.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(message.text());
    });
    const serve = (file: string, contentType: string, body: string): Promise<unknown> =>
      page.route(`${ADDRESS}${file}`, (route) => route.fulfill({ contentType, body }));
    await serve('/', 'text/html', HTML);
    await serve('/webview.js', 'text/javascript', bundle.script);
    await serve('/webview.css', 'text/css', bundle.styles);
    await serve('/favicon.ico', 'image/x-icon', '');
    await page.routeWebSocket(/\/socket/, (socket) => {
      this.socket = socket;
      socket.onMessage((message) => {
        if (typeof message !== 'string') this.hear(new Uint8Array(message));
      });
    });
  }

  private hear(bytes: Uint8Array): void {
    const message = decodeFromViewer(bytes);
    this.heard.push(message);
    if (message.kind !== 'request') return;
    void Promise.resolve(this.answer(message.request)).then((reply) =>
      this.send({ kind: 'reply', id: message.id, reply }),
    );
    const { request } = message;
    if (request.kind === 'set-mode') this.setStatus({ mode: request.mode });
    if (request.kind === 'record') this.setStatus({ recording: request.on });
  }
}

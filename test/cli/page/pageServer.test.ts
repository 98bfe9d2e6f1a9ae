// Who gets in to the local page, and who does not; over real sockets.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FROM_VIEWER_SIZE_MAX } from '../../../src/protocol/codec.ts';
import { servePage } from '../../../src/cli/page/pageServer.ts';
import type { ServedPage } from '../../../src/cli/page/pageServer.ts';

let assets = '';
let page: ServedPage;
let address: URL;
let received: string[] = [];
let detached = 0;

/** What `/metrics` is to answer; `undefined` for a refusal. */
let figures: string | undefined;

beforeEach(async () => {
  assets = await mkdtemp(path.join(os.tmpdir(), 'lsm-lens-page-'));
  await writeFile(path.join(assets, 'webview.js'), 'export {};\n');
  await writeFile(path.join(assets, 'webview.css'), 'body {}\n');
  await writeFile(path.join(assets, 'secret.txt'), 'secret');
  [received, detached] = [[], 0];
  figures = '# EOF\n';
  page = await servePage({
    port: 0,
    title: 'A <store> & "more"',
    assetsDirectory: assets,
    attachViewer: (line) => ({
      receive: (bytes) => {
        received.push(Buffer.from(bytes).toString());
        line.send(Uint8Array.of(...bytes, 33));
      },
      detach: () => detached++,
    }),
    metrics: () =>
      figures === undefined
        ? Promise.reject(new Error('a recording has no figures'))
        : Promise.resolve(figures),
  });
  address = new URL(page.url);
});

afterEach(async () => {
  await page.close();
  await rm(assets, { recursive: true });
});

/** Sends bytes as they are and answers with everything that came back. */
function raw(text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(Number(address.port), '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (piece) => (answer += piece.toString()));
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}

function request(target: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const lines = Object.entries({ Host: address.host, Connection: 'close', ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return raw(`GET ${target} HTTP/1.1\r\n${head}\r\n`);
}

const statusOf = (answer: string): number => Number(answer.split(' ')[1]);
const withToken = (target: string): string => `${target}${address.search}`;

describe('the page', () => {
  test('comes with the token, under a policy without inline or evaluated script', async () => {
    const response = await fetch(page.url);
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy') ?? '';
    const directives = new Map(
      policy.split('; ').map((directive) => {
        const [name, ...sources] = directive.split(' ');
        return [name, sources.join(' ')];
      }),
    );
    const html = await response.text();
    const nonce = /<script type="module" nonce="([^"]+)"/.exec(html)?.[1];
    expect(directives.get('default-src')).toBe(`'none'`);
    expect(directives.get('script-src')).toBe(`'nonce-${nonce}'`);
    expect(directives.get('frame-ancestors')).toBe(`'none'`);
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*/);
    expect(html).toContain('<title>A &lt;store&gt; &amp; &quot;more&quot;</title>');
    expect(html).not.toMatch(/<script(?![^>]*src=)/);
  });

  test('has a nonce of its own each time', async () => {
    const nonces = await Promise.all(
      [1, 2].map(async () => /nonce="([^"]+)"/.exec(await (await fetch(page.url)).text())?.[1]),
    );
    expect(nonces[0]).not.toBe(nonces[1]);
  });

  test('serves its script and its style sheet with their types', async () => {
    for (const [name, type] of [
      ['webview.js', 'text/javascript'],
      ['webview.css', 'text/css'],
    ] as const) {
      const response = await fetch(new URL(withToken(`/${name}`), address));
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain(type);
      expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  test('has a token of 32 hexadecimal digits', () => {
    expect(address.searchParams.get('token')).toMatch(/^[0-9a-f]{32}$/);
  });
});

test('/metrics gives the figures, or says why there are none', async () => {
  const metrics = new URL(withToken('/metrics'), address);
  const response = await fetch(metrics);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/openmetrics-text; version=1/);
  expect(await response.text()).toBe(figures);
  figures = undefined;
  const refused = await fetch(metrics);
  expect(refused.status).toBe(503);
  expect(await refused.text()).toBe('a recording has no figures\n');
});

test('a further store has an address of its own, and no number leads anywhere else', async () => {
  const metrics = (): Promise<string> => Promise.resolve('of the second\n# EOF\n');
  const line = { receive: () => {}, detach: () => {} };
  const second = page.add({ title: 'Second', attachViewer: () => line, metrics });
  const at = (target: string): Promise<Response> => fetch(new URL(target, address));
  expect(await (await at(second)).text()).toContain('<title>Second</title>');
  expect(await (await at(second.replace('/', '/metrics'))).text()).toContain('of the second');
  expect(await (await fetch(page.url)).text()).not.toContain('Second');
  for (const number of ['0', '3', '-1', '1.5', '', 'length', '__proto__']) {
    expect((await at(`${address.search}&store=${number}`)).status).toBe(404);
    expect(await knock(withToken('/socket').concat(`&store=${number}`))).toContain('404');
  }
  expect(statusOf(await request('/?store=2'))).toBe(403);
});

describe('refused', () => {
  test.each(['/', '/webview.js', '/webview.css', '/metrics'])(
    '%s without the token or with a wrong one',
    async (target) => {
      expect(statusOf(await request(target))).toBe(403);
      expect(statusOf(await request(`${target}?token=`))).toBe(403);
      expect(statusOf(await request(`${target}?token=${'0'.repeat(32)}`))).toBe(403);
    },
  );

  test.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1',
    '127.0.0.1:1',
    'localhost.evil.example',
  ])('a Host of %s, even with the token', async (host) => {
    expect(statusOf(await request(withToken('/'), { Host: host }))).toBe(403);
  });

  test.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://127.0.0.1:1'])(
    'an Origin of %s, even with the token',
    async (origin) => {
      expect(statusOf(await request(withToken('/'), { Origin: origin }))).toBe(403);
    },
  );

  test.each([
    '/secret.txt',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '//secret.txt',
    '/webview.js/../secret.txt',
    '/webview.js%00',
    '/constructor',
    '/__proto__',
  ])('the path %s', async (target) => {
    const answer = await request(withToken(target));
    expect(statusOf(answer)).toBeGreaterThanOrEqual(400);
    expect(answer).not.toContain('secret\r\n');
  });

  test('methods other than GET and HEAD', async () => {
    const response = await fetch(page.url, { method: 'POST', body: 'x' });
    expect(response.status).toBe(405);
  });

  test('an absolute target, as a proxy would send it', async () => {
    expect(statusOf(await request(`http://evil.example${withToken('/')}`))).toBe(400);
  });

  test('other interfaces than the loopback', async () => {
    const others = Object.values(os.networkInterfaces())
      .flatMap((addresses) => addresses ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const other of others) {
      const error = await fetch(`http://${other.address}:${address.port}/${address.search}`).then(
        () => 'answered',
        (cause: unknown) => cause,
      );
      expect(error).toBeInstanceOf(TypeError);
    }
  });
});

/** Opens a WebSocket and tells how that went. */
function knock(
  target: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<WebSocket | string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${address.port}${target}`, { headers });
    socket.binaryType = 'arraybuffer';
    socket.once('open', () => resolve(socket));
    socket.once('error', (error) => resolve(error.message));
  });
}

async function enter(): Promise<WebSocket> {
  const socket = await knock(withToken('/socket'), { Origin: address.origin });
  if (typeof socket === 'string') throw new Error(socket);
  return socket;
}

const closeOf = (socket: WebSocket): Promise<number> =>
  new Promise((resolve) => socket.once('close', resolve));

describe('the socket', () => {
  test('carries bytes both ways, for several tabs', async () => {
    const sockets = await Promise.all([enter(), enter()]);
    for (const [index, socket] of sockets.entries()) {
      const answer = new Promise<ArrayBuffer>((resolve) =>
        socket.once('message', (data) => resolve(data as ArrayBuffer)),
      );
      socket.send(Buffer.from(`tab ${index}`));
      expect(Buffer.from(await answer).toString()).toBe(`tab ${index}!`);
    }
    expect(received).toEqual(['tab 0', 'tab 1']);
  });

  test.each([
    ['no token', '/socket', {}],
    ['a wrong token', `/socket?token=${'f'.repeat(32)}`, {}],
  ])('is refused with %s', async (_what, target, headers) => {
    expect(await knock(target, headers)).toContain('403');
  });

  test('is refused to other origins, other hosts and other paths', async () => {
    expect(await knock(withToken('/socket'), { Origin: 'http://evil.example' })).toContain('403');
    expect(await knock(withToken('/socket'), { Host: 'evil.example' })).toContain('403');
    expect(await knock(withToken('/'), { Origin: address.origin })).toContain('404');
  });

  test('lets a viewer go when its tab closes', async () => {
    const socket = await enter();
    socket.close();
    await closeOf(socket);
    await expect.poll(() => detached).toBe(1);
  });

  test('cuts off who sends text, or more in one message than is ever decoded', async () => {
    const talker = await enter();
    talker.send('text');
    expect(await closeOf(talker)).toBe(1003);
    const flooder = await enter();
    flooder.send(Buffer.alloc(FROM_VIEWER_SIZE_MAX + 1));
    expect(await closeOf(flooder)).toBe(1009);
    expect(received).toEqual([]);
  });
});

describe('closing', () => {
  test('ends every connection and frees the port', async () => {
    const socket = await enter();
    const goodbye = closeOf(socket);
    await page.close();
    expect(await goodbye).toBe(1001);
    expect(detached).toBe(1);
    await expect(request('/')).rejects.toThrow('ECONNREFUSED');
  });

  test('does not wait for a tab that never answers', async () => {
    const key = Buffer.alloc(16).toString('base64');
    const silent = net.connect(Number(address.port), '127.0.0.1');
    silent.write(
      `GET ${withToken('/socket')} HTTP/1.1\r\nHost: ${address.host}\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\n\r\n`,
    );
    await new Promise((resolve) => silent.once('data', resolve));
    const ended = new Promise((resolve) => silent.once('close', resolve));
    await page.close();
    await ended;
    expect(detached).toBe(1);
  });
});

test('a port that is taken is said in one line', async () => {
  const port = Number(address.port);
  const second = servePage({
    port,
    title: '',
    assetsDirectory: assets,
    attachViewer: () => ({ receive: () => {}, detach: () => {} }),
    metrics: () => Promise.reject(new Error('none')),
  });
  await expect(second).rejects.toThrow(
    `cannot listen on 127.0.0.1:${port} (EADDRINUSE); try another --port`,
  );
});

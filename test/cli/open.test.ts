// `lsm-lens open` as a person or a script runs it: the address, the page behind it, several tabs,
// and an end that leaves nothing behind.

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { root } from '../../scripts/paths.mjs';
import { directoryPrint } from './directoryPrint.ts';
import { outcomeOf, prepareProgram, runJson, run, start } from './program.ts';
import type { Outcome } from './program.ts';
import { Tab } from './tab.ts';

const place = prepareProgram();

/** A running `lsm-lens open`. */
interface Opened {
  readonly child: ChildProcessWithoutNullStreams;
  readonly url: URL;
  readonly outcome: Promise<Outcome>;
}

const running = new Set<ChildProcessWithoutNullStreams>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
});

async function open(...args: readonly string[]): Promise<Opened> {
  const child = start('open', ...args);
  running.add(child);
  const outcome = outcomeOf(child);
  let printed = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (piece: Buffer) => {
      printed += piece.toString();
      const line = /^http:\/\/\S+$/m.exec(printed)?.[0];
      if (line !== undefined && printed.includes(`${line}\n`)) resolve(line);
    });
    void outcome.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)));
  });
  return { child, url: new URL(url), outcome };
}

async function end(opened: Opened, signal: NodeJS.Signals = 'SIGTERM'): Promise<Outcome> {
  opened.child.kill(signal);
  const outcome = await opened.outcome;
  running.delete(opened.child);
  return outcome;
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('the demo', () => {
  test('opens on a store that the users example has filled', async () => {
    const opened = await open('--no-open');
    expect(opened.url.hostname).toBe('127.0.0.1');
    expect(opened.url.searchParams.get('token')).toMatch(/^[0-9a-f]{32}$/);
    const tab = await Tab.open(opened.url);
    const { state, trace } = await tab.hello();
    expect(trace).toBeNull();
    const tables = state.families.flatMap(({ levels }) => levels.flatMap((level) => level.tables));
    expect(tables.length).toBeGreaterThan(1);
    const value = await tab.ask({ kind: 'get', key: bytes('user:0042') });
    expect(value).toMatchObject({ kind: 'value' });
    expect(Buffer.from((value as { value: Uint8Array }).value).toString()).toContain('User 42');
    const { code, stdout, stderr } = await end(opened, 'SIGINT');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const directory = /demo store: (.+)$/m.exec(stdout)?.[1] ?? '';
    expect(await runJson('verify', directory)).toMatchObject({ ok: true });
  });

  test('a second one, at the same time, gets a store of its own', async () => {
    const first = await open();
    const second = await open();
    const outcomes = [await end(first), await end(second)];
    const stores = outcomes.map(({ stdout }) => /demo store: (.+)$/m.exec(stdout)?.[1]);
    expect(new Set(stores).size).toBe(2);
    expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
  });
});

describe('a directory', () => {
  test('is made, shown to several tabs, and closed in order', async () => {
    const store = place.fresh();
    const opened = await open(store, '--memtable-size', '64KiB', '--compaction', 'size-tiered');
    const tabs = [await Tab.open(opened.url), await Tab.open(opened.url)] as const;
    const { state } = await tabs[0].hello();
    expect(state.store).toMatchObject({ strategy: 'size-tiered' });
    expect(state.store.options).toMatchObject({ memtableSize: 65_536 });
    const put = { kind: 'put', key: bytes('key'), value: bytes('value'), sync: true } as const;
    expect(await tabs[0].ask(put)).toEqual({ kind: 'done' });
    const sawIt = (): boolean =>
      tabs[1].messages.some(
        (message) =>
          message.kind === 'batch' && message.events.some(({ kind }) => kind === 'memtable.insert'),
      );
    await expect.poll(sawIt).toBe(true);
    expect((await run('put', store, 'other', 'value')).stderr).toMatch(/^lsm-lens: .+\n$/);
    const goodbyes = Promise.all(tabs.map((tab) => tab.closed));
    expect(await end(opened)).toMatchObject({ code: 0, stderr: '' });
    expect(await goodbyes).toEqual([1001, 1001]);
    expect(await runJson('get', store, 'key')).toMatchObject({ value: 'value' });
    await runJson('put', store, 'other', 'value');
  });

  test('tells its token in the address alone: no output, file or recording holds it', async () => {
    const store = place.fresh();
    const opened = await open(store);
    const token = opened.url.searchParams.get('token')!;
    const wrong = new URL(opened.url);
    wrong.searchParams.set('token', '0'.repeat(32));
    expect((await fetch(wrong)).status).toBe(403);
    expect((await fetch(new URL(`/absent?token=${token}`, opened.url))).status).toBe(404);
    const tab = await Tab.open(opened.url);
    expect(await tab.ask({ kind: 'record', on: true })).toMatchObject({ kind: 'done' });
    await tab.ask({ kind: 'put', key: bytes('key'), value: bytes('value'), sync: true });
    const recording = await tab.ask({ kind: 'trace' });
    expect(JSON.stringify(await tab.ask({ kind: 'open-copy', copy: 9 }))).not.toContain(token);
    const { stdout, stderr } = await end(opened);
    expect(stdout.split(token)).toHaveLength(2);
    expect(stderr).toBe('');
    const files = await Promise.all(
      (await readdir(store)).map((name) => readFile(path.join(store, name), 'latin1')),
    );
    const bytesTold = Buffer.from((recording as { bytes: Uint8Array }).bytes).toString('latin1');
    expect(bytesTold).toContain('LSMTRACE');
    expect([bytesTold, ...files].filter((text) => text.includes(token))).toEqual([]);
  });

  test('takes a file through the page, piece by piece', async () => {
    const opened = await open(place.fresh());
    const tab = await Tab.open(opened.url);
    const text = bytes('id,name\n1,a\nbroken\n2,"b\n2"\n');
    const part = { kind: 'import', upload: 1, format: 'csv', keyField: 'id' } as const;
    for (const at of [0, 9]) {
      const reply = await tab.ask({ ...part, piece: text.slice(at, at + 9), last: false });
      expect(reply.kind).not.toBe('error');
    }
    expect(await tab.ask({ ...part, piece: text.slice(18), last: true })).toMatchObject({
      kind: 'import',
      report: { imported: 2, skipped: 1 },
    });
    expect((await end(opened)).code).toBe(0);
  });

  test('of another engine: a copy of it is shown by the same server, by number', async () => {
    const directory = path.join(root, 'test/fixtures/leveldb-snappy/db');
    const opened = await open(directory);
    const tab = await Tab.open(opened.url);
    const into = place.fresh();
    const refused = { kind: 'error', code: 'INVALID_ARGUMENT' };
    expect(await tab.ask({ kind: 'open-copy', copy: 1 })).toMatchObject(refused);
    expect(await tab.ask({ kind: 'copy', into })).toMatchObject({ kind: 'copied', copy: 1 });
    const replies = [1, 1].map((copy) => tab.ask({ kind: 'open-copy', copy }));
    const [reply, again] = await Promise.all(replies);
    expect(reply).toEqual({ kind: 'opened', address: `/${opened.url.search}&store=2` });
    expect(again).toEqual(reply);
    const address = new URL((reply as { address: string }).address, opened.url);
    expect(await (await fetch(address)).text()).toContain(`<title>LSM Lens: ${into}</title>`);
    const copy = await Tab.open(address);
    expect((await copy.hello()).state.store).toMatchObject({ directory: into, readOnly: false });
    const put = { kind: 'put', key: bytes('key'), value: bytes('value'), sync: true } as const;
    expect(await copy.ask(put)).toEqual({ kind: 'done' });
    expect(await end(opened)).toMatchObject({ code: 0, stderr: '' });
    expect(await runJson('get', into, 'key')).toMatchObject({ value: 'value' });
  });

  test('with --json the address comes in an object', async () => {
    const store = place.fresh();
    const child = start('open', store, '--json');
    running.add(child);
    const outcome = outcomeOf(child);
    const line = await new Promise<string>((resolve) => {
      child.stdout.once('data', (piece: Buffer) => resolve(piece.toString()));
    });
    const { url, directory } = JSON.parse(line) as { url: string; directory: string };
    expect(directory).toBe(store);
    expect((await fetch(url)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await outcome).toMatchObject({ code: 0, stdout: line, stderr: '' });
    running.delete(child);
  });

  test('that is no store is refused before anything is served', async () => {
    const directory = path.dirname(import.meta.filename);
    const before = await directoryPrint(directory);
    const { code, stdout, stderr } = await run('open', directory);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^lsm-lens: .+\n$/);
    expect(await directoryPrint(directory)).toEqual(before);
  });

  test('a port that is taken is an error, and the store is closed again', async () => {
    const opened = await open(place.fresh());
    const store = place.fresh();
    const { code, stderr } = await run('open', store, '--port', opened.url.port);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^lsm-lens: .*EADDRINUSE.*--port\n$/);
    await runJson('put', store, 'key', 'value');
    await end(opened);
  });

  test('that is killed leaves a store that opens again', async () => {
    const store = place.fresh();
    const opened = await open(store);
    const tab = await Tab.open(opened.url);
    await tab.ask({ kind: 'put', key: bytes('key'), value: bytes('value'), sync: true });
    await end(opened, 'SIGKILL');
    expect(await runJson('get', store, 'key')).toMatchObject({ value: 'value' });
    const again = await open(store);
    expect((await end(again)).code).toBe(0);
  });
});

describe('a recording', () => {
  test('made in the page opens by its file name; one cut short says so', async () => {
    const opened = await open(place.fresh());
    const tab = await Tab.open(opened.url);
    await tab.ask({ kind: 'record', on: true });
    for (const key of ['a', 'b', 'c']) {
      await tab.ask({ kind: 'put', key: bytes(key), value: bytes('value'), sync: false });
    }
    await tab.ask({ kind: 'record', on: false });
    const reply = await tab.ask({ kind: 'trace' });
    await end(opened);
    const whole = (reply as { bytes: Uint8Array }).bytes;
    const file = `${place.fresh()}.lsmtrace`;
    await writeFile(file, whole);
    await expectTrace(file, (cutShort) => cutShort === '');
    const cut = `${place.fresh()}.lsmtrace`;
    await writeFile(cut, whole.subarray(0, whole.length - 7));
    await expectTrace(cut, (cutShort) => cutShort !== '');
    const junk = `${place.fresh()}.lsmtrace`;
    await writeFile(junk, 'no trace at all');
    expect(await run('open', junk)).toMatchObject({ code: 1, stdout: '' });
    expect(existsSync(`${junk}.tmp`)).toBe(false);
  });

  async function expectTrace(file: string, isRight: (cutShort: string) => boolean): Promise<void> {
    const opened = await open(file);
    const { trace } = await (await Tab.open(opened.url)).hello();
    expect(trace).toSatisfy((info: typeof trace) => info !== null && isRight(info.cutShort));
    expect((await end(opened)).code).toBe(0);
    expect(await readdir(path.dirname(file))).toContain(path.basename(file));
  }
});

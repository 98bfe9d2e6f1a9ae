// Importing through a session, piece by piece as a page does it.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareBytes, encodeUtf8 } from '../../src/base/bytes.ts';
import type { ImportFormat, ImportReport, Reply, Request } from '../../src/protocol/messages.ts';
import type { Session } from '../../src/session/session.ts';
import { useBuiltWorker } from './builtWorker.ts';
import { TestViewer } from './testViewer.ts';
import { SMALL, useTemporaryStores } from './temporaryStores.ts';

const worker = useBuiltWorker();
const stores = useTemporaryStores(worker);
const cities = path.resolve(import.meta.dirname, '../../../shared/data/cities.tsv');
const sample = path.resolve(import.meta.dirname, '../data/cities-sample.tsv');

type Entry = readonly [key: Uint8Array, value: Uint8Array];

function piece(
  upload: number,
  format: ImportFormat,
  bytes: Uint8Array,
  last: boolean,
): Request & { kind: 'import' } {
  return { kind: 'import', upload, format, keyField: 'id', piece: bytes, last };
}

async function importAll(
  session: Session,
  bytes: Uint8Array,
  pieceSize: number,
): Promise<ImportReport> {
  for (let at = 0; at < bytes.length; at += pieceSize) {
    await session.request(piece(1, 'tsv', bytes.slice(at, at + pieceSize), false));
  }
  const reply = await session.request(piece(1, 'tsv', new Uint8Array(0), true));
  return reportOf(reply);
}

function reportOf(reply: Reply): ImportReport {
  if (reply.kind !== 'import') throw new Error(`a ${reply.kind} instead of a report`);
  return reply.report;
}

/** Everything in the store, scan by scan. */
async function allEntries(session: Session): Promise<Entry[]> {
  const entries: Entry[] = [];
  let from: Uint8Array | null = null;
  for (;;) {
    const scan = {
      kind: 'scan',
      from,
      to: null,
      prefix: null,
      reverse: false,
      limit: 10_000,
    } as const;
    const reply: Reply = await session.request(scan);
    if (reply.kind !== 'entries') throw new Error(`a ${reply.kind} instead of entries`);
    entries.push(...reply.entries);
    if (!reply.more) return entries;
    // The smallest key after the last one seen.
    from = new Uint8Array([...entries.at(-1)![0], 0]);
  }
}

/** What a TSV file should come to, worked out without any of our code. */
function expectedEntries(text: string): Entry[] {
  const [header, ...lines] = text.split('\n').filter((line) => line !== '');
  const names = header!.split('\t');
  const byKey = new Map(
    lines.map((line) => {
      const fields = line.split('\t');
      const record = Object.fromEntries(names.map((name, column) => [name, fields[column]]));
      return [record['id']!, JSON.stringify(record)];
    }),
  );
  return [...byKey]
    .map(([key, value]) => [encodeUtf8(key), encodeUtf8(value)] as const)
    .toSorted(([left], [right]) => compareBytes(left, right));
}

function digest(entries: readonly Entry[]): string {
  const hash = createHash('sha256');
  for (const [key, value] of entries) hash.update(key).update('\0').update(value).update('\0');
  return hash.digest('hex');
}

describe('an import', () => {
  it('of a sample brings every record, through flushes and merges and a reopening', async () => {
    const bytes = new Uint8Array(await readFile(sample));
    const expected = expectedEntries(Buffer.from(bytes).toString());
    const session = await stores.open('sample');
    const viewer = new TestViewer(session);
    const report = await importAll(session, bytes, 1000);
    expect(report).toEqual({ imported: expected.length, skipped: 0, problems: [] });
    expect(await viewer.differencesFromEngine()).toEqual([]);
    expect(viewer.events.some((event) => event.kind === 'flush.end')).toBe(true);
    await session.close();
    const again = await stores.open('sample');
    const entries = await allEntries(again);
    expect(entries.length).toBe(expected.length);
    expect(digest(entries)).toBe(digest(expected));
  });

  it('counts malformed lines and goes on', async () => {
    const session = await stores.open('malformed');
    const text = 'id\tname\n1\tone\nbroken\n2\ttwo\n\tnobody\n';
    const report = await importAll(session, encodeUtf8(text), 5);
    expect(report.imported).toBe(2);
    expect(report.problems.map(({ line }) => line)).toEqual([3, 5]);
  });

  it('of a file without the key’s column is refused; the next one works', async () => {
    const session = await stores.open('no-column');
    const refused = session.request(piece(7, 'csv', encodeUtf8('name\nx\n'), true));
    await expect(refused).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const late = session.request(piece(7, 'csv', encodeUtf8('id\n1\n'), true));
    await expect(late).rejects.toThrow('upload 7 is over');
    const next = await session.request(piece(8, 'csv', encodeUtf8('id\n1\n'), true));
    expect(reportOf(next).imported).toBe(1);
    expect(session.status.running).toBe('');
  });

  it('can be stopped by any viewer, and ends when its own goes away', async () => {
    const session = await stores.open('stopped');
    const [first, second] = [new TestViewer(session), new TestViewer(session)];
    await first.ask(piece(1, 'jsonl', encodeUtf8('{"id":1}\n'), false));
    expect(session.status.running).toBe('import of JSONL records');
    expect(await second.ask(piece(1, 'jsonl', encodeUtf8('{"id":2}\n'), false))).toMatchObject({
      kind: 'error',
      message: expect.stringContaining('is running'),
    });
    await second.ask({ kind: 'stop' });
    expect(await first.ask(piece(1, 'jsonl', encodeUtf8('{"id":3}\n'), true))).toMatchObject({
      kind: 'error',
    });
    await second.ask(piece(2, 'jsonl', encodeUtf8('{"id":4}\n'), false));
    second.detach();
    await first.until(({ status }) => status?.running === '');
    expect(await first.ask(piece(5, 'jsonl', encodeUtf8('{"id":5}\n'), true))).toMatchObject({
      kind: 'import',
    });
  });

  const big = existsSync(cities) ? it : it.skip;
  if (!existsSync(cities)) process.stdout.write(`skipped: ${cities} is not there\n`);
  big('of 171 075 cities brings every one of them', { timeout: 180_000 }, async () => {
    const bytes = new Uint8Array(await readFile(cities));
    const options = {
      ...SMALL,
      memtableSize: 512 * 1024,
      targetTableSize: 512 * 1024,
      levelBaseSize: 2 * 1024 * 1024,
      blockSize: 4096,
    };
    const session = await stores.open('cities', options);
    const report = await importAll(session, bytes, 256 * 1024);
    expect(report).toEqual({ imported: 171_075, skipped: 0, problems: [] });
    await session.close();
    const entries = await allEntries(await stores.open('cities', options));
    const expected = expectedEntries(Buffer.from(bytes).toString());
    expect(entries.length).toBe(171_075);
    expect(digest(entries)).toBe(digest(expected));
  });
});

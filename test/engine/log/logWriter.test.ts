// Appending and syncing: what is reported durable is, and a failure is final.

import { expect, test } from 'vitest';
import { storeUint32 } from '../../../src/base/byteWriter.ts';
import { crc32, maskCrc32 } from '../../../src/base/crc32.ts';
import { LsmError } from '../../../src/base/errors.ts';
import { MemoryVfs } from '../../../src/base/memoryVfs.ts';
import type { VfsFile } from '../../../src/base/vfs.ts';
import {
  encodeLogHeader,
  HEADER_CHECKSUM,
  HEADER_VERSION,
  LOG_FOR_MANIFEST,
  LOG_FOR_WAL,
  LOG_HEADER_SIZE,
  LOG_RECORD_HEADER_SIZE,
} from '../../../src/engine/log/logFormat.ts';
import { LogReader } from '../../../src/engine/log/logReader.ts';
import { LogWriter } from '../../../src/engine/log/logWriter.ts';

const IDENTITY = { purpose: LOG_FOR_MANIFEST, number: 5 } as const;

/** A file whose next sync or write ends as the test says. */
class ScriptedFile implements VfsFile {
  readonly path = '/log';
  syncs: { resolve: () => void; reject: (error: Error) => void }[] = [];
  writeError: Error | undefined;
  written = 0;

  sizeBytes(): number {
    return this.written;
  }
  read(): number {
    return 0;
  }
  write(_source: Uint8Array, _offset: number, lengthBytes: number): void {
    if (this.writeError !== undefined) throw this.writeError;
    this.written += lengthBytes;
  }
  truncate(): void {}
  sync(): Promise<void> {
    return new Promise((resolve, reject) => this.syncs.push({ resolve, reject }));
  }
  close(): void {}
}

function record(payload: number): Uint8Array {
  return new Uint8Array(LOG_RECORD_HEADER_SIZE + payload);
}

test('syncs asked for while one runs share the next, and cover all that was written', async () => {
  const file = new ScriptedFile();
  const log = new LogWriter(file, 'log', IDENTITY, LOG_HEADER_SIZE);
  log.append(record(10), 30);
  const first = log.sync();
  expect(file.syncs).toHaveLength(1);
  const firstEnd = log.sizeBytes;
  log.append(record(20), 40);
  const second = log.sync();
  log.append(record(30), 50);
  const third = log.sync();
  expect(file.syncs).toHaveLength(1);
  file.syncs[0]!.resolve();
  await first;
  expect(log.syncedBytes).toBe(firstEnd);
  expect(log.recordsUnsynced).toBe(2);
  await Promise.resolve();
  expect(file.syncs).toHaveLength(2);
  file.syncs[1]!.resolve();
  await Promise.all([second, third]);
  expect(file.syncs).toHaveLength(2);
  expect(log.syncedBytes).toBe(log.sizeBytes);
  expect(log.recordsUnsynced).toBe(0);
});

test('a failed sync is never tried again: everything after it fails', async () => {
  const file = new ScriptedFile();
  const log = new LogWriter(file, 'log', IDENTITY, LOG_HEADER_SIZE);
  log.append(record(10), 30);
  const waiting = [log.sync(), log.sync()];
  file.syncs[0]!.reject(new LsmError('IO', 'the disk reported an error', { systemCode: 'EIO' }));
  for (const each of waiting) await expect(each).rejects.toMatchObject({ code: 'IO' });
  const refused = expect.objectContaining({ code: 'NOT_OPEN', file: 'log' });
  expect(() => log.append(record(1), 21)).toThrow(refused);
  await expect(log.sync()).rejects.toMatchObject({ code: 'NOT_OPEN' });
  await expect(log.end()).rejects.toMatchObject({ code: 'NOT_OPEN' });
  expect(file.syncs).toHaveLength(1);
  expect(log.syncedBytes).toBe(LOG_HEADER_SIZE);
});

test('a failed write is final too', async () => {
  const file = new ScriptedFile();
  const log = new LogWriter(file, 'log', IDENTITY, LOG_HEADER_SIZE);
  file.writeError = new LsmError('IO', 'the disk is full', { systemCode: 'ENOSPC' });
  expect(() => log.append(record(1), 21)).toThrow(/disk is full/);
  file.writeError = undefined;
  expect(() => log.append(record(1), 21)).toThrow(/disk is full.*open it again/);
  expect(file.written).toBe(0);
  await expect(log.sync()).rejects.toMatchObject({ code: 'NOT_OPEN' });
});

test('creating a log makes header and name durable first, or leaves none open', async () => {
  const vfs = new MemoryVfs();
  const order: string[] = [];
  const open = vfs.open.bind(vfs);
  vfs.open = (path, mode) => {
    const file = open(path, mode);
    const sync = file.sync.bind(file);
    const close = file.close.bind(file);
    return Object.assign(file, {
      sync: () => {
        order.push(`sync ${file.sizeBytes()}`);
        return sync();
      },
      close: () => {
        order.push('close');
        close();
      },
    });
  };
  vfs.syncDirectory = async () => {
    order.push('directory');
  };
  const log = await LogWriter.create(vfs, '/', 'log', IDENTITY);
  expect(order).toEqual(['sync 32', 'directory']);
  expect(log.syncedBytes).toBe(LOG_HEADER_SIZE);
  log.append(record(4), 24);
  await log.end();
  expect(order.slice(2)).toEqual(['sync 56', 'sync 76', 'close']);
  vfs.syncDirectory = () => Promise.reject(new LsmError('IO', 'no'));
  await expect(LogWriter.create(vfs, '/', 'other', IDENTITY)).rejects.toThrow('no');
  expect(order.at(-1)).toBe('close');
});

test('a newer format is named as such, another purpose is damage', () => {
  const vfs = new MemoryVfs();
  const file = vfs.open('/log', 'create');
  const header = encodeLogHeader(IDENTITY);
  storeUint32(header, HEADER_VERSION, 2);
  storeUint32(header, HEADER_CHECKSUM, maskCrc32(crc32(header, 0, HEADER_CHECKSUM)));
  file.write(header, 0, header.length, 0);
  const read = (purpose: 1 | 2): LogReader => {
    const reader = new LogReader(file, 'log', { purpose, number: 5 }, true);
    expect(reader.next()).toBe(false);
    return reader;
  };
  expect(() => read(LOG_FOR_MANIFEST)).toThrow(
    expect.objectContaining({ code: 'NOT_SUPPORTED', file: 'log' }),
  );
  file.write(encodeLogHeader(IDENTITY), 0, LOG_HEADER_SIZE, 0);
  file.write(record(0), 0, 20, LOG_HEADER_SIZE);
  expect(read(LOG_FOR_WAL).damage?.message).toMatch(/another purpose/);
});

test('small records are read through a bounded window', async () => {
  const vfs = new MemoryVfs();
  const log = await LogWriter.create(vfs, '/', 'log', IDENTITY);
  for (let index = 0; index < 3000; index++) log.append(record(index), 20 + index);
  log.append(record(1_000_000), 1_000_020);
  log.append(record(7), 27);
  await log.end();
  const reader = new LogReader(vfs.open('/log', 'read'), 'log', IDENTITY, false);
  let largest = 0;
  for (let index = 0; index < 3000; index++) {
    expect(reader.next()).toBe(true);
    expect(reader.payloadEnd - reader.payloadStart).toBe(index);
    largest = Math.max(largest, reader.bytes.length);
  }
  expect(largest).toBe(256 * 1024);
  expect(reader.next()).toBe(true);
  expect(reader.payloadEnd - reader.payloadStart).toBe(1_000_000);
  expect(reader.next()).toBe(true);
  expect(reader.bytes.length).toBe(256 * 1024);
  expect(reader.next()).toBe(false);
  expect(reader.outcome).toMatchObject({ verdict: 'whole', ended: true });
});

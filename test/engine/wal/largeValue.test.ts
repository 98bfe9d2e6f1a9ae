// The largest value there may be is logged on a real disk and recovered from it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { KEY_SIZE_MAX, VALUE_SIZE_MAX } from '../../../src/engine/options.ts';
import { WalReader } from '../../../src/engine/wal/walReader.ts';
import { WalWriter } from '../../../src/engine/wal/walWriter.ts';
import { WriteBatch } from '../../../src/engine/writeBatch.ts';
import { NodeVfs } from '../../../src/node/nodeVfs.ts';

test('a value of 256 MiB goes into the log and comes back', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'lsm-lens-wal-'));
  try {
    const vfs = new NodeVfs();
    const value = new Uint8Array(VALUE_SIZE_MAX);
    value.fill(0x5a, 1000, 2000);
    value[value.length - 1] = 0x77;
    const writer = await WalWriter.create(vfs, directory, 1);
    writer.append(new WriteBatch().put(encodeUtf8('small'), Uint8Array.of(1)), 1, 0);
    writer.append(new WriteBatch().put(encodeUtf8('large'), value), 2, 0);
    writer.close();
    const file = vfs.open(join(directory, '000001.log'), 'read');
    const reader = new WalReader(file, 1, true);
    expect([reader.next(), reader.next()]).toEqual([true, true]);
    const { cursor } = reader;
    expect(cursor.next()).toBe(true);
    expect(cursor.valueLength).toBe(VALUE_SIZE_MAX);
    const end = cursor.valueStart + cursor.valueLength;
    expect(Buffer.compare(cursor.bytes.subarray(cursor.valueStart, end), value)).toBe(0);
    expect([cursor.next(), reader.next()]).toEqual([false, false]);
    expect(reader.outcome.verdict).toBe('whole');
    file.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test('keys and values above their bounds are refused and leave the batch as it was', () => {
  const batch = new WriteBatch().put(encodeUtf8('k'), encodeUtf8('v'));
  const { sizeBytes } = batch;
  const invalid = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
  expect(() => batch.put(new Uint8Array(KEY_SIZE_MAX + 1), new Uint8Array(0))).toThrow(invalid);
  expect(() => batch.delete(new Uint8Array(KEY_SIZE_MAX + 1))).toThrow(invalid);
  expect(() => batch.put(encodeUtf8('k'), new Uint8Array(VALUE_SIZE_MAX + 1))).toThrow(invalid);
  expect(batch).toMatchObject({ sizeBytes, entryCount: 1, userBytes: 2 });
  batch.put(new Uint8Array(KEY_SIZE_MAX), new Uint8Array(0));
  expect(batch.entryCount).toBe(2);
  expect(batch.clear()).toMatchObject({ sizeBytes: 0, entryCount: 0, userBytes: 0 });
});

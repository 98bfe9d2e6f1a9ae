// A memtable is read by another thread where it lies.

import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { encodeHex } from '../../../src/base/bytes.ts';
import { Random } from '../../../src/base/random.ts';
import { KIND_PUT } from '../../../src/engine/entryKind.ts';
import { bundleForNode } from '../../support/bundleForNode.ts';
import { compareModelEntries, memtableOf } from './memtableModel.ts';
import type { ModelEntry } from './memtableModel.ts';

function randomEntries(count: number): ModelEntry[] {
  const random = new Random(11);
  return Array.from({ length: count }, (_, index) => ({
    kind: KIND_PUT,
    key: Uint8Array.from({ length: random.nextBelow(12) }, () => random.nextBelow(256)),
    sequence: 2 ** 33 + index,
    timestampMicros: 0,
    value: Uint8Array.from({ length: random.nextBelow(300) }, () => random.nextBelow(256)),
  }));
}

test('a worker thread sees every entry in order from the SharedArrayBuffer alone', async () => {
  const entries = randomEntries(3000);
  const { buffer } = memtableOf(entries);
  const bundle = await bundleForNode(new URL('sharedMemtableReader.ts', import.meta.url));
  const worker = new Worker(bundle.path, { workerData: buffer });
  try {
    const seen = await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    const expected = entries
      .toSorted(compareModelEntries)
      .map(({ key, sequence, value }) => `${encodeHex(key)}@${sequence}=${encodeHex(value)}`);
    expect(seen).toEqual(expected);
  } finally {
    await worker.terminate();
    bundle.discard();
  }
});

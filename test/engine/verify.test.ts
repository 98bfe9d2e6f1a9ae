// Verification reads all of a closed store. That it finds every changed byte, and that a damaged
// store is refused, is tried in test/reliability/damage.

import { beforeAll, describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { Lsm } from '../../src/engine/db.ts';
import type { LsmOptions } from '../../src/engine/options.ts';
import { verifyStore } from '../../src/engine/verify.ts';
import { WriteBatch } from '../../src/engine/writeBatch.ts';
import { DIRECTORY, simulatedEnvironment } from './simulatedWorld.ts';
import { SimulatedDisk } from '../reliability/disk/simulatedDisk.ts';

const OPTIONS: LsmOptions = { memtableSize: 4096, blockSize: 128, maxL0SSTables: 8 };

/** A closed store: a merged table, a flushed one, and writes that only the log has. */
async function makeStore(): Promise<SimulatedDisk> {
  const disk = new SimulatedDisk();
  const store = await Lsm.open(DIRECTORY, simulatedEnvironment(1, disk), OPTIONS);
  const put = (from: number, count: number): Promise<void> => {
    const batch = new WriteBatch();
    for (let key = from; key < from + count; key++) {
      batch.put(encodeUtf8(`key${key}`), encodeUtf8(`value ${key}`));
    }
    return store.write(batch);
  };
  await put(10, 12);
  await store.compactRange();
  await put(18, 6);
  await store.flush();
  await put(40, 3);
  await store.delete(encodeUtf8('key41'));
  await store.close();
  return disk;
}

let disk: SimulatedDisk;
let contents: ReadonlyMap<string, Uint8Array>;

beforeAll(async () => {
  disk = await makeStore();
  contents = disk.contents();
});

describe('verification', () => {
  test('finds nothing wrong with a good store, and reads all of it', async () => {
    const report = await verifyStore(DIRECTORY, simulatedEnvironment(1, disk.afterKill()));
    expect(report.problems).toEqual([]);
    expect(report.ok).toBe(true);
    const bytes = [...contents.values()].reduce((sum, content) => sum + content.length, 0);
    expect(report.bytesChecked).toBe(bytes);
  });

  test('goes on behind a problem, and tells of each', async () => {
    const tables = [...contents.keys()].filter((name) => name.endsWith('.sst'));
    const copy = disk.afterKill();
    for (const table of tables) {
      const content = contents.get(table)!.slice();
      content[3]! ^= 1;
      copy.place(table, content);
    }
    const report = await verifyStore(DIRECTORY, simulatedEnvironment(1, copy));
    expect(report.problems.map(({ file, code }) => [file, code])).toEqual(
      expect.arrayContaining(tables.map((table) => [table, 'CORRUPTION'])),
    );
  });

  test('tells its progress and can be stopped', async () => {
    const environment = simulatedEnvironment(1, disk.afterKill());
    const seen: number[] = [];
    await verifyStore(DIRECTORY, environment, ({ done, total }) => seen.push(done / total));
    expect(seen.at(-1)).toBeGreaterThan(0.9);
    const stopped = verifyStore(DIRECTORY, environment, undefined, { aborted: true });
    await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

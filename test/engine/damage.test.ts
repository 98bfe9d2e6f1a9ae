// Damage on disk: whatever byte is changed, cut off or missing, a store gives the right data or a
// typed error that names the file, and an open that fails leaves the directory as it was.

import { isDeepStrictEqual } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { LsmError } from '../../src/base/errors.ts';
import { Lsm } from '../../src/engine/db.ts';
import type { LsmOptions } from '../../src/engine/options.ts';
import { verifyStore } from '../../src/engine/verify.ts';
import { WriteBatch } from '../../src/engine/writeBatch.ts';
import { DIRECTORY, simulatedEnvironment } from './simulatedWorld.ts';
import { SimulatedDisk } from '../reliability/disk/simulatedDisk.ts';

const OPTIONS: LsmOptions = { memtableSize: 4096, blockSize: 128, maxL0SSTables: 8 };

const EXPECTED_CODES: readonly string[] = ['CORRUPTION', 'NOT_SUPPORTED', 'NOT_A_STORE'];

type Entries = [Uint8Array, Uint8Array][];

/** A closed store: a merged table, a flushed one, and writes that only the log has. */
async function makeStore(): Promise<{ disk: SimulatedDisk; entries: Entries }> {
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
  const entries = [...store.entries()];
  await store.close();
  return { disk, entries };
}

/** What opening and reading all of it came to. */
type Outcome = { readonly entries: Entries } | { readonly refused: LsmError };

async function openAndRead(disk: SimulatedDisk, options = OPTIONS): Promise<Outcome> {
  let store: Lsm | undefined;
  try {
    store = await Lsm.open(DIRECTORY, simulatedEnvironment(1, disk), options);
    const entries = [...store.entries()];
    for (const [key, value] of entries) {
      if (!isDeepStrictEqual(store.getSync(key), value)) throw new Error('get and scan differ');
    }
    return { entries };
  } catch (thrown) {
    if (!(thrown instanceof LsmError)) throw thrown;
    return { refused: thrown };
  } finally {
    await store?.close();
  }
}

let disk: SimulatedDisk;
let entries: Entries;
let contents: ReadonlyMap<string, Uint8Array>;

beforeAll(async () => {
  ({ disk, entries } = await makeStore());
  contents = disk.contents();
});

/** The store with one file changed, or taken away. */
function damaged(name: string, content: Uint8Array | undefined): SimulatedDisk {
  const copy = disk.afterKill();
  if (content === undefined) copy.remove(copy.join(DIRECTORY, name));
  else copy.place(name, content);
  return copy;
}

/** Tables are tested byte by byte on their own; here every third place of theirs is enough. */
function strideOf(name: string): number {
  return name.endsWith('.sst') ? 3 : 1;
}

/** Opens a damaged store; what is wrong with how that went, as lines. */
async function faultsWith(name: string, content: Uint8Array | undefined): Promise<string[]> {
  const copy = damaged(name, content);
  const before = copy.contents();
  const outcome = await openAndRead(copy);
  if ('entries' in outcome) {
    const right = isDeepStrictEqual(outcome.entries, entries);
    return right ? [] : [`${name}: wrong data`];
  }
  const { message, code } = outcome.refused;
  const faults: string[] = [];
  if (!EXPECTED_CODES.includes(code)) faults.push(`${name}: ${code}`);
  if (message.includes('\n')) faults.push(`${name}: ${message}`);
  // A read may fail after an open that succeeded; a failed open has changed nothing.
  const after = copy.contents();
  const changed = after.size === before.size && !isDeepStrictEqual(after, before);
  if (changed) faults.push(`${name}: a failed open changed the directory`);
  return faults;
}

describe('a store', () => {
  test('has every kind of file', () => {
    const names = [...contents.keys()];
    expect(names.filter((name) => name.endsWith('.sst'))).toHaveLength(2);
    expect(names.filter((name) => name.endsWith('.log'))).toHaveLength(1);
    expect(names).toContain('CURRENT');
    expect(entries).toHaveLength(16);
  });

  test(
    'with any byte changed gives the right data or a typed error',
    { timeout: 120_000 },
    async () => {
      const faults: string[] = [];
      for (const [name, content] of contents) {
        for (let offset = 0; offset < content.length; offset += strideOf(name)) {
          const changed = content.slice();
          changed[offset]! ^= offset % 2 === 0 ? 0xff : 0x01;
          faults.push(...(await faultsWith(name, changed)));
        }
      }
      expect(faults).toEqual([]);
    },
  );

  test(
    'with any file cut at any length gives the right data or a typed error',
    { timeout: 120_000 },
    async () => {
      const faults: string[] = [];
      for (const [name, content] of contents) {
        for (let length = 0; length < content.length; length += strideOf(name)) {
          faults.push(...(await faultsWith(name, content.slice(0, length))));
        }
      }
      expect(faults).toEqual([]);
    },
  );

  test('with any file missing is refused in one line that names the file', async () => {
    for (const name of contents.keys()) {
      const copy = damaged(name, undefined);
      const before = copy.contents();
      const outcome = await openAndRead(copy);
      expect(outcome).toHaveProperty('refused');
      const { message } = (outcome as { refused: LsmError }).refused;
      expect(message).toContain(name);
      expect(message).not.toContain('\n');
      expect(copy.contents()).toEqual(before);
    }
  });

  test('with two files exchanged gives the right data or a typed error', async () => {
    const faults: string[] = [];
    for (const name of contents.keys()) {
      for (const content of contents.values()) faults.push(...(await faultsWith(name, content)));
    }
    expect(faults).toEqual([]);
  });

  test('is refused by name when a file has a newer format', async () => {
    const [table] = [...contents.keys()].filter((name) => name.endsWith('.sst'));
    const content = contents.get(table!)!.slice();
    content[content.length - 16] = 2;
    const outcome = await openAndRead(damaged(table!, content));
    expect(outcome).toMatchObject({ refused: { file: table } });
  });
});

describe('verification', () => {
  test('finds nothing wrong with a good store, and reads all of it', async () => {
    const report = await verifyStore(DIRECTORY, simulatedEnvironment(1, disk.afterKill()));
    expect(report.problems).toEqual([]);
    expect(report.ok).toBe(true);
    const bytes = [...contents.values()].reduce((sum, content) => sum + content.length, 0);
    expect(report.bytesChecked).toBe(bytes);
  });

  test('finds any changed byte', { timeout: 120_000 }, async () => {
    for (const [name, content] of contents) {
      for (let offset = 0; offset < content.length; offset++) {
        const changed = content.slice();
        changed[offset]! ^= 0x40;
        const copy = damaged(name, changed);
        const report = await verifyStore(DIRECTORY, simulatedEnvironment(1, copy)).catch(
          (thrown: unknown) => thrown,
        );
        const found = report instanceof LsmError || !(report as { ok: boolean }).ok;
        expect(found, `${name} at ${offset}`).toBe(true);
      }
    }
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

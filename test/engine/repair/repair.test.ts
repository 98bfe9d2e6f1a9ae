// Repair of stores that lost or damaged files: it keeps what verifies, says file by file what it
// does not keep, and leaves the damaged store as it is.

import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../../src/base/bytes.ts';
import type { LsmError } from '../../../src/base/errors.ts';
import { Lsm } from '../../../src/engine/db.ts';
import { TableBuilder } from '../../../src/engine/ingest/tableBuilder.ts';
import { repairStore } from '../../../src/engine/repair/repair.ts';
import type { RepairReport } from '../../../src/engine/repair/repairReport.ts';
import { verifyStore } from '../../../src/engine/verify.ts';
import { DIRECTORY, simulatedEnvironment } from '../simulatedWorld.ts';
import { bytes, namesOn, newStore, texts } from '../testStore.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';

const INTO = '/repaired';
const TINY = {
  memtableSize: 2048,
  blockSize: 128,
  maxL0SSTables: 2,
  levelBaseSize: 2048,
  targetTableSize: 1024,
};

/** What a key had at some time. */
type Past = ReadonlyMap<string, ReadonlySet<string>>;

interface Filled {
  readonly disk: SimulatedDisk;
  /** `key=value` texts. */
  readonly content: readonly string[];
  readonly past: Past;
}

/** Tables in several levels, an ingested one, and a log with entries that no table has. */
async function filledStore(disk = new SimulatedDisk()): Promise<Filled> {
  const { store } = await newStore({ ...TINY, compression: 'lz4', indexPartitionSize: 64 }, disk);
  const past = new Map<string, Set<string>>();
  const put = async (key: string, value: string): Promise<void> => {
    await store.put(bytes(key), bytes(value));
    past.set(key, (past.get(key) ?? new Set()).add(value));
  };
  for (let step = 0; step < 120; step++)
    await put(`key${step % 50}`, `value ${step} ${'x'.repeat(20)}`);
  await store.delete(bytes('key3'));
  await store.deleteRange(bytes('key20'), bytes('key23'));
  await store.flush();
  const builder = await TableBuilder.create('/', 'outside', simulatedEnvironment(1, disk));
  builder.put(bytes('key40'), bytes('ingested'));
  past.get('key40')!.add('ingested');
  await builder.finish();
  await store.ingest(['/outside']);
  for (let step = 0; step < 10; step++) await put(`log${step}`, `value ${step}`);
  await store.deleteRange(bytes('key10'), bytes('key12'));
  await store.delete(bytes('key5'));
  const content = texts(store);
  await store.waitForIdle();
  await store.close();
  return { disk, content, past };
}

async function repaired(disk: SimulatedDisk): Promise<{ report: RepairReport; content: string[] }> {
  const environment = simulatedEnvironment(2, disk);
  const before = disk.contents();
  const report = await repairStore(DIRECTORY, INTO, environment, { store: TINY });
  expect(disk.contents()).toEqual(before);
  expect(await verifyStore(INTO, environment)).toMatchObject({ ok: true });
  const store = await Lsm.open(INTO, environment, { createIfMissing: false });
  const content = texts(store);
  await store.put(bytes('zz'), bytes('still writes'));
  expect(texts(store)).toEqual([...content, 'zz=still writes']);
  await store.compactRange();
  expect(texts(store)).toEqual([...content, 'zz=still writes']);
  await store.close();
  return { report, content };
}

/** Every key that is there has a value that it once had. */
function unheardOf(content: readonly string[], past: Past): string[] {
  return content.filter((text) => {
    const [key, value] = text.split('=') as [string, string];
    return past.get(key)?.has(value) !== true;
  });
}

function copyOf(disk: SimulatedDisk): SimulatedDisk {
  return disk.afterKill();
}

describe('repair', () => {
  test('of a sound store gives an equal one', async () => {
    const { disk, content } = await filledStore();
    const { report, content: after } = await repaired(disk);
    expect(after).toEqual(content);
    expect(report.ok).toBe(true);
    expect(report.files.every(({ verdict }) => verdict !== 'lost')).toBe(true);
  });

  test('an ingested table stays in its column family, be it whole or damaged', async () => {
    const disk = new SimulatedDisk();
    const { store } = await newStore(TINY, disk);
    const family = await store.createFamily('other');
    const environment = simulatedEnvironment(1, disk);
    const builder = await TableBuilder.create('/', 'outside', environment, { blockSize: 64 });
    const keys = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(20));
    for (const key of keys) builder.put(bytes(key), bytes('ingested'));
    await builder.finish();
    const [ingested] = await store.ingest(['/outside'], { family });
    await store.close();
    const damaged = copyOf(disk);
    const whole = disk.contents().get(ingested!.table.name)!;
    damaged.place(ingested!.table.name, whole.with(0, whole[0]! ^ 1));
    const kept: string[][][] = [];
    for (const one of [disk, damaged]) {
      await repairStore(DIRECTORY, INTO, simulatedEnvironment(2, one), { store: TINY });
      const again = await Lsm.open(INTO, simulatedEnvironment(2, one));
      kept.push([texts(again), texts(again, { family: again.family('other') })]);
      await again.close();
    }
    const all = keys.map((key) => `${key}=ingested`);
    expect(kept[0]).toEqual([[], all]);
    expect(kept[1]![0]).toEqual([]);
    expect(kept[1]![1]!.length).toBeGreaterThan(0);
  });

  test.each(['CURRENT', 'MANIFEST'])('without %s everything is there', async (lost) => {
    const { disk, content } = await filledStore();
    for (const name of namesOn(disk)) {
      if (name.startsWith(lost)) disk.remove(`${DIRECTORY}/${name}`);
    }
    const { report, content: after } = await repaired(disk);
    expect(after).toEqual(content);
    expect(report.ok).toBe(false);
    expect(report.lastSequence).toBeGreaterThan(120);
  });

  test('with any one file lost keeps all others, and names it', async () => {
    const filled = await filledStore();
    for (const name of namesOn(filled.disk)) {
      const disk = copyOf(filled.disk);
      disk.remove(`${DIRECTORY}/${name}`);
      const { report, content } = await repaired(disk);
      expect(unheardOf(content, filled.past), name).toEqual([]);
      expect(report.files.filter(({ verdict }) => verdict === 'lost').length, name).toBe(1);
      expect(report.ok, name).toBe(false);
      expect(content.length, name).toBeGreaterThan(0);
    }
  });

  test('with a byte of any file changed loses at most a part, and says which', async () => {
    const filled = await filledStore();
    for (const [name, whole] of filled.disk.contents()) {
      for (let at = 1; at < whole.length; at += Math.ceil(whole.length / 9)) {
        const disk = copyOf(filled.disk);
        const damaged = whole.slice();
        damaged[at]! ^= 0x40;
        disk.place(name, damaged);
        const { report, content } = await repaired(disk);
        const place = `${name} at ${at}`;
        expect(unheardOf(content, filled.past), place).toEqual([]);
        expect(report.files.filter(({ detail }) => detail !== '').length, place).toBeGreaterThan(0);
      }
    }
  });

  test('a table damaged in the middle keeps its other blocks', async () => {
    const { disk, content } = await filledStore();
    const [name, whole] = [...disk.contents()]
      .filter(([file]) => file.endsWith('.sst'))
      .toSorted(([, left], [, right]) => right.length - left.length)[0]!;
    const damaged = whole.slice();
    damaged[Math.floor(whole.length / 3)]! ^= 0xff;
    disk.place(name, damaged);
    const { report, content: after } = await repaired(disk);
    const file = report.files.find((candidate) => candidate.name === name)!;
    expect(file).toMatchObject({ verdict: 'partly', detail: expect.stringMatching(/checksum/) });
    expect(file.entries).toBeGreaterThan(0);
    expect(after.length).toBeGreaterThan(content.length / 2);
  });

  test('two tables under each other’s names are what they are', async () => {
    const { disk, content } = await filledStore();
    const tables = [...disk.contents()].filter(([name]) => name.endsWith('.sst'));
    const own = tables.filter(([, whole]) => !decodeUtf8(whole).includes('ingested'));
    const [[one, first], [two, second]] = [own[0]!, own.at(-1)!];
    expect(one).not.toBe(two);
    disk.place(one, second);
    disk.place(two, first);
    const { report, content: after } = await repaired(disk);
    expect(after).toEqual(content);
    expect(report.files.filter(({ detail }) => /under the name/.test(detail))).toHaveLength(2);
  });

  test('a log cut short keeps what lies before the cut', async () => {
    const { disk, content } = await filledStore();
    const [name, whole] = [...disk.contents()].filter(([file]) => file.endsWith('.log')).at(-1)!;
    disk.place(name, whole.slice(0, whole.length - 170));
    const { content: after } = await repaired(disk);
    expect(content.filter((text) => !after.includes(text))).toEqual(['log9=value 9']);
  });
});

describe('repair refuses', () => {
  const code = (expected: string): object => ({ code: expected });

  test('what is no store, and a directory that is taken', async () => {
    const { disk } = await filledStore();
    const environment = simulatedEnvironment(2, disk);
    const attempt = (from: string, into: string): Promise<RepairReport> =>
      repairStore(from, into, environment);
    await expect(attempt('/none', INTO)).rejects.toMatchObject(code('NOT_A_STORE'));
    await expect(attempt(DIRECTORY, DIRECTORY)).rejects.toMatchObject(code('INVALID_ARGUMENT'));
    expect(disk.stat(INTO)).toBeUndefined();
  });

  test('to go on when it is stopped, or when its disk fails: nothing is left', async () => {
    const disk = new SimulatedDisk();
    await filledStore(disk);
    const environment = simulatedEnvironment(2, disk);
    const stopped = repairStore(DIRECTORY, INTO, environment, { signal: { aborted: true } });
    await expect(stopped).rejects.toMatchObject(code('CANCELLED'));
    expect(disk.list(INTO)).toEqual([]);
    for (let failing = 1; ; failing += 2) {
      const start = disk.calls;
      disk.shouldFail = (_call, path, number) => path.startsWith(INTO) && number >= start + failing;
      const outcome = await repairStore(DIRECTORY, INTO, environment).then(
        () => 'done',
        (thrown: unknown) => (thrown as LsmError).code,
      );
      disk.shouldFail = () => false;
      for (const name of disk.list(INTO)) disk.remove(`${INTO}/${name}`);
      expect(['done', 'IO']).toContain(outcome);
      if (outcome === 'done') break;
    }
  });

  test('counts no merge operand twice that stands in a log and in a table', async () => {
    const { store, disk } = await newStore({ ...TINY, mergeOperator: 'stringappend' });
    const other = await store.createFamily('keeps the log');
    await store.put(bytes('x'), bytes('1'), { family: other });
    await store.put(bytes('k'), bytes('base'));
    for (const operand of ['1', '2', '3']) await store.merge(bytes('k'), bytes(operand));
    await store.compactRange();
    await store.merge(bytes('k'), bytes('4'));
    const content = texts(store);
    expect(content).toEqual(['k=base,1,2,3,4']);
    const killed = disk.afterKill();
    expect(namesOn(killed).filter((name) => name.endsWith('.log'))).toHaveLength(2);
    const { report, content: after } = await repaired(killed);
    expect(after).toEqual([...content]);
    expect(report.ok).toBe(true);
    await store.close();
  });
});

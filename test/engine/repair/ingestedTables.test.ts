// An ingested table does not say itself when it came and into which family. Without a manifest a
// repair learns it from the tables that were written after it, or concludes it from their silence.

import { describe, expect, test } from 'vitest';
import { Lsm } from '../../../src/engine/db.ts';
import { TableBuilder } from '../../../src/engine/ingest/tableBuilder.ts';
import type { ColumnFamily } from '../../../src/engine/family/columnFamily.ts';
import { repairStore } from '../../../src/engine/repair/repair.ts';
import type { RepairReport } from '../../../src/engine/repair/repairReport.ts';
import { RecordingSink } from '../recordingSink.ts';
import { DIRECTORY, nextTurn, simulatedEnvironment } from '../simulatedWorld.ts';
import { bytes, namesOn, newStore, putAll, texts } from '../testStore.ts';
import type { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';

const INTO = '/repaired';
const OPTIONS = { blockSize: 128, maxL0SSTables: 2, targetTableSize: 1024 };

async function ingest(
  store: Lsm,
  disk: SimulatedDisk,
  keys: readonly string[],
  value: string,
  family?: ColumnFamily,
): Promise<void> {
  const environment = simulatedEnvironment(1, disk);
  const builder = await TableBuilder.create('/', `outside ${value}`, environment);
  for (const key of keys) builder.put(bytes(key), bytes(value));
  await builder.finish();
  await store.ingest([`/outside ${value}`], { family });
}

/** What a repair makes of a store that has lost its manifest. */
async function repairedWithoutManifest(
  disk: SimulatedDisk,
): Promise<{ report: RepairReport; families: string[][] }> {
  for (const name of namesOn(disk)) {
    if (/^(CURRENT|MANIFEST)/.test(name)) disk.remove(`${DIRECTORY}/${name}`);
  }
  const environment = simulatedEnvironment(2, disk);
  const report = await repairStore(DIRECTORY, INTO, environment, { store: OPTIONS });
  const store = await Lsm.open(INTO, environment);
  const families = store.families.map((family) => texts(store, { family }));
  await store.close();
  return { report, families };
}

/** Holds a compaction at its first entry until `meanwhile` is done. */
async function duringCompaction(
  store: Lsm,
  sink: RecordingSink,
  meanwhile: () => Promise<void>,
): Promise<void> {
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const before = sink.of('compaction.entry').length;
  sink.gate = () => (sink.of('compaction.entry').length > before ? held : Promise.resolve());
  sink.write = false;
  // The second table in level 0 starts it.
  const flush = store.flush();
  while (sink.of('compaction.entry').length === before) await nextTurn();
  await meanwhile();
  letGo();
  sink.gate = null;
  await flush;
  await store.waitForIdle();
}

describe('without a manifest an ingested table', () => {
  test('stays newer than what a compaction wrote that was under way when it came', async () => {
    const sink = new RecordingSink();
    const { store, disk } = await newStore({ ...OPTIONS, events: sink });
    // Its second output has a greater number than the ingested table.
    const long = 'x'.repeat(1500);
    await putAll(store, { a: '1', k: '1', z: '1' });
    await store.flush();
    await putAll(store, { a: long, k: '2', z: '2' });
    await duringCompaction(store, sink, () => ingest(store, disk, ['k', 'm'], 'ingested'));
    const wanted = texts(store);
    expect(wanted).toEqual([`a=${long}`, 'k=ingested', 'm=ingested', 'z=2']);
    await store.close();
    const { families, report } = await repairedWithoutManifest(disk);
    expect(families).toEqual([wanted]);
    expect(report.files.map(({ detail }) => detail).join()).toMatch(/ingested is not known/);
  });

  test('stays older than what was written after it, in tables and in the log', async () => {
    const sink = new RecordingSink();
    const { store, disk } = await newStore({ ...OPTIONS, events: sink });
    await putAll(store, { a: '1', k: '1', l: '1', z: '1' });
    await store.flush();
    await putAll(store, { a: '1' });
    await duringCompaction(store, sink, () => ingest(store, disk, ['k', 'l', 'm'], 'ingested'));
    await putAll(store, { k: 'after' });
    await store.flush();
    await putAll(store, { m: 'in the log' });
    const wanted = texts(store);
    expect(wanted).toEqual(['a=1', 'k=after', 'l=ingested', 'm=in the log', 'z=1']);
    await store.close();
    const { families, report } = await repairedWithoutManifest(disk);
    expect(families).toEqual([wanted]);
    expect(report.files.map(({ detail }) => detail).join()).not.toMatch(/not known/);
  });

  test('comes back into its family, where a later table tells of it', async () => {
    const { store, disk } = await newStore(OPTIONS);
    const family = await store.createFamily('other');
    await ingest(store, disk, ['k', 'm'], 'ingested', family);
    await store.put(bytes('l'), bytes('after'), { family });
    await store.flush();
    await store.close();
    const { families } = await repairedWithoutManifest(disk);
    expect(families).toEqual([[], ['k=ingested', 'l=after', 'm=ingested']]);
  });

  test('stays in its order among others, when nothing was written since', async () => {
    const { store, disk } = await newStore(OPTIONS);
    await ingest(store, disk, ['a', 'k'], 'first');
    await ingest(store, disk, ['k', 'm'], 'second');
    await ingest(store, disk, ['m', 'z'], 'third');
    const wanted = texts(store);
    await store.close();
    expect((await repairedWithoutManifest(disk)).families).toEqual([wanted]);
    expect(wanted).toEqual(['a=first', 'k=second', 'm=third', 'z=third']);
  });
});

test('what an ingested removal hid does not come back from the log', async () => {
  const { store, disk } = await newStore(OPTIONS);
  const family = await store.createFamily('other');
  // Keeps the log.
  await store.put(bytes('x'), bytes('not flushed'), { family });
  await putAll(store, { k: 'removed', l: '1' });
  const environment = simulatedEnvironment(1, disk);
  const builder = await TableBuilder.create('/', 'removal', environment);
  await builder.delete(bytes('k')).finish();
  await store.ingest(['/removal']);
  await store.compactRange();
  const wanted = [['l=1'], ['x=not flushed']];
  await store.close();
  await repairStore(DIRECTORY, INTO, simulatedEnvironment(2, disk), { store: OPTIONS });
  const again = await Lsm.open(INTO, simulatedEnvironment(2, disk));
  expect(again.families.map((one) => texts(again, { family: one }))).toEqual(wanted);
  await again.close();
});

test('a table tells of no ingested one that it shares no key with', async () => {
  const { store, disk } = await newStore(OPTIONS);
  await putAll(store, { a: '1' });
  await store.flush();
  const before = store.describe().families[0]!.levels[0]!.tables[0]!.sizeBytes;
  await ingest(store, disk, ['x', 'y'], 'ingested');
  await putAll(store, { a: '1' });
  await store.flush();
  // No key of the ingested table lies in it.
  const after = store.describe().families[0]!.levels[0]!.tables.map(({ sizeBytes }) => sizeBytes);
  expect(after).toContain(before);
  await putAll(store, { a: '1', z: '1' });
  await store.flush();
  const text = [...disk.contents()].map(([, content]) => Buffer.from(content).toString('latin1'));
  expect(text.filter((content) => content.includes('ingested\x92')).length).toBe(1);
  await store.close();
});

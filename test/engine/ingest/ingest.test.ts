// Tables from outside: sorted when written, checked when taken in, newest afterwards, and there
// after a crash or not at all.

import { describe, expect, test } from 'vitest';
import { LsmError } from '../../../src/base/errors.ts';
import { Random } from '../../../src/base/random.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import { TableBuilder } from '../../../src/engine/ingest/tableBuilder.ts';
import type { TableBuilderOptions } from '../../../src/engine/ingest/tableBuilder.ts';
import { verifyStore } from '../../../src/engine/verify.ts';
import { RecordingSink } from '../recordingSink.ts';
import { DIRECTORY, nextTurn, simulatedEnvironment } from '../simulatedWorld.ts';
import { bytes, getText, namesOn, newStore, openOn, putAll, texts } from '../testStore.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';

const OUTSIDE = '/outside';

type Entries = Readonly<Record<string, string | null>>;

/** Writes a table; `null` removes a key. Answers its path. */
async function build(
  disk: SimulatedDisk,
  name: string,
  entries: Entries,
  options: TableBuilderOptions = {},
): Promise<string> {
  disk.makeDirectory(OUTSIDE);
  const environment = simulatedEnvironment(3, disk);
  const builder = await TableBuilder.create(OUTSIDE, name, environment, options);
  for (const [key, value] of Object.entries(entries)) {
    if (value === null) builder.delete(bytes(key));
    else builder.put(bytes(key), bytes(value));
  }
  await builder.finish();
  return `${OUTSIDE}/${name}`;
}

describe('a table builder', () => {
  const environment = simulatedEnvironment(3, new SimulatedDisk());
  environment.vfs.makeDirectory(OUTSIDE);

  test('takes keys in ascending order, each once', async () => {
    const builder = await TableBuilder.create(OUTSIDE, 'a', environment);
    builder.put(bytes('b'), bytes('1'));
    const refused = expect.objectContaining({ code: 'INVALID_ARGUMENT' });
    expect(() => builder.put(bytes('b'), bytes('2'))).toThrow(refused);
    expect(() => builder.put(bytes('a'), bytes('2'))).toThrow(refused);
    expect(() => builder.put(new Uint8Array(2 ** 20 + 1), bytes('2'))).toThrow(refused);
    builder.put(bytes('c'), bytes('2'));
    expect(await builder.finish()).toMatchObject({ entries: 2 });
  });

  test('leaves nothing when it has nothing, or is abandoned', async () => {
    const empty = await TableBuilder.create(OUTSIDE, 'b', environment);
    await expect(empty.finish()).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    const given = await TableBuilder.create(OUTSIDE, 'b', environment);
    given.put(bytes('b'), bytes('1')).abandon();
    expect(environment.vfs.list(OUTSIDE)).toEqual(['a']);
  });
});

describe('an ingested table', () => {
  test.each(['none', 'lz4', 'zstd'] as const)(
    'hides what the store held, and snapshots do not see it (%s)',
    async (compression) => {
      const { store, disk } = await newStore();
      await putAll(store, { a: 'old', b: 'old', d: 'old' });
      const snapshot = store.snapshot();
      const iterator = store.iterator();
      const path = await build(disk, 't', { b: 'new', c: 'new', d: null }, { compression });
      const [ingested] = await store.ingest([path]);
      expect(ingested).toMatchObject({ path, table: { smallestSequence: 4, largestSequence: 4 } });
      expect(texts(store)).toEqual(['a=old', 'b=new', 'c=new']);
      expect(texts(store, { reverse: true })).toEqual(['c=new', 'b=new', 'a=old']);
      expect(await getText(store, 'd')).toBeUndefined();
      expect(texts(store, { snapshot })).toEqual(['a=old', 'b=old', 'd=old']);
      iterator.seek(bytes('b'));
      expect(iterator.value()).toEqual(bytes('old'));
      iterator.close();
      await putAll(store, { b: 'newer' });
      expect(await getText(store, 'b')).toBe('newer');
      expect(store.describe().lastSequence).toBe(5);
      snapshot.release();
      await store.compactRange();
      expect(texts(store)).toEqual(['a=old', 'b=newer', 'c=new']);
      await store.close();
      const again = await openOn(disk);
      expect(texts(again)).toEqual(['a=old', 'b=newer', 'c=new']);
      expect(again.describe().lastSequence).toBe(5);
      await again.close();
    },
  );

  test('stays newest after a crash right behind it, with a log that was not flushed', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: 'old' });
    await store.ingest([await build(disk, 't', { a: 'ingested', z: '1' })]);
    await store.put(bytes('b'), bytes('later'), { sync: true });
    const again = await openOn(disk.afterPowerFailure(undefined));
    expect(texts(again)).toEqual(['a=ingested', 'b=later', 'z=1']);
    await again.put(bytes('a'), bytes('newest'));
    expect(await getText(again, 'a')).toBe('newest');
    await again.close();
    await store.close();
  });

  test('survives no power failure that what was written before it does not survive', async () => {
    const { store, disk } = await newStore();
    const family = await store.createFamily('other');
    await putAll(store, { a: 'not synced' });
    await store.ingest([await build(disk, 't', { b: 'ingested' })], { family });
    const again = await openOn(disk.afterPowerFailure(undefined));
    const found = [texts(again), texts(again, { family: again.family('other') })];
    expect(found).toEqual([['a=not synced'], ['b=ingested']]);
    await again.close();
    await store.close();
  });

  test('verifies with the store, and is a change to transactions', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1' });
    const reading = store.transaction().put(bytes('0'), bytes('1'));
    const writing = store.transaction({ isolation: 'snapshot' }).put(bytes('b'), bytes('1'));
    expect([...reading.entries({ from: bytes('c') })]).toEqual([]);
    await store.ingest([await build(disk, 't', { b: 'new', c: 'new' })]);
    await expect(reading.commit()).rejects.toMatchObject({ access: 'range' });
    await expect(writing.commit()).rejects.toMatchObject({ access: 'write', newestSequence: 2 });
    await store.close();
    const report = await verifyStore(DIRECTORY, simulatedEnvironment(3, disk));
    expect(report).toMatchObject({ ok: true, problems: [] });
  });

  test('lies as deep as nothing of its keys lies above', async () => {
    const { store, disk } = await newStore({ maxLevels: 4 });
    const levelOf = async (entries: Entries): Promise<number> => {
      const path = await build(disk, `t${disk.list(OUTSIDE).length}`, entries);
      return (await store.ingest([path]))[0]!.level;
    };
    disk.makeDirectory(OUTSIDE);
    expect(await levelOf({ c: '1', e: '1' })).toBe(0);
    await store.compactRange();
    const deepest = store
      .describe()
      .families[0]!.levels.findLastIndex(({ tables }) => tables.length > 0);
    expect(deepest).toBeGreaterThan(0);
    expect(await levelOf({ a: '1', b: '1' })).toBe(deepest);
    expect(await levelOf({ d: '1' })).toBe(deepest - 1);
    expect(await levelOf({ d: '2' })).toBe(Math.max(0, deepest - 2));
    expect(texts(store)).toEqual(['a=1', 'b=1', 'c=1', 'd=2', 'e=1']);
    await store.close();
  });

  test('hides what was written while it came in, and is hidden by what came later', async () => {
    const sink = new RecordingSink();
    const { store, disk } = await newStore({ events: sink });
    const keys = Array.from({ length: 300 }, (_, index) => `key${String(index).padStart(3, '0')}`);
    const entries = Object.fromEntries(keys.map((key) => [key, 'ingested']));
    const path = await build(disk, 't', entries);
    let over = false;
    const ingest = store.ingest([path]).finally(() => (over = true));
    const writeUntilOver = async (): Promise<void> => {
      const left = keys.slice();
      for (; !over; await nextTurn()) await putAll(store, { [left.shift()!]: 'meanwhile' });
    };
    const [[ingested]] = await Promise.all([ingest, writeUntilOver()]);
    const sequences = sink.of('write.end').map(({ lastSequence }) => lastSequence);
    const before = sequences.filter((one) => one < ingested!.table.smallestSequence).length;
    expect(before).toBeGreaterThan(2);
    const expected = keys.map((key, index) => {
      return `${key}=${index >= before && index < sequences.length ? 'meanwhile' : 'ingested'}`;
    });
    expect(await Promise.all(keys.map((key) => getText(store, key)))).toEqual(
      expected.map((text) => text.slice('key000='.length)),
    );
    expect(texts(store)).toEqual(expected);
    await store.close();
  });

  test('does not lie where a compaction that is under way will write', async () => {
    const sink = new RecordingSink();
    const { store, disk } = await newStore({ events: sink, maxLevels: 2 });
    await putAll(store, { q: '1' });
    await store.compactRange();
    const path = await build(disk, 't', { m: 'ingested' });
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    const before = sink.of('compaction.begin').length;
    sink.gate = () => (sink.of('compaction.begin').length > before ? held : Promise.resolve());
    // The ingest itself waits for nobody.
    sink.write = false;
    // None of its inputs holds the key, but what comes of them spans it.
    for (const key of ['b', 'y']) {
      await putAll(store, { [key]: '2' });
      await store.flush();
    }
    const compaction = store.compactRange();
    while (sink.of('compaction.begin').length === before) await nextTurn();
    const [ingested] = await store.ingest([path]);
    const { job } = sink.of('compaction.begin').at(-1)!;
    expect(sink.of('compaction.end').map((end) => end.job)).not.toContain(job);
    letGo();
    await compaction;
    expect(ingested!.level).toBe(0);
    expect(texts(store)).toEqual(['b=2', 'm=ingested', 'q=1', 'y=2']);
    await store.close();
    const report = await verifyStore(DIRECTORY, simulatedEnvironment(3, disk));
    expect(report.problems).toEqual([]);
  });

  test('copied, linked or moved: the source stays or goes', async () => {
    const events = new RecordingSink();
    const disk = new SimulatedDisk();
    const { store } = await newStore({ events }, disk);
    for (const manner of ['copy', 'link', 'move'] as const) {
      await store.ingest([await build(disk, manner, { [manner]: '1' })], { manner });
    }
    expect(disk.list(OUTSIDE)).toEqual(['copy', 'link']);
    disk.shouldFail = (call) => call === 'link' && { kind: 'refuse', systemCode: 'EXDEV' };
    await store.ingest([await build(disk, 'far', { far: '1' })], { manner: 'move' });
    expect(disk.list(OUTSIDE)).toEqual(['copy', 'link']);
    expect(texts(store)).toEqual(['copy=1', 'far=1', 'link=1', 'move=1']);
    expect(events.of('table.ingest').map(({ manner, sequence }) => [manner, sequence])).toEqual([
      ['copy', 1],
      ['link', 2],
      ['move', 3],
      ['move', 4],
    ]);
    await store.close();
  });
});

describe('what is not taken in', () => {
  async function refusal(ingest: Promise<unknown>): Promise<string> {
    const outcome = await ingest.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(outcome).toBeInstanceOf(LsmError);
    return (outcome as LsmError).code;
  }

  test('overlapping tables, a store’s own table, nothing, a missing file', async () => {
    const { store, disk } = await newStore();
    await putAll(store, { a: '1' });
    await store.flush();
    const own = namesOn(disk).find((name) => name.endsWith('.sst'))!;
    const one = await build(disk, 'one', { b: '1', d: '1' });
    const two = await build(disk, 'two', { c: '1' });
    const before = namesOn(disk);
    expect(await refusal(store.ingest([one, two]))).toBe('INVALID_ARGUMENT');
    expect(await refusal(store.ingest([one, `${DIRECTORY}/${own}`]))).toBe('INVALID_ARGUMENT');
    expect(await refusal(store.ingest([`${OUTSIDE}/none`]))).toBe('IO');
    expect(await refusal(store.ingest([one], { manner: 'steal' as never }))).toBe(
      'INVALID_ARGUMENT',
    );
    expect(await store.ingest([])).toEqual([]);
    expect(namesOn(disk)).toEqual(before);
    expect(texts(store)).toEqual(['a=1']);
    await store.ingest([one]);
    await store.ingest([two]);
    expect(texts(store)).toEqual(['a=1', 'b=1', 'c=1', 'd=1']);
    await store.close();
    expect(await refusal(store.ingest([one]))).toBe('NOT_OPEN');
  });

  test('a table with any byte changed, or cut short', async () => {
    const { store, disk } = await newStore();
    const path = await build(disk, 't', { a: 'value', b: 'another' }, { blockSize: 64 });
    const whole = disk.contents(OUTSIDE).get('t')!;
    for (let at = 0; at < whole.length; at += 7) {
      const damaged = whole.slice();
      damaged[at]! ^= 0x11;
      disk.place('t', damaged, OUTSIDE);
      expect(['CORRUPTION', 'NOT_SUPPORTED']).toContain(await refusal(store.ingest([path])));
    }
    for (let length = 0; length < whole.length; length += 17) {
      disk.place('t', whole.slice(0, length), OUTSIDE);
      expect(await refusal(store.ingest([path]))).toBe('CORRUPTION');
    }
    expect(namesOn(disk).filter((name) => name.endsWith('.sst'))).toEqual([]);
    disk.place('t', whole, OUTSIDE);
    await store.ingest([path]);
    expect(texts(store)).toEqual(['a=value', 'b=another']);
    await store.close();
  });
});

describe('an ingest that is cut short', () => {
  async function prepared(): Promise<{ store: Lsm; disk: SimulatedDisk; path: string }> {
    const disk = new SimulatedDisk();
    const { store } = await newStore({}, disk);
    await store.put(bytes('a'), bytes('old'), { sync: true });
    const path = await build(disk, 't', { a: 'new', b: 'new' });
    return { store, disk, path };
  }

  test.each(['copy', 'move'] as const)(
    'by a power failure: all or nothing (%s)',
    async (manner) => {
      let all = 0;
      let nothing = 0;
      for (let last = 1; ; last++) {
        const { store, disk, path } = await prepared();
        const start = disk.calls;
        disk.shouldFail = (_call, _path, number) => number > start + last;
        await store.ingest([path], { manner }).catch(() => undefined);
        const came = disk.calls - start <= last;
        for (const random of [undefined, new Random(last)]) {
          const after = disk.afterPowerFailure(random);
          const again = await openOn(after);
          const content = texts(again).join();
          expect(['a=old', 'a=new,b=new']).toContain(content);
          if (content === 'a=old') nothing++;
          else all++;
          // A moved table is somewhere.
          const stays = after.contents(OUTSIDE).has('t');
          expect(stays || content !== 'a=old').toBe(true);
          await again.close();
        }
        await store.close().catch(() => undefined);
        if (came) break;
      }
      expect(all).toBeGreaterThan(0);
      expect(nothing).toBeGreaterThan(0);
    },
  );

  test('by a failing call: the store says so, and holds all or nothing', async () => {
    for (let failing = 1; ; failing++) {
      const { store, disk, path } = await prepared();
      const start = disk.calls;
      disk.shouldFail = (_call, _path, number) => number === start + failing;
      const outcome = await store.ingest([path]).then(
        () => 'done',
        (thrown: LsmError) => thrown.code,
      );
      const tried = disk.calls - start;
      disk.shouldFail = () => false;
      const content = texts(store).join();
      expect(content).toBe(outcome === 'done' ? 'a=new,b=new' : 'a=old');
      await store.close().catch(() => undefined);
      const again = await openOn(disk);
      expect(['a=old', 'a=new,b=new']).toContain(texts(again).join());
      await again.close();
      if (tried < failing) break;
    }
  });
});

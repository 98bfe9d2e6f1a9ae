// The recovery modes, each against every way to cut a small log short and to change one byte of it.

import { beforeAll, describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../../src/base/bytes.ts';
import type { OpenMode, VfsFile } from '../../../src/base/vfs.ts';
import { LsmError } from '../../../src/base/errors.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import type { WalRecoveryMode } from '../../../src/engine/options.ts';
import { verifyStore } from '../../../src/engine/verify.ts';
import { RecordingSink } from '../recordingSink.ts';
import { DIRECTORY, nextTurn, simulatedEnvironment } from '../simulatedWorld.ts';
import { bytes, namesOn, openOn, putAll, texts } from '../testStore.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';

const MODES: readonly WalRecoveryMode[] = [
  'absolute-consistency',
  'tolerate-corrupted-tail',
  'point-in-time',
  'skip-any-corrupted',
];

/** The files of a store, to be put on fresh disks with a change. */
interface Sample {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly log: string;
  /** Of each record of the log. */
  readonly records: readonly { readonly offset: number; readonly syncedOffset: number | null }[];
}

/** Five puts in one log, the second and the fourth synced, then a kill. */
async function oneLog(): Promise<Sample> {
  const disk = new SimulatedDisk();
  const events = new RecordingSink();
  const store = await openOn(disk, { events });
  for (let key = 0; key < 5; key++) {
    await store.put(bytes(`k${key}`), bytes(`v${key}`), { sync: key % 2 === 1 });
  }
  const files = withoutLock(disk.afterKill());
  await store.close();
  const log = [...files.keys()].find((name) => name.endsWith('.log'))!;
  return { files, log, records: events.of('wal.append') };
}

function withoutLock(disk: SimulatedDisk): Map<string, Uint8Array> {
  return new Map([...disk.contents()].filter(([name]) => name !== 'LOCK'));
}

function diskWith<Disk extends SimulatedDisk>(
  files: ReadonlyMap<string, Uint8Array>,
  disk: Disk,
): Disk {
  disk.makeDirectory(DIRECTORY);
  for (const [name, content] of files) disk.place(name, content.slice());
  disk.settle();
  return disk;
}

/** A disk with the sample's log changed. */
function changed(sample: Sample, content: Uint8Array): SimulatedDisk {
  return diskWith(new Map([...sample.files, [sample.log, content]]), new SimulatedDisk());
}

/** Keys found by a read-only opening, or the refusal's code; and whether anything was reported. */
async function outcome(
  disk: SimulatedDisk,
  walRecovery: WalRecoveryMode,
): Promise<{ keys: string; reported: boolean }> {
  let store: Lsm;
  try {
    store = await openOn(disk, { walRecovery, readOnly: true });
  } catch (thrown) {
    if (!(thrown instanceof LsmError)) throw thrown;
    return { keys: thrown.code, reported: true };
  }
  const keys = [...store.entries()].map(([key]) => decodeUtf8(key)).join(' ');
  const reported = store.describe().problems.length > 0;
  await store.close();
  return { keys, reported };
}

async function codesOf(disk: SimulatedDisk): Promise<string[]> {
  const report = await verifyStore(DIRECTORY, simulatedEnvironment(1, disk));
  return report.problems.map(({ code }) => code);
}

const REFUSED = { keys: 'CORRUPTION', reported: true };

function keysBut(...left: number[]): string {
  const keys = [0, 1, 2, 3, 4].filter((key) => !left.includes(key));
  return keys.map((key) => `k${key}`).join(' ');
}

function keysBefore(record: number): string {
  return keysBut(...[0, 1, 2, 3, 4].filter((key) => key >= record));
}

describe('one log', () => {
  let sample: Sample;
  beforeAll(async () => {
    sample = await oneLog();
  });

  /** The record that holds a byte, -1 in the file's header; and whether it was durable. */
  function placeOf(at: number): { record: number; durable: boolean } {
    const record = sample.records.findLastIndex(({ offset }) => offset <= at);
    const start = sample.records[record]?.offset ?? 0;
    const later = sample.records.slice(record + 1);
    return { record, durable: later.some(({ syncedOffset }) => (syncedOffset ?? 0) > start) };
  }

  test.each(MODES)('%s: any byte changed', async (mode) => {
    const content = sample.files.get(sample.log)!;
    for (let at = 0; at < content.length; at++) {
      const flipped = content.slice();
      flipped[at]! ^= 0x41;
      const { record, durable } = placeOf(at);
      const before = keysBefore(Math.max(0, record));
      const expected = {
        'absolute-consistency': REFUSED,
        'tolerate-corrupted-tail': durable ? REFUSED : { keys: before, reported: false },
        'point-in-time': { keys: before, reported: durable },
        'skip-any-corrupted': { keys: keysBut(record), reported: record < 4 },
      }[mode];
      expect(await outcome(changed(sample, flipped), mode), `byte ${at}`).toEqual(expected);
    }
  });

  test('verification tells damage from a torn end just so', async () => {
    const content = sample.files.get(sample.log)!;
    for (let at = 0; at < content.length; at++) {
      const flipped = content.slice();
      flipped[at]! ^= 0x41;
      const expected = placeOf(at).durable ? ['CORRUPTION'] : ['TORN'];
      expect(await codesOf(changed(sample, flipped)), `byte ${at}`).toEqual(expected);
    }
  });

  test.each(MODES)('%s: cut at any length', async (mode) => {
    const content = sample.files.get(sample.log)!;
    for (let length = 0; length < content.length; length++) {
      const cut = changed(sample, content.slice(0, length));
      const record = sample.records.findLastIndex(({ offset }) => offset <= length);
      const isBoundary = sample.records[record]?.offset === length;
      const before = keysBefore(Math.max(0, record));
      const torn = { keys: before, reported: false };
      // The header was durable before the manifest named the log.
      const noHeader = { keys: '', reported: true };
      const expected = {
        'absolute-consistency': isBoundary ? torn : REFUSED,
        'tolerate-corrupted-tail': record < 0 ? REFUSED : torn,
        'point-in-time': record < 0 ? noHeader : torn,
        'skip-any-corrupted': record < 0 ? noHeader : torn,
      }[mode];
      expect(await outcome(cut, mode), `length ${length}`).toEqual(expected);
    }
  });

  test.each(['point-in-time', 'skip-any-corrupted'] as const)(
    '%s: what was found is the store from then on, in every mode',
    async (walRecovery) => {
      const content = sample.files.get(sample.log)!;
      for (let at = 0; at < content.length; at += 17) {
        const flipped = content.slice();
        flipped[at]! ^= 0x41;
        const disk = changed(sample, flipped);
        const { keys } = await outcome(disk, walRecovery);
        const store = await openOn(disk, { walRecovery });
        await store.put(bytes('later'), bytes('works'));
        const killed = diskWith(withoutLock(disk.afterKill()), new SimulatedDisk());
        await store.close();
        const after = { keys: `${keys} later`.trim(), reported: false };
        expect(await outcome(killed, 'absolute-consistency'), `byte ${at}`).toEqual(after);
        expect(await codesOf(killed)).toEqual([]);
      }
    },
  );
});

/** A disk on which no table ever becomes durable, so that logs gather. */
class StuckDisk extends SimulatedDisk {
  override open(path: string, mode: OpenMode): VfsFile {
    const file = super.open(path, mode);
    if (!path.endsWith('.sst')) return file;
    return { ...file, sync: () => new Promise<void>(() => undefined) };
  }
}

/** Three logs with a key each. */
async function threeLogs(): Promise<Map<string, Uint8Array>> {
  const disk = new StuckDisk();
  const store = await openOn(disk, { memtableSize: 1024, maxImmutableMemtables: 8 });
  for (const key of ['a', 'b', 'c']) {
    if (key !== 'a') {
      void store.flush();
      for (let turn = 0; turn < 20; turn++) await nextTurn();
    }
    await putAll(store, { [key]: '1' });
    await store.flushWal();
  }
  return withoutLock(disk.afterKill());
}

function logsIn(files: ReadonlyMap<string, Uint8Array>): string[] {
  return [...files.keys()].filter((name) => name.endsWith('.log'));
}

describe('several logs', () => {
  let files: Map<string, Uint8Array>;
  beforeAll(async () => {
    files = await threeLogs();
    expect(logsIn(files)).toHaveLength(3);
  });

  /** Files with the second log changed, or away. */
  function damaged(how: 'flipped' | 'missing'): Map<string, Uint8Array> {
    const name = logsIn(files)[1]!;
    const after = new Map(files);
    const content = files.get(name)!.slice();
    content[60]! ^= 1;
    if (how === 'missing') after.delete(name);
    else after.set(name, content);
    return after;
  }

  test.each(['flipped', 'missing'] as const)('the middle one %s', async (how) => {
    const found: Record<string, string> = {};
    for (const mode of MODES) {
      const disk = diskWith(damaged(how), new SimulatedDisk());
      found[mode] = (await outcome(disk, mode)).keys;
    }
    expect(found).toEqual({
      'absolute-consistency': 'CORRUPTION',
      'tolerate-corrupted-tail': 'CORRUPTION',
      'point-in-time': 'a',
      'skip-any-corrupted': 'a c',
    });
  });

  test('given up, they are told of one by one and go', async () => {
    const events = new RecordingSink();
    const disk = diskWith(damaged('flipped'), new SimulatedDisk());
    const store = await openOn(disk, { walRecovery: 'point-in-time', events });
    expect(events.of('recovery.wal').map(({ verdict }) => verdict)).toEqual([
      'whole',
      'damaged',
      'given-up',
    ]);
    expect(store.describe().problems).toMatchObject([
      { code: 'CORRUPTION', file: logsIn(files)[1] },
    ]);
    expect(store.describe().problems[0]!.message).toMatch(/later writes were given up/);
    expect(texts(store)).toEqual(['a=1']);
    expect(namesOn(disk).filter((name) => name.endsWith('.log'))).toHaveLength(1);
    await store.close();
  });

  test.each(['point-in-time', 'skip-any-corrupted'] as const)(
    '%s finds the same again when its first opening fails at any call',
    async (walRecovery) => {
      const counting = diskWith(damaged('flipped'), new SimulatedDisk());
      await openOn(counting, { walRecovery }).then((store) => store.close());
      const expected = walRecovery === 'point-in-time' ? ['a=1'] : ['a=1', 'c=1'];
      for (let failing = 1; failing <= counting.calls; failing++) {
        const disk = diskWith(damaged('flipped'), new SimulatedDisk());
        disk.shouldFail = (_call, _path, number) => number >= failing;
        await openOn(disk, { walRecovery })
          .then((store) => store.close())
          .catch((thrown: unknown) => {
            if (!(thrown instanceof LsmError)) throw thrown;
          });
        for (const left of [disk.afterKill(), disk.afterPowerFailure(undefined)]) {
          const again = await openOn(diskWith(withoutLock(left), new SimulatedDisk()), {
            walRecovery,
          });
          expect(texts(again), `call ${failing}`).toEqual(expected);
          await again.close();
        }
      }
    },
  );
});

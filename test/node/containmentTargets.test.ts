// Paths that a user names beside the store: what is taken in, recorded, copied or read must be what
// was named, and what lies behind a link or in a name inside of a file is left alone.

import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Lsm } from '../../src/engine/db.ts';
import { TableBuilder } from '../../src/engine/ingest/tableBuilder.ts';
import { repairStore } from '../../src/engine/repair/repair.ts';
import { nodeEnvironment } from '../../src/node/nodeEnvironment.ts';
import type { LsmEvent } from '../../src/protocol/events.ts';
import { TraceWriter } from '../../src/protocol/traceWriter.ts';
import { LeveldbReader } from '../../src/readers/leveldb/leveldbReader.ts';
import { copyInto } from '../../src/session/foreign/copyInto.ts';
import { importRecords } from '../../src/session/importing/importRecords.ts';
import { FileRecording } from '../../src/session/recorder.ts';
import { familyTarget } from '../../src/session/storeTarget.ts';
import { directoryPrint } from '../cli/directoryPrint.ts';
import { readerWorld } from '../readers/readerWorld.ts';
import { bytes, texts } from '../engine/testStore.ts';
import { useBundle } from '../support/useBundle.ts';
import { ContainedVfs } from './containedVfs.ts';

let root = '';
let chosen = '';
let elsewhere = '';
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'lsm-lens-targets-'));
  chosen = path.join(root, 'chosen');
  elsewhere = path.join(root, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(path.join(elsewhere, 'mine'), 'mine');
});
afterEach(() => rmSync(root, { recursive: true }));

async function buildTable(directory: string, name: string): Promise<string> {
  const builder = await TableBuilder.create(directory, name, nodeEnvironment());
  builder.put(bytes('taken'), bytes('in'));
  await builder.finish();
  return path.join(directory, name);
}

const MANNERS = ['copy', 'link', 'move'] as const;

describe.runIf(process.platform !== 'win32')('an ingest (links as on POSIX)', () => {
  test.each(MANNERS)('takes in no link, by %s', async (manner) => {
    await buildTable(elsewhere, 'table');
    const link = path.join(root, 'link');
    symlinkSync(path.join(elsewhere, 'table'), link);
    const before = await directoryPrint(elsewhere);
    const store = await Lsm.open(chosen, nodeEnvironment());
    const names = readdirSync(chosen);
    await expect(store.ingest([link], { manner })).rejects.toMatchObject({ code: 'IO' });
    expect(readdirSync(chosen)).toEqual(names);
    expect(texts(store)).toEqual([]);
    await store.close();
    expect(await directoryPrint(elsewhere)).toEqual(before);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
  });

  test.each(MANNERS)(
    'writes through no link under the name that it takes, by %s',
    async (manner) => {
      const table = await buildTable(root, 'table');
      const store = await Lsm.open(chosen, nodeEnvironment());
      await store.put(bytes('a'), bytes('1'));
      const names = Array.from({ length: 30 }, (_, index) => {
        return `${String(index + 1).padStart(6, '0')}.sst`;
      });
      for (const [index, name] of names.entries()) {
        const target = index % 2 === 0 ? 'mine' : 'missing';
        symlinkSync(path.join(elsewhere, target), path.join(chosen, name));
      }
      const before = await directoryPrint(elsewhere);
      await expect(store.ingest([table], { manner })).rejects.toMatchObject({ code: 'IO' });
      await store.close();
      expect(await directoryPrint(elsewhere)).toEqual(before);
      expect(existsSync(table)).toBe(true);
    },
  );

  test('by a name with .. in it takes that file, and moves no other', async () => {
    const table = await buildTable(root, 'table');
    const beside = await buildTable(root, 'beside');
    const store = await Lsm.open(chosen, nodeEnvironment());
    await store.ingest([path.join(chosen, '..') + path.sep + 'table'], { manner: 'move' });
    expect(texts(store)).toEqual(['taken=in']);
    await store.close();
    expect([existsSync(table), existsSync(beside)]).toEqual([false, true]);
  });
});

/** Whatever makes a store in a directory that is named. */
const MAKERS: Readonly<Record<string, (into: string) => Promise<unknown>>> = {
  checkpoint: async (into) => {
    const store = await Lsm.open(chosen, nodeEnvironment());
    await store.put(bytes('a'), bytes('1'));
    try {
      return await store.checkpoint(into);
    } finally {
      await store.close();
    }
  },
  repair: async (into) => {
    await (await Lsm.open(chosen, nodeEnvironment())).close();
    return repairStore(chosen, into, nodeEnvironment());
  },
  'copy of another engine’s store': async (into) => {
    const source = path.resolve('test/fixtures/leveldb-snappy/db');
    const reader = new LeveldbReader(source, await readerWorld());
    return copyInto(reader, into, nodeEnvironment(), {}).finally(() => reader.close());
  },
};

describe.runIf(process.platform !== 'win32').each(Object.keys(MAKERS))('a %s', (name) => {
  const make = MAKERS[name]!;

  test.each(['empty', 'full', 'missing'])('goes into no link to a directory (%s)', async (kind) => {
    mkdirSync(path.join(elsewhere, 'empty'));
    mkdirSync(path.join(elsewhere, 'full'));
    writeFileSync(path.join(elsewhere, 'full', '000001.log'), 'mine');
    const into = path.join(root, 'into');
    symlinkSync(path.join(elsewhere, kind), into);
    const before = await directoryPrint(elsewhere);
    await expect(make(into)).rejects.toMatchObject({ name: 'LsmError' });
    expect(await directoryPrint(elsewhere)).toEqual(before);
    expect(lstatSync(into).isSymbolicLink()).toBe(true);
  });

  test('overwrites nothing: neither files, nor links to them', async () => {
    const into = path.join(root, 'into');
    mkdirSync(into);
    symlinkSync(path.join(elsewhere, 'mine'), path.join(into, 'CURRENT'));
    const before = await directoryPrint(elsewhere);
    await expect(make(into)).rejects.toMatchObject({ name: 'LsmError' });
    expect(readdirSync(into)).toEqual(['CURRENT']);
    expect(await directoryPrint(elsewhere)).toEqual(before);
  });

  test('by a name with .. in it goes there and nowhere else', async () => {
    const before = await directoryPrint(elsewhere);
    await make(`${root}${path.sep}elsewhere${path.sep}..${path.sep}into`);
    expect(readdirSync(path.join(root, 'into'))).toContain('CURRENT');
    expect(await directoryPrint(elsewhere)).toEqual(before);
  });
});

describe.runIf(process.platform !== 'win32')('a recording', () => {
  test.each(['mine', 'missing'])('is written through no link (to what is %s)', async (target) => {
    const file = path.join(root, 'recording.lsmtrace');
    symlinkSync(path.join(elsewhere, target), file);
    const before = await directoryPrint(elsewhere);
    expect(() => new FileRecording(file)).toThrow(expect.objectContaining({ code: 'IO' }));
    expect(await directoryPrint(elsewhere)).toEqual(before);
  });
});

describe('a recording that names other files', () => {
  const program = useBundle(new URL('traceShower.ts', import.meta.url));

  test('has nothing opened but itself: the process may read and write nothing else', async () => {
    const store = await Lsm.open(chosen, nodeEnvironment());
    const state = store.describe();
    await store.close();
    const secret = path.join(elsewhere, 'mine');
    const told = { number: 1, timeMicros: 1 };
    const events: LsmEvent[] = [
      {
        ...told,
        kind: 'checkpoint.create',
        directory: path.join(elsewhere, 'made'),
        sequence: 0,
        tables: 0,
        copiedBytes: 0,
        durationMicros: 0,
      },
      { ...told, number: 2, kind: 'recovery.begin', manifest: secret, walSegments: [1] },
    ];
    const writer = new TraceWriter(state);
    const header = { title: `../elsewhere/mine`, source: secret, createdMicros: 1 };
    const file = path.join(root, 'hostile.lsmtrace');
    const pieces = [writer.begin(header), writer.append(events, 0), writer.end()];
    writeFileSync(file, Buffer.concat(pieces));
    const before = await directoryPrint(elsewhere);
    const permission = process.allowedNodeEnvironmentFlags.has('--permission')
      ? '--permission'
      : '--experimental-permission';
    const readable = [program.file(), file].map((name) => `--allow-fs-read=${name}`);
    const show = (what: string): { stdout: string; stderr: string } =>
      spawnSync(process.execPath, [permission, ...readable, program.file(), what], {
        encoding: 'utf8',
      });
    // The guard itself: what is not this recording cannot be read.
    expect(show(secret).stderr).toMatch(/ERR_ACCESS_DENIED|restricted/);
    expect(show(file).stdout).toBe('2 messages\n');
    expect(await directoryPrint(elsewhere)).toEqual(before);
  });
});

test('an import whose keys and values are paths makes entries and nothing else', async () => {
  mkdirSync(chosen);
  const vfs = new ContainedVfs(chosen);
  const environment = { ...nodeEnvironment(), vfs };
  const names = ['../elsewhere/made', path.join(elsewhere, 'mine'), 'a/../CURRENT', '000001.sst'];
  const lines = names.map((name) => JSON.stringify({ key: name, file: name }));
  const before = await directoryPrint(elsewhere);
  const store = await Lsm.open(chosen, environment);
  const family = await store.createFamily('../elsewhere/made');
  for (const { name } of store.families) {
    const pieces = (async function* () {
      yield Buffer.from(lines.join('\n'));
    })();
    const options = { format: 'jsonl', keyField: 'key' } as const;
    await importRecords(pieces, await familyTarget(store, name), environment.scheduler, options);
  }
  await store.flush();
  await store.compactRange({ family });
  expect(texts(store, { family })).toEqual(texts(store));
  expect(texts(store).length).toBe(names.length);
  await store.close();
  expect(vfs.outside).toEqual([]);
  expect(await directoryPrint(elsewhere)).toEqual(before);
});

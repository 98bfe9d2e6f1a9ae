// Whoever waits for a large directory hears how far its manifest, its logs and its LOG are.

import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { ByteWriter } from '../../src/base/byteWriter.ts';
import type { Progress } from '../../src/protocol/messages.ts';
import { LeveldbReader } from '../../src/readers/leveldb/leveldbReader.ts';
import { RocksdbReader } from '../../src/readers/rocksdb/rocksdbReader.ts';
import { directory, diskWith, filesOf } from './damagedStore.ts';
import type { OpenReader } from './damagedStore.ts';
import { readerWorld } from './readerWorld.ts';
import { recordLogOf } from './recordPieces.ts';

const stores: readonly (readonly [string, OpenReader])[] = [
  ['leveldb-snappy', (path, world) => new LeveldbReader(path, world)],
  ['rocksdb-levels', (path, world) => new RocksdbReader(path, world)],
];

const RECORDS = 10_000;

function record(write: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter();
  write(writer);
  return writer.toBytes();
}

/** Puts of one key each. */
function longLog(): Uint8Array {
  const batches = Array.from({ length: RECORDS }, (_, index) =>
    record((writer) => {
      writer.writeUint64(100_000 + index);
      writer.writeUint32(1);
      writer.writeUint8(1);
      writer.writeText(`key ${index}`);
      writer.writeText('value');
    }),
  );
  return recordLogOf(batches);
}

/** A manifest, and many edits behind it that name the next file. */
function longManifest(begun: Uint8Array): Uint8Array {
  const edits = Array.from({ length: RECORDS }, (_, index) =>
    record((writer) => {
      writer.writeVarint(3);
      writer.writeVarint(1000 + index);
    }),
  );
  return recordLogOf(edits, begun);
}

interface Opened {
  readonly heard: readonly Progress[];
  readonly entries: number;
}

async function openWith(
  fixture: string,
  open: OpenReader,
  changed: (
    names: readonly string[],
    files: ReadonlyMap<string, Uint8Array>,
  ) => [string, Uint8Array],
): Promise<Opened> {
  const files = filesOf(fixture);
  const names = [...files.keys()];
  const vfs = diskWith(new Map([...files, changed(names, files)]));
  const heard: Progress[] = [];
  const world = { ...(await readerWorld(vfs)), onProgress: (each: Progress) => heard.push(each) };
  const reader = open(directory, world);
  const entries = [...reader.entries({})].length;
  for (const _ of reader.history(10));
  reader.close();
  return { heard, entries };
}

function messages(heard: readonly Progress[]): readonly string[] {
  return [...new Set(heard.map(({ message }) => message))];
}

/** It goes forward and never beyond the end. */
function expectForward(heard: readonly Progress[], of: string): void {
  const steps = heard.filter(({ message }) => message === of);
  expect(steps.length).toBeGreaterThan(1);
  for (const [index, { done, total }] of steps.entries()) {
    expect(done).toBeGreaterThanOrEqual(steps[index - 1]?.done ?? 0);
    expect(done).toBeLessThanOrEqual(total);
  }
}

describe.each(stores)('%s', (fixture, open) => {
  test('of a long log', async () => {
    const { heard, entries } = await openWith(fixture, open, (names) => {
      return [names.findLast((name) => name.endsWith('.log'))!, longLog()];
    });
    const [said] = messages(heard).filter((message) => message.endsWith('.log'));
    expectForward(heard, said!);
    expect(heard.find(({ message }) => message === said)!.unit).toBe('bytes');
    expect(entries).toBeGreaterThanOrEqual(RECORDS);
  });

  test('of a long manifest, and of a past that is told as one', async () => {
    const { heard } = await openWith(fixture, open, (names, files) => {
      const name = names.find((each) => each.startsWith('MANIFEST-'))!;
      return [name, longManifest(files.get(name)!)];
    });
    expectForward(
      heard,
      messages(heard).find((message) => message.includes('MANIFEST'))!,
    );
    expectForward(heard, 'replaying the past');
  });
});

test('RocksDB: of a long LOG', async () => {
  const line = '2026/11/27-12:00:00.000000 1 [WARN] nothing that matters\n';
  const { heard } = await openWith('rocksdb-levels', stores[1]![1], () => {
    return ['LOG', encodeUtf8(line.repeat(10_000))];
  });
  expectForward(heard, 'reading LOG');
});

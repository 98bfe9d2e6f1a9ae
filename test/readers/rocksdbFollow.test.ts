// Following a RocksDB directory that grows: its manifest and logs, cut at many lengths, come back
// piece by piece; what is told folds to what a fresh reader sees.

import { expect, test } from 'vitest';
import { emptyState } from '../../src/protocol/emptyState.ts';
import { reduce } from '../../src/protocol/reduce.ts';
import type { FamilyState, TreeState } from '../../src/protocol/treeState.ts';
import { RocksdbReader } from '../../src/readers/rocksdb/rocksdbReader.ts';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { ByteWriter } from '../../src/base/byteWriter.ts';
import type { MemoryVfs } from '../../src/base/memoryVfs.ts';
import { directory, diskWith, filesOf } from './damagedStore.ts';
import { shapeOf } from './followedShape.ts';
import { copiesOf, readerWorld } from './readerWorld.ts';
import { recordLogOf } from './recordPieces.ts';

/** Writes more of a file. */
function grow(vfs: MemoryVfs, name: string, bytes: Uint8Array): void {
  const path = vfs.join(directory, name);
  const file = vfs.open(path, vfs.stat(path) === undefined ? 'create' : 'write');
  const from = file.sizeBytes();
  if (bytes.length > from) file.write(bytes, from, bytes.length - from, from);
  file.close();
}

const STEPS = 16;

test.each(['rocksdb-levels', 'rocksdb-families'])('%s', async (fixture) => {
  const files = filesOf(fixture);
  const begun = new Map([...files].filter(([name]) => !name.endsWith('.log')));
  const manifest = [...files.keys()].find((name) => name.startsWith('MANIFEST-'))!;
  begun.set(manifest, files.get(manifest)!.slice(0, 120));
  const vfs = diskWith(begun);
  const world = await readerWorld(vfs);
  const reader = new RocksdbReader(directory, world);
  for (const _ of reader.history());
  let state: TreeState = { ...emptyState(), ...reader.describe() };
  let number = 0;
  const logs = [...files].filter(([name]) => name.endsWith('.log'));
  const logBytes = logs.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  for (let step = 1; step <= STEPS; step++) {
    const edits = files.get(manifest)!;
    grow(vfs, manifest, edits.slice(0, Math.ceil((edits.length * step) / STEPS)));
    // One log after the other: the next is begun when the one before is whole.
    let left = Math.ceil((logBytes * step) / STEPS);
    for (const [name, bytes] of logs) {
      if (left > 0) grow(vfs, name, bytes.slice(0, left));
      left -= bytes.length;
    }
    for (const { body, timeMicros } of reader.follow()) {
      state = reduce(state, { ...body, number: ++number, timeMicros });
    }
    const fresh = new RocksdbReader(directory, world);
    expect(shapeOf(state)).toEqual(shapeOf(fresh.describe()));
    expect(shapeOf(state)).toEqual(shapeOf(reader.describe()));
    expect(copiesOf(reader.entries({}))).toEqual(copiesOf(fresh.entries({})));
    fresh.close();
  }
  // Tables of the past are not there any more.
  expect(reader.problems().filter(({ file }) => file.endsWith('.log'))).toEqual([]);
  reader.close();
});

test('a manifest that is begun anew is told as far as it differs', async () => {
  const files = filesOf('rocksdb-levels');
  const vfs = diskWith(files);
  const world = await readerWorld(vfs);
  const reader = new RocksdbReader(directory, world);
  for (const _ of reader.history());
  let state: TreeState = { ...emptyState(), ...reader.describe() };
  const manifest = [...files.keys()].find((name) => name.startsWith('MANIFEST-'))!;
  const again = 'MANIFEST-000099';
  grow(vfs, again, files.get(manifest)!);
  vfs.remove(vfs.join(directory, 'CURRENT'));
  grow(vfs, 'CURRENT', new TextEncoder().encode(`${again}\n`));
  let number = 0;
  const told = [...reader.follow()];
  for (const { body, timeMicros } of told) {
    state = reduce(state, { ...body, number: ++number, timeMicros });
  }
  expect(told[0]!.body).toMatchObject({ kind: 'manifest.rotate', from: manifest, to: again });
  expect(state.manifest).toEqual(reader.describe().manifest);
  reader.close();
});

test('options of a later file count from then on', async () => {
  const files = filesOf('rocksdb-levels');
  const vfs = diskWith(files);
  const reader = new RocksdbReader(directory, await readerWorld(vfs));
  const { store } = reader.describe();
  const [name] = [...files.keys()].filter((each) => each.startsWith('OPTIONS-'));
  const text = new TextDecoder().decode(files.get(name!));
  const changed = text.replace(/(?<=\n *)write_buffer_size=\d+/, 'write_buffer_size=12345');
  expect(changed).not.toBe(text);
  grow(vfs, 'OPTIONS-000098', new TextEncoder().encode(changed));
  for (const _ of reader.follow());
  const { families, store: after } = reader.describe();
  expect(after.options).not.toEqual(store.options);
  expect(families[0]!.memtable.capacityBytes).toBe(12_345);
  reader.close();
});

/** An edit's fields: numbers are varints, texts and keys length-prefixed. */
function edit(...fields: readonly (number | string | Uint8Array)[]): Uint8Array {
  const writer = new ByteWriter();
  for (const field of fields) {
    if (typeof field === 'number') writer.writeVarint(field);
    else writer.writeLengthAndBytes(typeof field === 'string' ? encodeUtf8(field) : field);
  }
  return writer.toBytes();
}

/** All tables of a family in one edit. */
function tablesOf({ family, levels }: FamilyState): Uint8Array {
  const fields = levels.flatMap(({ level, tables }) =>
    tables.flatMap(({ file, sizeBytes, smallestKey, largestKey }) => {
      const bounds = [smallestKey, largestKey].map((key) =>
        Uint8Array.of(...key, 1, 9, 0, 0, 0, 0, 0, 0),
      );
      return [7, level, file, sizeBytes, ...bounds];
    }),
  );
  return edit(200, family, 2, 32, 4, 700, ...fields);
}

test('RocksDB begins another manifest while it runs: families and tables stay', async () => {
  const files = filesOf('rocksdb-families');
  const vfs = diskWith(files);
  const world = await readerWorld(vfs);
  const reader = new RocksdbReader(directory, world);
  for (const _ of reader.history());
  let state: TreeState = { ...emptyState(), ...reader.describe() };
  const [first, second] = state.families;
  const comparator = 'leveldb.BytewiseComparator';
  // Identity, logs, and for each family two edits; then what made it begin another.
  const begun = [
    edit(8193, 'an identity'),
    edit(8196, 32, 1),
    edit(1, comparator),
    tablesOf(first!),
    edit(200, second!.family, 201, second!.name, 1, comparator),
    tablesOf(second!),
    edit(3, 900, 4, 701),
  ];
  grow(vfs, 'MANIFEST-000099', recordLogOf(begun));
  vfs.remove(vfs.join(directory, 'CURRENT'));
  grow(vfs, 'CURRENT', encodeUtf8('MANIFEST-000099\n'));
  const kinds: string[] = [];
  let number = 0;
  for (const { body, timeMicros } of reader.follow()) {
    kinds.push(body.kind);
    state = reduce(state, { ...body, number: ++number, timeMicros });
  }
  const fresh = new RocksdbReader(directory, world);
  expect(shapeOf(state)).toEqual(shapeOf(fresh.describe()));
  expect(kinds).not.toContain('family.create');
  expect(state.manifest.edits).toBe(reader.describe().manifest.edits);
  expect(state.families.flatMap(({ ghosts }) => ghosts)).toEqual([]);
  expect(reader.problems()).toEqual([]);
  fresh.close();
  reader.close();
});

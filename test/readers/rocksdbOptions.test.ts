import { expect, test } from 'vitest';
import { emptyState } from '../../src/protocol/emptyState.ts';
import { reduce } from '../../src/protocol/reduce.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import { RocksdbReader } from '../../src/readers/rocksdb/rocksdbReader.ts';
import { encodeUtf8 } from '../../src/base/bytes.ts';
import { ByteWriter } from '../../src/base/byteWriter.ts';
import { directory, diskWith, filesOf } from './damagedStore.ts';
import { copiesOf, readerWorld } from './readerWorld.ts';
import { recordLogOf } from './recordPieces.ts';

test('a family that writes cuckoo tables is named as soon as the directory is open', async () => {
  const files = new Map(filesOf('rocksdb-levels'));
  const name = [...files.keys()].find((each) => each.startsWith('OPTIONS-'))!;
  const text = new TextDecoder().decode(files.get(name));
  const changed = text.replace('TableOptions/BlockBasedTable', 'TableOptions/CuckooTable');
  expect(changed).not.toBe(text);
  files.set(name, new TextEncoder().encode(changed));
  const reader = new RocksdbReader(directory, await readerWorld(diskWith(files)));
  expect(reader.problems()).toEqual([
    {
      code: 'NOT_SUPPORTED',
      file: [...files.keys()].find((each) => each.startsWith('MANIFEST-')),
      offset: -1,
      message: expect.stringMatching(/^column family default writes cuckoo tables/) as string,
    },
  ]);
  reader.close();
});

test('logs in another directory are told of', async () => {
  const files = new Map(filesOf('rocksdb-levels'));
  const name = [...files.keys()].find((each) => each.startsWith('OPTIONS-'))!;
  const text = new TextDecoder().decode(files.get(name));
  files.set(
    name,
    new TextEncoder().encode(text.replace('[DBOptions]', '[DBOptions]\n  wal_dir=/var/logs')),
  );
  const withLogs = new RocksdbReader(directory, await readerWorld(diskWith(files)));
  expect(withLogs.problems()).toEqual([]);
  withLogs.close();
  for (const log of [...files.keys()].filter((each) => each.endsWith('.log'))) files.delete(log);
  const reader = new RocksdbReader(directory, await readerWorld(diskWith(files)));
  expect(reader.problems()).toEqual([
    expect.objectContaining({
      code: 'NOT_SUPPORTED',
      file: name,
      message: expect.stringContaining('lie in /var/logs, another directory') as string,
    }),
  ]);
  reader.close();
});

test('so are tables in further directories', async () => {
  const files = new Map(filesOf('rocksdb-families'));
  const manifest = 'MANIFEST-000033';
  const edit = new ByteWriter();
  // Level 2, number 88, path 1.
  for (const number of [102, 2, 88, 1, 1000]) edit.writeVarint(number);
  for (const key of ['a', 'b']) {
    edit.writeLengthAndBytes(Uint8Array.of(...encodeUtf8(key), 1, 1, 0, 0, 0, 0, 0, 0));
  }
  for (const number of [1, 1]) edit.writeVarint(number);
  files.set(manifest, recordLogOf([edit.toBytes()], files.get(manifest)));
  const reader = new RocksdbReader(directory, await readerWorld(diskWith(files)));
  expect(reader.problems()).toEqual([
    expect.objectContaining({
      code: 'NOT_SUPPORTED',
      file: manifest,
      message: expect.stringMatching(/^1 tables lie in further directories/) as string,
    }),
  ]);
  reader.close();
});

test('options that come later count, merge operators too', async () => {
  const files = new Map(filesOf('rocksdb-9-write-prepared'));
  const options = [...files.keys()].filter((each) => each.startsWith('OPTIONS-'));
  const whole = new RocksdbReader(directory, await readerWorld(diskWith(files)));
  const entries = copiesOf(whole.entries({}));
  whole.close();
  const early = new Map([...files].filter(([name]) => !options.includes(name)));
  const vfs = diskWith(early);
  const reader = new RocksdbReader(directory, await readerWorld(vfs));
  expect(copiesOf(reader.entries({}))).not.toEqual(entries);
  for (const name of options) {
    const file = vfs.open(vfs.join(directory, name), 'create');
    file.write(files.get(name)!, 0, files.get(name)!.length, 0);
    file.close();
  }
  const before: TreeState = { ...emptyState(), ...reader.describe() };
  expect(before.store.options).not.toHaveProperty('max_open_files');
  const told = [...reader.follow()].map(({ body }) => body);
  expect(copiesOf(reader.entries({}))).toEqual(entries);
  const { engineVersion, strategy, options: inForce } = reader.describe().store;
  expect(told).toContainEqual({ kind: 'store.options', engineVersion, strategy, options: inForce });
  expect(engineVersion).toBe('9.10.0');
  const after = told.reduce(
    (state, body, index) => reduce(state, { ...body, number: index + 1, timeMicros: 0 }),
    before,
  );
  expect(after.store).toEqual(reader.describe().store);
  expect([...reader.follow()]).toEqual([]);
  reader.close();
});

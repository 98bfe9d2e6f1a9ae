// Damage anywhere in a RocksDB directory gives what is still readable and a list of what is wrong.
// The small set's files, bytes flipped in turn and cut at many lengths.

import { describe, expect, test } from 'vitest';
import { RocksdbReader } from '../../src/readers/rocksdb/rocksdbReader.ts';
import { DamagedStore } from './damagedStore.ts';

const store = await DamagedStore.of(
  'rocksdb-families',
  (directory, world) => new RocksdbReader(directory, world),
);

describe.each([
  ['000036.sst', 149],
  ['000020.sst', 37],
  ['000021.blob', 353],
  ['000032.log', 1],
  ['MANIFEST-000033', 7],
  ['CURRENT', 1],
  ['OPTIONS-000035', 997],
  ['LOG', 4999],
  ['IDENTITY', 11],
] as const)('%s', (name, step) => {
  test('a flipped byte is told of, or harmless', async () => {
    expect(await store.silentFlips(name, step)).toEqual([]);
  });

  test('any length is read as far as it goes', async () => {
    expect(await store.oddCuts(name, step)).toEqual([]);
  });
});

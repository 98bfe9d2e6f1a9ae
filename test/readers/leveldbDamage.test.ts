// Damage anywhere in a LevelDB directory gives what is still readable and a list of what is wrong.
// The small set's files, bytes flipped in turn and cut at many lengths.

import { describe, expect, test } from 'vitest';
import { LeveldbReader } from '../../src/readers/leveldb/leveldbReader.ts';
import { DamagedStore } from './damagedStore.ts';

const store = await DamagedStore.of(
  'leveldb-snappy',
  (directory, world) => new LeveldbReader(directory, world),
);

describe.each(['000005.ldb', '000004.log', 'MANIFEST-000002', 'CURRENT'])('%s', (name) => {
  // Coprime to every structure in the file: another place of each kind is met every time round.
  const step = store.bytesOf(name).length > 1000 ? 37 : 1;

  test('a flipped byte is told of, or harmless', async () => {
    expect(await store.silentFlips(name, step)).toEqual([]);
  });

  test('any length is read as far as it goes', async () => {
    expect(await store.oddCuts(name, step)).toEqual([]);
  });
});

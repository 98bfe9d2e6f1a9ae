import { expect, test } from 'vitest';
import { RocksdbReader } from '../../src/readers/rocksdb/rocksdbReader.ts';
import { directory, diskWith, filesOf } from './damagedStore.ts';
import { readerWorld } from './readerWorld.ts';

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

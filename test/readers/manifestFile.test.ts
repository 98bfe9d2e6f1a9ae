import { expect, test } from 'vitest';
import { ForeignDirectory } from '../../src/readers/foreignDirectory.ts';
import { ManifestFile } from '../../src/readers/manifestFile.ts';
import type { EditSource } from '../../src/readers/manifestFile.ts';
import { ProblemList } from '../../src/readers/problems.ts';
import { decodeRocksdbEdit } from '../../src/readers/rocksdb/versionEdit.ts';
import type { RocksdbEdit } from '../../src/readers/rocksdb/versionEdit.ts';
import { directory, diskWith, filesOf } from './damagedStore.ts';

const files = filesOf('rocksdb-levels');
const name = [...files.keys()].find((each) => each.startsWith('MANIFEST-'))!;

function offsetsOf(source: EditSource<RocksdbEdit>): number[] {
  const offsets: number[] = [];
  for (let read = source.next(); read !== undefined; read = source.next()) {
    offsets.push(read.offset);
  }
  return offsets;
}

test.each([
  ['kept', undefined],
  ['read again, because they were too many to keep', 2],
])('the edits come twice: %s', (_, keptMax) => {
  const vfs = diskWith(new Map([[name, files.get(name)!.slice(0, 120)]]));
  const problems = new ProblemList();
  const foreign = new ForeignDirectory(vfs, directory);
  const manifest = new ManifestFile(foreign, name, problems, decodeRocksdbEdit, keptMax);
  const first = offsetsOf(manifest);
  expect(first.length).toBeGreaterThan(2);
  const second = manifest.again();
  expect(offsetsOf(second)).toEqual(first);

  // What is added is told to the second when the first has read it, and not before.
  const file = vfs.open(vfs.join(directory, name), 'write');
  file.write(files.get(name)!, 120, files.get(name)!.length - 120, 120);
  file.close();
  expect(offsetsOf(second)).toEqual([]);
  const added = offsetsOf(manifest);
  expect(added.length).toBeGreaterThan(0);
  expect(offsetsOf(second)).toEqual(added);
  expect(problems.list()).toEqual([]);
  manifest.close();
});

// The disk in memory behaves like a real one where the engine can tell.

import { expect, test } from 'vitest';
import { MemoryVfs } from '../../src/base/memoryVfs.ts';
import { vfsContract } from '../support/vfsContract.ts';

vfsContract('in memory', () => {
  const vfs = new MemoryVfs();
  vfs.makeDirectory('/a/store');
  return { vfs, directory: '/a/store', discard: () => undefined };
});

test('locks belong to one boot, files to the disk', () => {
  const before = new MemoryVfs();
  before.lock('/LOCK');
  expect(() => before.lock('/LOCK')).toThrow(expect.objectContaining({ code: 'LOCKED' }));
  const after = new MemoryVfs(before.root);
  expect(after.list('/')).toEqual(['LOCK']);
  after.lock('/LOCK').release();
  expect(after.list('/')).toEqual([]);
});

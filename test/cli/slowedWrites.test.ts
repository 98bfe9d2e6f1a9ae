import path from 'node:path';
import { expect, test } from 'vitest';
import { root } from '../../scripts/paths.mjs';
import { prepareProgram, run, runJson } from './program.ts';

const place = prepareProgram();

test('a write that is slowed down ends before its process does', async () => {
  const store = place.fresh();
  const sample = path.join(root, 'test/data/cities-sample.tsv');
  await runJson('import', sample, '--into', store, '--key', 'id', '--memtable-size', '8KiB');
  // Level 0 has some tables, too few for a compaction: nothing else keeps the process alive.
  const slow = ['--l0-slowdown-tables', '1', '--delayed-write-rate', '1024'];
  const value = 'y'.repeat(400);
  const { code, stdout } = await run('put', store, 'c', value, ...slow, '--json');
  expect({ code, saysSo: stdout !== '' }).toEqual({ code: 0, saysSo: true });
  const { stdout: found } = await run('get', store, 'c');
  expect(found.trim()).toBe(value);
});

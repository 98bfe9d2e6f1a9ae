// A mutant of each kind is noticed; all of them are tried by `npm run test:mutations`.

import { expect, test } from 'vitest';
import { allMutants } from './mutants.ts';
import { tryMutant } from './tryMutants.ts';

const mutants = allMutants();

test('there are mutants of each kind', () => {
  const count = (kind: string): number => mutants.filter((mutant) => mutant.kind === kind).length;
  expect(count('sync')).toBeGreaterThan(20);
  expect(count('checksum')).toBeGreaterThanOrEqual(5);
  expect(count('drop rule')).toBeGreaterThan(25);
});

test.each([
  ['sync', 'src/engine/manifest/currentFile.ts'],
  ['checksum', 'src/engine/table/blockTrailer.ts'],
  ['drop rule', 'src/engine/compaction/dropRules.ts'],
])('a %s that is missing or turned in %s is noticed', async (kind, file) => {
  const mutant = mutants.find((candidate) => candidate.kind === kind && candidate.file === file)!;
  expect((await tryMutant(mutant)).noticedBy).toBeDefined();
});

// A mutant of each kind is noticed; all of them are tried by `npm run test:mutations`.

import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { equivalents } from './equivalents.ts';
import { CHECKED_FILES, RULE_FILES } from './mutatedSources.ts';
import { allMutants } from './mutants.ts';
import { excuseFor, tryMutant } from './tryMutants.ts';

const mutants = allMutants();

test('there are mutants of each kind', () => {
  const count = (kind: string): number => mutants.filter((mutant) => mutant.kind === kind).length;
  expect(count('sync')).toBeGreaterThan(20);
  expect(count('checksum')).toBeGreaterThanOrEqual(5);
  expect(count('drop rule')).toBeGreaterThan(100);
});

test('each source that is named has one', () => {
  const named = [...Object.keys(CHECKED_FILES), ...Object.keys(RULE_FILES)];
  const mutated = new Set(mutants.map(({ file }) => file));
  expect(named.filter((file) => !mutated.has(file))).toEqual([]);
});

test('each excuse is of one mutant that there is', () => {
  const excuses = mutants
    .map((mutant) => excuseFor(mutant, readFileSync(mutant.file, 'utf8')))
    .filter((reason) => reason !== undefined);
  expect(excuses.sort()).toEqual(equivalents.map(({ reason }) => reason).sort());
});

test.each([
  ['sync', 'src/engine/manifest/currentFile.ts'],
  ['checksum', 'src/engine/table/blockTrailer.ts'],
  ['drop rule', 'src/engine/compaction/dropRules.ts'],
])('a %s that is missing or turned in %s is noticed', async (kind, file) => {
  const mutant = mutants.find((candidate) => candidate.kind === kind && candidate.file === file)!;
  expect((await tryMutant(mutant)).noticedBy).toBeDefined();
});

// The configuration under which a mutant is tried: as always, but one source file is changed on its
// way into the tests. The environment variable LSM_LENS_MUTANT names the mutant.

import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { allMutants, mutated } from './mutants.ts';

const id = process.env['LSM_LENS_MUTANT'];
const mutant = allMutants().find((candidate) => candidate.id === id);
if (mutant === undefined) throw new Error(`there is no mutant ${id}`);

export default defineConfig({
  root: process.cwd(),
  plugins: [
    {
      name: 'mutant',
      enforce: 'pre',
      transform: (text: string, file: string) =>
        path.relative(process.cwd(), file) === mutant.file ? mutated(text, mutant) : undefined,
    },
  ],
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    pool: 'forks',
    bail: 1,
    testTimeout: 300_000,
    fileParallelism: false,
    cache: false,
  },
});

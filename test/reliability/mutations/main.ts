// `npm run test:mutations -- [part of a name] [--part 2/5]`: tries every mutant, or every fifth
// from the second on, and ends with the line "N noticed, N excused, N not noticed".

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { allMutants } from './mutants.ts';
import { excuseFor, tryMutant } from './tryMutants.ts';

const { values, positionals } = parseArgs({
  options: { part: { type: 'string', default: '1/1' } },
  allowPositionals: true,
});
const [part = 1, parts = 1] = values.part.split('/').map(Number);
const wanted = positionals[0] ?? '';
const counts = { noticed: 0, excused: 0, missed: 0 };
const chosen = allMutants()
  .filter(({ kind, id }) => `${kind} ${id}`.includes(wanted))
  .filter((_, index) => index % parts === part - 1);
for (const mutant of chosen) {
  const source = readFileSync(path.join(process.cwd(), mutant.file), 'utf8');
  const excuse = excuseFor(mutant, source);
  if (excuse !== undefined) {
    counts.excused++;
    continue;
  }
  const { noticedBy } = await tryMutant(mutant);
  if (noticedBy === undefined) counts.missed++;
  else counts.noticed++;
  const change = mutant.replacement.trim().replaceAll('\n', '') || 'left out';
  process.stdout.write(`${mutant.id} (${mutant.kind}: ${change}): ${noticedBy ?? 'NOT NOTICED'}\n`);
}
const { noticed, excused, missed } = counts;
process.stdout.write(`${noticed} noticed, ${excused} excused, ${missed} not noticed\n`);
process.exitCode = missed === 0 ? 0 : 1;

// `npm run test:mutations [part of a name]`: tries every mutant, and ends with the line
// "N noticed, N excused, N not noticed".

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { allMutants } from './mutants.ts';
import { excuseFor, tryMutant } from './tryMutants.ts';

const wanted = process.argv[2] ?? '';
const counts = { noticed: 0, excused: 0, missed: 0 };
for (const mutant of allMutants()) {
  if (!`${mutant.kind} ${mutant.id}`.includes(wanted)) continue;
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

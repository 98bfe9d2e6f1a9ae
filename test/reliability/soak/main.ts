// `npm run soak -- --minutes N`: workloads of ever new seeds are crashed and run on failing disks
// until the time is over or something is wrong. Ends with one line of figures.

import { parseArgs } from 'node:util';
import { evenlySpread } from '../effort.ts';
import { crashEverywhere } from '../crash/crashRun.ts';
import { faultsOf, runWithFault } from '../faults/faultRun.ts';
import { WORKLOADS } from '../workload/workloads.ts';

const CRASHES_PER_ROUND = 200;
const FAULTS_PER_ROUND = 20;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string', default: '' } },
});
const until = performance.now() + 60_000 * Number(values.minutes);
const firstSeed = values.seed === '' ? Date.now() % 1_000_000 : Number(values.seed);
const figures = { rounds: 0, crashes: 0, reopenings: 0, faults: 0 };
const problems: string[] = [];

for (let seed = firstSeed; performance.now() < until && problems.length === 0; seed++) {
  const workload = WORKLOADS[seed % WORKLOADS.length]!;
  const bounds = { depth: 2, outcomes: 2, crashesMax: CRASHES_PER_ROUND };
  const report = await crashEverywhere(workload, seed, bounds);
  problems.push(...report.faults);
  figures.crashes += report.crashes;
  figures.reopenings += report.reopenings;
  for (const fault of evenlySpread(await faultsOf(workload, seed), FAULTS_PER_ROUND)) {
    const { problem } = await runWithFault(workload, fault);
    figures.faults++;
    if (problem === undefined) continue;
    problems.push(`${workload.name}/${seed}/${fault.call}/${fault.kind.name}: ${problem}`);
  }
  figures.rounds++;
}
for (const problem of problems) process.stdout.write(`${problem}\n`);
const { rounds, crashes, reopenings, faults } = figures;
process.stdout.write(
  `soak: seeds from ${firstSeed}, ${rounds} rounds, ${crashes} crashes, ` +
    `${reopenings} reopenings, ${faults} faults, ${problems.length} problems\n`,
);
process.exit(problems.length === 0 ? 0 : 1);

// `npm run soak -- --minutes N`: rounds of ever new seeds until the time is over or something is
// wrong. In each a store lives through strategy changes, faults, crashes, verifications, repairs
// and damages, and a workload is crashed and run on failing disks. Ends with one line of figures.

import { parseArgs } from 'node:util';
import { evenlySpread } from '../effort.ts';
import { crashEverywhere } from '../crash/crashRun.ts';
import { faultsOf, runWithFault } from '../faults/faultRun.ts';
import { WORKLOADS } from '../workload/workloads.ts';
import { Voyage } from './voyage.ts';

const LEGS_PER_ROUND = 60;
const CRASHES_PER_ROUND = 200;
const FAULTS_PER_ROUND = 20;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '1' }, seed: { type: 'string', default: '' } },
});
const until = performance.now() + 60_000 * Number(values.minutes);
const firstSeed = values.seed === '' ? Date.now() % 1_000_000 : Number(values.seed);
const figures: Record<string, number> = {};
const problems: string[] = [];

/** What is under way; empty at a proper end. */
let doing = 'nothing yet';

process.stdout.write(`soak: seeds from ${firstSeed}\n`);
// A store that waits for what never comes leaves the event loop empty: then Node ends by itself.
process.on('exit', () => {
  if (doing === '') return;
  process.stdout.write(`soak: ended in the midst of ${doing}\n`);
  process.exitCode = 1;
});

function count(what: string, more: number): void {
  figures[what] = (figures[what] ?? 0) + more;
}

/** One store's life. */
async function sail(seed: number): Promise<void> {
  const voyage = new Voyage(seed);
  try {
    for (let leg = 1; leg <= LEGS_PER_ROUND && performance.now() < until; leg++) {
      doing = `the store of seed ${seed}, leg ${leg}`;
      await voyage.leg();
    }
  } catch (thrown) {
    const told = thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
    problems.push(`the store of seed ${seed}, leg ${voyage.figures.legs}: ${told}`);
  }
  for (const [what, done] of Object.entries(voyage.figures)) count(what, done as number);
}

for (let seed = firstSeed; performance.now() < until && problems.length === 0; seed++) {
  count('rounds', 1);
  await sail(seed);
  const workload = WORKLOADS[seed % WORKLOADS.length]!;
  doing = `crashes of ${workload.name}, seed ${seed}`;
  const bounds = { depth: 2, outcomes: 2, crashesMax: CRASHES_PER_ROUND };
  const report = await crashEverywhere(workload, seed, bounds);
  problems.push(...report.faults);
  count('crashes', report.crashes);
  count('reopenings', report.reopenings);
  for (const fault of evenlySpread(await faultsOf(workload, seed), FAULTS_PER_ROUND)) {
    doing = `${workload.name}/${seed}/${fault.call}/${fault.kind.name}`;
    const { problem } = await runWithFault(workload, fault);
    count('faults', 1);
    if (problem === undefined) continue;
    problems.push(`${workload.name}/${seed}/${fault.call}/${fault.kind.name}: ${problem}`);
  }
}
doing = '';
for (const problem of problems) process.stdout.write(`${problem}\n`);
const told = Object.entries(figures).map(([what, done]) => `${done} ${what}`);
process.stdout.write(
  `soak: seeds from ${firstSeed}, ${told.join(', ')}, ${problems.length} problems\n`,
);
process.exit(problems.length === 0 ? 0 : 1);

// `npm run soak -- --minutes N [--seed S]`: workloads, crashes and faults of ever new seeds, until
// the time is over.

import { runBundled } from './runBundled.mjs';

process.exitCode = await runBundled('test/reliability/soak/main.ts', process.argv.slice(2));

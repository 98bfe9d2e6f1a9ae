// `node scripts/hooksCost.mjs [--operations N]`: what the engine's hooks cost a put and a get, by
// who listens.

import { runBundled } from './runBundled.mjs';

process.exitCode = await runBundled('test/engine/hooksCost.ts', process.argv.slice(2));

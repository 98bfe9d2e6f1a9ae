// `npm run fuzz -- [part of a name] [--seconds N] [--seed S]`: fuzzes every parser of bytes from
// outside, and keeps the inputs that reach new places of the sources.

import { runBundled } from './runBundled.mjs';

process.exitCode = await runBundled('test/reliability/fuzz/main.ts', process.argv.slice(2));

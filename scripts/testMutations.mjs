// `npm run test:mutations -- [part of a name] [--part 2/5]`: whether the tests notice that a sync,
// a checksum or a comparison of the drop rules is missing or turned.

import { runBundled } from './runBundled.mjs';

process.exitCode = await runBundled('test/reliability/mutations/main.ts', process.argv.slice(2));

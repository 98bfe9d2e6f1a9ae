// `npm run test:long`: the exhaustive form of what `npm test` tries a bounded share of: every
// crash, fault and damaged byte. Takes hours. Ends with the line "N passed, N failed".

import { run } from './child.mjs';
import { ensureInstalled } from './install.mjs';
import { Tally } from './tally.mjs';

const tally = new Tally();

async function testLong() {
  const ready =
    (await tally.step('install', () => ensureInstalled())) &&
    (await tally.step('build', () => run(process.execPath, ['scripts/build.mjs'])));
  if (ready) await tally.tests('reliability', { LSM_LENS_LONG: '1' });
}

await testLong();
tally.finish();

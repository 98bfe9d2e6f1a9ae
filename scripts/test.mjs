// `npm test`: everything that can be checked with Node and a browser. It goes on after a failure,
// so that one run tells all, and ends with the line "N passed, N failed".

import { ensureChromium } from './chromium.mjs';
import { run, runTool } from './child.mjs';
import { ensureInstalled } from './install.mjs';
import { Tally } from './tally.mjs';

const tally = new Tally();

async function testAll() {
  const installed = await tally.step('install', () => ensureInstalled());
  if (!installed) return;
  await tally.step('build', () => run(process.execPath, ['scripts/build.mjs']));
  await tally.step('types', () => runTool('typescript', 'tsc', ['-b']));
  await tally.step('lint', () => runTool('oxlint', 'oxlint', []));
  await tally.step('format', () => runTool('oxfmt', 'oxfmt', ['--check']));
  await tally.step('dead code', () => runTool('knip', 'knip', []));
  await tally.tests('unit');
  await tally.tests('reliability');
  let chromium = '';
  const found = await tally.step('find a browser', async () => {
    chromium = await ensureChromium();
    console.log(chromium);
  });
  if (found) await tally.tests('browser', { CHROMIUM: chromium });
}

await testAll();
tally.finish();

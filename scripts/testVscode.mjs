// `npm run test:vscode`: packs the extension, installs it into a real VS Code and drives that. Ends
// with the line "N passed, N failed".

import { run } from './child.mjs';
import { ensureChromium } from './chromium.mjs';
import { ensureInstalled } from './install.mjs';
import { Tally } from './tally.mjs';
import { ensureVscodeTools } from './vscode/tools.mjs';

const tally = new Tally();

async function testInVscode() {
  let chromium = '';
  const ready =
    (await tally.step('install', () => ensureInstalled())) &&
    (await tally.step('package', () => run(process.execPath, ['scripts/package.mjs']))) &&
    (await tally.step('find a browser', async () => {
      chromium = await ensureChromium();
    })) &&
    (await tally.step('VS Code', () => ensureVscodeTools()));
  if (ready) await tally.tests('vscode', { CHROMIUM: chromium });
}

await testInVscode();
tally.finish();

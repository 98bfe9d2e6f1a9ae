// Opening that takes its time, in a real VS Code: the notification tells how far it is, and Cancel
// ends it. Reads of the extension host's threads are held, so nothing depends on how fast it is.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { directoryPrint } from '../cli/directoryPrint.ts';
import { environmentToHold, holdingModule } from '../support/holdReads.ts';
import { writeLargeLeveldb } from '../support/largeLeveldb.ts';
import type { Vscode } from './openVscode.ts';
import { openVscode } from './openVscode.ts';
import { lensPage, untilFigures } from './page.ts';
import { explorerMenu } from './workbench.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'lsm-lens-held-'));
const hold = path.join(scratch, 'hold');
let vscode: Vscode;

beforeAll(async () => {
  const manifest = { file: /large.MANIFEST-000002$/, from: 100_000, to: Number.MAX_SAFE_INTEGER };
  vscode = await openVscode({ environment: environmentToHold({ ...manifest, while: hold }) });
  holdInWorker(path.join(vscode.folder, '../extensions'));
});

/** VS Code keeps NODE_OPTIONS from its extensions: the installed worker loads the module itself. */
function holdInWorker(extensions: string): void {
  const installed = readdirSync(extensions).find((name) => name.startsWith('lsm-lens.'))!;
  const worker = path.join(extensions, installed, 'dist/sessionWorker.cjs');
  const program = readFileSync(worker, 'utf8');
  writeFileSync(worker, `require(${JSON.stringify(holdingModule)});\n${program}`);
}

afterAll(async () => {
  rmSync(scratch, { recursive: true });
  expect(await vscode.close()).toEqual([]);
});

test('says how far it is, is cancelled, and opens when it is let', async () => {
  const { page, folder } = vscode;
  const directory = path.join(folder, 'large');
  await writeLargeLeveldb(directory, { tables: 3, edits: 20_000 });
  const print = await directoryPrint(directory);
  writeFileSync(hold, '');
  await explorerMenu(page, 'large', 'Open in LSM Lens');
  const toasts = page.locator('.notification-toast');
  const progress = toasts.filter({ hasText: 'reading MANIFEST-000002' });
  const cancel = progress.locator('.monaco-button', { hasText: 'Cancel' });
  // It has come to rest.
  await cancel.click({ trial: true });
  await vscode.picture('opening');
  expect(await toasts.count()).toBe(1);
  expect(await progress.textContent()).toMatch(/Opening large.*\d of 199 KiB/);
  await cancel.click();
  await progress.waitFor({ state: 'hidden' });
  await vscode.picture('opening-cancelled');
  expect(await toasts.count()).toBe(0);
  expect(await page.locator('.tab', { hasText: 'LSM Lens: large' }).count()).toBe(0);
  expect(await directoryPrint(directory)).toEqual(print);

  rmSync(hold);
  await explorerMenu(page, 'large', 'Open in LSM Lens');
  await page.locator('.tab.active', { hasText: 'LSM Lens: large' }).waitFor();
  await lensPage(page);
  const shown = await untilFigures(page, 'its tables', ({ tables }) => tables.flat().length === 3);
  expect(shown.lastSequence).toBe(19_999);
});

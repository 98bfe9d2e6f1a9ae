// Long work is stopped from the page: opening, counting, importing. Reads of the program are held
// until the test lets go of them, so nothing depends on how fast a machine is.

import { readdir, rm, writeFile } from 'node:fs/promises';
import { ClassicLevel } from 'classic-level';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { directoryPrint } from '../../cli/directoryPrint.ts';
import { prepareProgram } from '../../cli/program.ts';
import type { HeldReads } from '../../support/holdReads.ts';
import { writeLargeLeveldb } from '../../support/largeLeveldb.ts';
import { launchBrowser } from '../launchBrowser.ts';
import { RealStore } from './realStore.ts';

const place = prepareProgram();
let browser: Browser | undefined;

const SCREENS = [
  { width: 1440, height: 900, theme: 'dark' },
  { width: 1100, height: 700, theme: 'light' },
  { width: 1100, height: 700, theme: 'high-contrast' },
] as const;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

/** Holds reads of a file between two offsets; `letGo` ends that. */
async function hold(
  file: RegExp,
  from: number,
  to = Number.MAX_SAFE_INTEGER,
): Promise<{ readonly held: HeldReads; readonly letGo: () => Promise<void> }> {
  const held = { file, from, to, while: place.fresh() };
  await writeFile(held.while, '');
  return { held, letGo: () => rm(held.while) };
}

/** Reaches the notice's button as one without a mouse does, and presses it. */
async function stopByKeyboard(store: RealStore, button: Locator): Promise<void> {
  const isReached = (): Promise<boolean> =>
    button.evaluate((node) => node.contains(document.activeElement));
  for (let tabs = 0; tabs < 40 && !(await isReached()); tabs++) {
    await store.page.keyboard.press('Tab');
  }
  expect(await isReached()).toBe(true);
  await store.page.keyboard.press('Enter');
}

test('opening: the page is there meanwhile, stops it, and says what became of it', async () => {
  const directory = place.fresh();
  await writeLargeLeveldb(directory, { tables: 3, edits: 20_000 });
  const print = await directoryPrint(directory);
  const { held, letGo } = await hold(/MANIFEST-000002$/, 100_000);
  const store = await RealStore.openHeld(browser!, held, directory);
  const { page } = store;
  const opening = page.locator('.opening');
  await opening.locator('.opening-words', { hasText: 'reading MANIFEST-000002' }).waitFor();
  expect(await opening.locator('.opening-directory').textContent()).toBe(directory);
  const share = await opening.locator('progress').evaluate((bar: HTMLProgressElement) => bar.value);
  expect(share).toBeGreaterThan(0);
  expect(share).toBeLessThan(1);
  await store.screenshot('stop-opening');
  await page.locator('.opening vscode-button:focus').waitFor();
  await page.keyboard.press('Enter');
  const sentence = opening.locator('.opening-words', { hasText: 'Opening was stopped' });
  expect(await sentence.textContent()).toContain(`nothing of ${directory} is shown`);
  expect(await store.ended).toMatchObject({ code: 1, stderr: expect.stringContaining('cancel') });
  await store.screenshot('stop-opening-stopped');
  expect(await page.locator('.alert:visible').count()).toBe(0);
  expect(await directoryPrint(directory)).toEqual(print);
  expect(store.faults).toEqual([]);
  await letGo();
  await page.close();
});

test('opening that is waited for ends in the picture, without a reload', async () => {
  const directory = place.fresh();
  await writeLargeLeveldb(directory, { tables: 3, edits: 20_000 });
  const { held, letGo } = await hold(/MANIFEST-000002$/, 100_000);
  const store = await RealStore.openHeld(browser!, held, directory);
  await store.page.locator('.opening-words', { hasText: 'reading MANIFEST' }).waitFor();
  await letGo();
  await store.page.locator('.opening').waitFor({ state: 'hidden' });
  const tablesDrawn = async (): Promise<number> =>
    (await store.drawn()).families[0]!.levels[0]?.tables.length ?? 0;
  await expect.poll(tablesDrawn).toBe(3);
  expect((await store.close()).code).toBe(0);
});

test('counting: stopped, it keeps what it knows; begun again, it ends', async () => {
  const directory = place.fresh();
  const tables = await writeLargeLeveldb(directory, { tables: 40, edits: 1 });
  const { held, letGo } = await hold(new RegExp(`${tables[20]!}$`), 0);
  const store = await RealStore.openHeld(browser!, held, directory);
  const { page } = store;
  await page.waitForFunction(() => window.lsmLens.lens.version > 0);
  const inspector = page.locator('.inspector');
  await inspector.locator('dd', { hasText: /^not counted$/ }).waitFor();
  await page.locator('vscode-button.count-tables').click();
  const notice = page.locator('.work-notice');
  await notice.locator('.work-words', { hasText: 'counting: 8 of 40 tables' }).waitFor();
  expect(await store.lookOn(SCREENS, 'stop-counting')).toEqual([]);
  await stopByKeyboard(store, notice.locator('vscode-button'));
  await letGo();
  const stopped = notice.locator('.work-words', { hasText: 'Counting was stopped after' });
  expect(await stopped.textContent()).toMatch(
    /after \d+ of 40 tables: the others stay uncounted\./,
  );
  await inspector.locator('dd', { hasText: /entries|tombstones.*tables not counted/ }).waitFor();
  expect(await store.lookOn(SCREENS, 'stop-counting-stopped')).toEqual([]);
  await page.locator('vscode-button.count-tables').click();
  await notice.locator('.work-words', { hasText: '40 tables counted: ' }).waitFor();
  await page.keyboard.press('Escape');
  await notice.waitFor({ state: 'hidden' });
  expect(store.faults).toEqual([]);
  expect((await store.close()).code).toBe(0);
});

test('importing a copy: stopped, it leaves no entry of it', async () => {
  const directory = place.fresh();
  const level = new ClassicLevel(directory, { compression: false });
  await level.open();
  for (let round = 0; round < 20; round++) {
    const batch = level.batch();
    for (let at = 0; at < 1000; at++) {
      const key = `key:${String(round * 1000 + at).padStart(6, '0')}`;
      batch.put(key, `of ${key} `.repeat(10));
    }
    await batch.write();
  }
  await level.compactRange('a', 'z');
  await level.close();
  const { held, letGo } = await hold(/\.ldb$/, 300_000, 1_000_000);
  const store = await RealStore.openHeld(browser!, held, directory);
  const { page } = store;
  await page.waitForFunction(() => window.lsmLens.lens.version > 0);
  const into = place.fresh();
  await page.click('vscode-button:has-text("Import a copy")');
  const panel = page.locator('.popover:visible');
  await panel.locator('vscode-text-field input').fill(into);
  await panel.locator('vscode-button:text-is("Copy")').click();
  const notice = page.locator('.work-notice');
  await notice.locator('.work-words', { hasText: /copying: [\d ,]+ entries/ }).waitFor();
  await page.keyboard.press('Escape');
  expect(await store.lookOn(SCREENS, 'stop-copying')).toEqual([]);
  await stopByKeyboard(store, notice.locator('vscode-button'));
  await letGo();
  await notice.locator('.work-words', { hasText: 'Copying was stopped' }).waitFor();
  expect(await store.lookOn(SCREENS, 'stop-copying-stopped')).toEqual([]);
  expect((await readdir(into)).filter((name) => name !== 'LOCK')).toEqual([]);
  expect(store.faults).toEqual([]);
  expect((await store.close()).code).toBe(0);
});

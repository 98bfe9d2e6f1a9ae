// Another engine's directory on the page: a LevelDB that the real engine wrote is there at once, is
// asked, is scrubbed through its history and followed while its engine writes on. Every moment is
// looked at in every theme and two sizes; the pictures are kept in test/out/page/.

import { ClassicLevel } from 'classic-level';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { directoryPrint } from '../../cli/directoryPrint.ts';
import { prepareProgram, runJson } from '../../cli/program.ts';
import { differences } from '../../protocol/compareStates.ts';
import { launchBrowser } from '../launchBrowser.ts';
import { RealStore } from './realStore.ts';

const place = prepareProgram();
let browser: Browser | undefined;
let directory = '';
let store: RealStore;
let printBefore: unknown;

const SCREENS = [
  { width: 1280, height: 800, theme: 'dark' },
  { width: 1920, height: 1080, theme: 'light' },
  { width: 1280, height: 800, theme: 'high-contrast' },
  { width: 1920, height: 1080, theme: 'high-contrast-light' },
] as const;

beforeAll(async () => {
  directory = place.fresh();
  await writeLeveldb(directory);
  printBefore = await directoryPrint(directory);
  browser = await launchBrowser();
  store = await RealStore.open(browser, directory);
});

afterAll(async () => {
  await browser?.close();
});

/** Small memtables make several flushes and compactions; a quarter of the keys is deleted. */
async function writeLeveldb(folder: string): Promise<void> {
  const level = new ClassicLevel(folder, { writeBufferSize: 64 * 1024, compression: false });
  await level.open();
  for (let round = 0; round < 12; round++) {
    const batch = level.batch();
    for (let at = 0; at < 400; at++) {
      const key = `user:${String((at * 7919 + round * 997) % 2000).padStart(5, '0')}`;
      if (at % 4 === 3) batch.del(key);
      else batch.put(key, `round ${round} wrote this value for ${key}: ${'lorem '.repeat(25)}`);
    }
    await batch.write();
  }
  await level.close();
}

describe('a directory of LevelDB', { sequential: true }, () => {
  test('is there at once, as it is on disk, and says that it is only read', async () => {
    const account = await store.account();
    const tables = account.families[0]!.levels.flatMap((level) => level.tables);
    expect(tables.length).toBeGreaterThan(1);
    expect(differences(await store.folded(), account)).toEqual([]);
    expect(differences(await store.drawn(), account)).toEqual([]);
    const badge = store.page.locator('.top-bar', { hasText: '0 bytes written' });
    expect(await badge.textContent()).toMatch(/leveldb/i);
    expect(await store.page.locator('vscode-button:has-text("Workload"):visible').count()).toBe(0);
    const log = store.page.locator('.layer text', { hasText: 'tells what is synced' });
    expect(await log.count()).toBe(1);
    expect(await store.lookOn(SCREENS, 'foreign-shape')).toEqual([]);
  });

  test('tells its contents', async () => {
    expect(await store.type('scan user:0000 --limit 3')).toContain('3 entries');
    const shown = await store.page.locator('.console-rows').allTextContents();
    expect(shown.join()).toMatch(/user:0000\d/);
    expect(await store.type('put user:1 Ada')).toMatch(/only read/);
    await store.page.keyboard.press('Escape');
  });

  test('is asked step by step', async () => {
    const key = await keyOfATable();
    expect(await store.type(`get ${key}`)).toContain(`wrote this value for ${key}`);
    await store.heard('get.end');
    await store.quiet();
    await store.page.keyboard.press('Escape');
    const begin = await store.indexOf('get.begin');
    const kinds = await store.page.evaluate((from) => {
      const { timeline } = window.lsmLens.lens;
      const after = Array.from({ length: timeline.length - from }, (_, at) => from + at);
      return after.map((at) => timeline.eventAt(at)?.kind);
    }, begin);
    for (const kind of ['memtable.lookup', 'index.seek', 'filter.check', 'block.read']) {
      expect(kinds).toContain(kind);
    }
    expect(kinds.findLast((kind) => kind !== 'summary')).toBe('get.end');
    await store.seek((await store.indexOf('filter.check')) + 0.7);
    expect(await store.page.locator('.close-up svg').count()).toBeGreaterThan(0);
    expect(await store.lookOn(SCREENS, 'foreign-filter')).toEqual([]);
  });

  test('is copied into a store of ours, which agrees with it', async () => {
    const { page } = store;
    const into = place.fresh();
    await store.show(SCREENS[2]);
    await page.click('vscode-button:has-text("Import a copy")');
    const panel = page.locator('.popover:visible');
    const field = panel.locator('vscode-text-field input');
    await expect.poll(() => field.inputValue()).toBe(`${directory}-copy`);
    await field.fill(into);
    await store.screenshot('foreign-copy');
    await panel.locator('vscode-button:text-is("Copy")').click();
    const status = panel.locator('.popover-status', { hasText: 'source and copy agree' });
    expect(await status.textContent()).toContain(`It lies in ${into}.`);
    expect(await runJson('scan', into, '--digest')).toEqual(
      await runJson('scan', directory, '--digest'),
    );
    await panel.locator('vscode-button:text-is("Copy")').click();
    await panel.locator('.popover-status', { hasText: 'is not empty' }).waitFor();
    await page.keyboard.press('Escape');
  });

  test('its copy opens in a tab of its own, to be written to', async () => {
    const { page } = store;
    const into = place.fresh();
    await page.click('vscode-button:has-text("Import a copy")');
    const panel = page.locator('.popover:visible');
    await panel.locator('vscode-text-field input').fill(into);
    const openIt = panel.locator('vscode-button:has-text("Open the copy")');
    expect(await openIt.isVisible()).toBe(false);
    await panel.locator('vscode-button:text-is("Copy")').click();
    await openIt.waitFor();
    await store.screenshot('foreign-copy-made');
    const tab = page.context().waitForEvent('page');
    // It has the focus: Enter is enough.
    await page.keyboard.press('Enter');
    const copy = await tab;
    await copy.waitForFunction(() => 'lsmLens' in window && window.lsmLens.lens.version > 0);
    const shown = await copy.evaluate(() => window.lsmLens.lens.timeline.head.store);
    expect(shown).toMatchObject({ directory: into, engine: 'lsm-lens', readOnly: false });
    expect(new URL(copy.url()).origin).toBe(new URL(page.url()).origin);
    await panel.locator('.popover-status', { hasText: 'in a tab of its own' }).waitFor();
    const link = await panel.locator('.popover-status a').getAttribute('href');
    expect(new URL(link!, page.url()).href).toBe(copy.url());
    await copy.close();
    await page.keyboard.press('Escape');
  });

  test('is scrubbed through its history', async () => {
    await store.seek((await store.indexOf('compaction.begin')) + 0.6);
    expect(await store.lookOn(SCREENS, 'foreign-compaction')).toEqual([]);
    await store.seek((await store.indexOf('compaction.end')) - 1 + 0.5);
    expect(await store.lookOn(SCREENS, 'foreign-swap')).toEqual([]);
    await store.page.evaluate(() => window.lsmLens.commands.toBeginning());
    await store.drawnAgain();
    const first = await store.drawn();
    expect(first.families[0]!.levels.flatMap((level) => level.tables)).toEqual([]);
    expect(await directoryPrint(directory)).toEqual(printBefore);
  });

  test('is followed while its engine writes', async () => {
    await store.page.click('.mode-switch button:has-text("Live")');
    const level = new ClassicLevel(directory);
    await level.open();
    try {
      await level.put('a key of today', 'a value');
      await store.heard('memtable.insert');
      await store.quiet();
      const account = await store.account();
      await store.quiet();
      expect(differences(await store.folded(), account)).toEqual([]);
      const { nodes } = account.families[0]!.memtable;
      expect(nodes.map(({ key }) => key)).toContainEqual(encodeUtf8('a key of today'));
      await store.seek((await store.indexOf('wal.append')) + 0.5);
      expect(await store.lookOn(SCREENS, 'foreign-followed')).toEqual([]);
    } finally {
      await level.close();
    }
  });

  test('nothing went wrong', async () => {
    expect(store.faults).toEqual([]);
    expect((await store.close()).code).toBe(0);
  });
});

/** The smallest key of a table: it is found there, or in a newer table. */
async function keyOfATable(): Promise<string> {
  const { families } = await store.account();
  const memory = [families[0]!.memtable, ...families[0]!.immutables];
  const reply = await store.page.evaluate(() =>
    window.lsmLens.request({
      kind: 'scan',
      from: null,
      to: null,
      prefix: null,
      reverse: false,
      limit: 500,
    }),
  );
  if (reply.kind !== 'entries') throw new Error(JSON.stringify(reply));
  const inMemory = new Set(
    memory.flatMap(({ nodes }) => nodes.map(({ key }) => Buffer.from(key).toString())),
  );
  const keys = reply.entries.map(([key]) => Buffer.from(Object.values(key)).toString());
  return keys.find((key) => !inMemory.has(key))!;
}

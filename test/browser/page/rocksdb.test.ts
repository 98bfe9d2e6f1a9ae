// RocksDB's directories on the page: families behind their tabs, a get traced through a filter,
// the past with the reasons that RocksDB's own LOG gives, and nothing written anywhere. The
// pictures are kept in test/out/page/.

import { cp } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../../scripts/paths.mjs';
import { directoryPrint } from '../../cli/directoryPrint.ts';
import { prepareProgram } from '../../cli/program.ts';
import { differences } from '../../protocol/compareStates.ts';
import { launchBrowser } from '../launchBrowser.ts';
import { RealStore } from './realStore.ts';

const place = prepareProgram();
let browser: Browser | undefined;

const SCREENS = [
  { width: 1280, height: 800, theme: 'dark' },
  { width: 1920, height: 1080, theme: 'light' },
  { width: 1280, height: 800, theme: 'high-contrast' },
] as const;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

/** A copy of one of our fixtures on the page. */
async function opened(fixture: string): Promise<{ directory: string; store: RealStore }> {
  const directory = place.fresh();
  await cp(path.join(root, 'test/fixtures', fixture, 'db'), directory, { recursive: true });
  return { directory, store: await RealStore.open(browser!, directory) };
}

/** What the page says under the event that is shown. */
function narration(store: RealStore): Promise<string> {
  return store.page.locator('.narration').innerText();
}

test('levels, a get through a real filter, and the past with its reasons', async () => {
  const { directory, store } = await opened('rocksdb-levels');
  const before = await directoryPrint(directory);
  const account = await store.account();
  expect(differences(await store.drawn(), account)).toEqual([]);
  const badge = store.page.locator('.top-bar', { hasText: '0 bytes written' });
  expect(await badge.textContent()).toMatch(/rocksdb/i);
  expect(await store.page.locator('.family-tabs:visible').count()).toBe(0);
  const levels = account.families[0]!.levels.map(({ tables }) => tables.map(({ file }) => file));
  expect(levels.flat()).toEqual([11, 9]);
  expect(await store.lookOn(SCREENS, 'rocksdb-levels')).toEqual([]);

  const table = account.families[0]!.levels.flatMap(({ tables }) => tables).at(-1)!;
  const key = `0x${Buffer.from(table.smallestKey).toString('hex')}`;
  expect(await store.type(`get ${key}`)).toContain('→');
  await store.heard('get.end');
  await store.quiet();
  await store.page.keyboard.press('Escape');
  await store.seek((await store.indexOf('filter.check')) + 0.7);
  expect(await store.page.locator('.close-up svg').count()).toBeGreaterThan(0);
  expect(await narration(store)).toMatch(/all \d bits are set, so the key may be here/);
  expect(await store.lookOn(SCREENS, 'rocksdb-filter')).toEqual([]);
  await store.seek((await store.indexOf('block.search')) + 0.6);
  expect(await narration(store)).toMatch(/Block 0 of 000011 holds it as #\d+/);

  await store.seek((await store.indexOf('flush.begin')) + 0.5);
  expect(await narration(store)).toContain('writes wait: 2 of 2 sealed memtables');
  expect(await store.lookOn(SCREENS, 'rocksdb-flush')).toEqual([]);
  await store.seek((await store.indexOf('flush.end')) + 0.5);
  expect(await narration(store)).toMatch(/flush took .* and wrote 32 KiB to 000011/);
  expect(await directoryPrint(directory)).toEqual(before);
  expect(store.faults).toEqual([]);
  expect((await store.close()).code).toBe(0);
});

test('families behind their tabs', async () => {
  const { directory, store } = await opened('rocksdb-families');
  const before = await directoryPrint(directory);
  const account = await store.account();
  expect(differences(await store.drawn(), account)).toEqual([]);
  const tabs = store.page.locator('.family-tabs [role=radio]');
  expect(await tabs.allTextContents()).toHaveLength(2);
  expect(await store.lookOn(SCREENS, 'rocksdb-default-family')).toEqual([]);
  await tabs.nth(1).click();
  await store.drawnAgain();
  expect(await store.lookOn(SCREENS, 'rocksdb-second-family')).toEqual([]);
  const axis = store.page.locator('.stage-box text', { hasText: 'picture:00000' });
  expect(await axis.count()).toBeGreaterThan(0);
  // The console means the family whose tab is chosen.
  expect(await store.type('scan --limit 1')).toContain('1 entry');
  expect(await store.page.locator('.console-rows').textContent()).toContain('picture:');
  expect(await store.type('get picture:00000 --family default')).toContain('not found');
  expect(await store.type('get picture:00000 --family nobody')).toContain('no column family');
  await store.page.keyboard.press('Escape');
  await tabs.nth(0).click();
  await store.seek((await store.indexOf('compaction.begin')) + 0.6);
  expect(await narration(store)).toContain('4 tables of L0 are merged into L1');
  expect(await store.lookOn(SCREENS, 'rocksdb-compaction')).toEqual([]);
  expect(await directoryPrint(directory)).toEqual(before);
  expect(store.faults).toEqual([]);
  expect((await store.close()).code).toBe(0);
});

// The page at moments that matter, in every theme and size: no text may overlap another or be cut
// off, and nothing may go wrong on the way. The pictures are kept in test/out/page/ to be looked
// at.

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../../scripts/paths.mjs';
import type { LsmEvent } from '../../../src/protocol/events.ts';
import { recordStore } from '../../webview/support/recordedStore.ts';
import { launchBrowser } from '../launchBrowser.ts';
import type { HarnessOptions } from './pageHarness.ts';
import { PageHarness, bundlePage } from './pageHarness.ts';
import { textFlaws } from './textFlaws.ts';

let browser: Browser;
let bundle: { readonly script: string; readonly styles: string };

beforeAll(async () => {
  await mkdir(path.join(root, 'test/out/page'), { recursive: true });
  bundle = await bundlePage();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
});

const SCREENS: readonly (HarnessOptions & { readonly name: string })[] = [
  { name: 'small-dark', width: 1280, height: 800, theme: 'dark' },
  { name: 'large-dark', width: 1920, height: 1080, theme: 'dark' },
  { name: 'small-light', width: 1280, height: 800, theme: 'light' },
  { name: 'narrow-light', width: 900, height: 760, theme: 'light' },
  { name: 'small-contrast', width: 1280, height: 800, theme: 'high-contrast' },
  { name: 'small-contrast-light', width: 1280, height: 800, theme: 'high-contrast-light' },
];

/** Moments by name: the last event that is such, and how far through it. */
const MOMENTS: readonly (readonly [string, (event: LsmEvent) => boolean, number])[] = [
  ['append', ({ kind }) => kind === 'wal.append', 0.6],
  ['insert', ({ kind }) => kind === 'memtable.insert', 0.5],
  ['sealing', ({ kind }) => kind === 'memtable.seal', 0.7],
  ['flushing', ({ kind }) => kind === 'table.filter', 0.9],
  ['flush-installed', (event) => event.kind === 'manifest.edit' && event.flushedMemtable > 0, 0.6],
  ['picking', ({ kind }) => kind === 'compaction.pick', 0.8],
  ['merging', ({ kind }) => kind === 'compaction.entry', 0.5],
  ['swapping', (event) => event.kind === 'manifest.edit' && event.removed.length > 2, 0.6],
  ['filter', ({ kind }) => kind === 'filter.check', 0.7],
  ['answer', ({ kind }) => kind === 'get.end', 0.4],
];

const store = await recordStore({ operations: 1500 });

for (const screen of SCREENS) {
  test(`everything can be read: ${screen.name}`, async () => {
    const harness = await PageHarness.open(browser, bundle, screen);
    harness.hello(store.initial);
    await harness.settle();
    await harness.screenshot(`${screen.name}-empty`);
    const flaws = new Map([['empty', await textFlaws(harness.page)]]);
    harness.tell(store.events);
    for (const [name, isSuch, progress] of MOMENTS) {
      const at = store.events.findLastIndex(isSuch);
      await harness.seek(at + progress);
      await harness.screenshot(`${screen.name}-${name}`);
      flaws.set(name, await textFlaws(harness.page));
    }
    expect(Object.fromEntries([...flaws].filter(([, found]) => found.length > 0))).toEqual({});
    expect(harness.faults).toEqual([]);
    await harness.page.close();
  });
}

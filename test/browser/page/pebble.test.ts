// A Pebble directory on the page: its tree at once, a get traced into a blob file's value, and what
// is said of it in every theme.

import { cp } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../../scripts/paths.mjs';
import { prepareProgram } from '../../cli/program.ts';
import { differences } from '../../protocol/compareStates.ts';
import { launchBrowser } from '../launchBrowser.ts';
import { RealStore } from './realStore.ts';
import { textFlaws } from './textFlaws.ts';

const place = prepareProgram();
let browser: Browser | undefined;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

test('a Pebble directory is shown, asked and followed through its history', async () => {
  const directory = place.fresh();
  const fixture = path.join(root, 'test/fixtures/pebble-value-separation/db');
  await cp(fixture, directory, { recursive: true });
  const store = await RealStore.open(browser!, directory);
  const account = await store.account();
  expect(account.families[0]!.levels[0]!.tables.map(({ file }) => file)).toEqual([5, 8, 11]);
  expect(differences(await store.drawn(), account)).toEqual([]);
  // Side by side: one sublevel, which the widest of them has room to name.
  await store.page.getByText('L0.0 · 0000').first().waitFor();
  const badge = store.page.locator('.top-bar', { hasText: '0 bytes written' });
  expect(await badge.textContent()).toMatch(/pebble/i);
  const { found } = await store.page.evaluate(async () => {
    const key = new TextEncoder().encode('ccc\u0000');
    const reply = await window.lsmLens.request({ kind: 'get', key });
    const value = reply.kind === 'value' && reply.value !== null ? reply.value : [];
    return { found: String.fromCharCode(...value) };
  });
  expect(found).toBe('poiandyaya');
  await store.heard('get.end');
  for (const [kind, theme] of [
    ['block.search', 'dark'],
    ['manifest.edit', 'light'],
    ['flush.end', 'high-contrast'],
  ] as const) {
    await store.show({ width: 1280, height: 800, theme });
    await store.seek((await store.indexOf(kind)) + 0.5);
    await store.screenshot(`pebble-${theme}`);
    expect(await textFlaws(store.page), theme).toEqual([]);
  }
  expect(store.faults).toEqual([]);
  expect((await store.close()).code).toBe(0);
});

test('a scan on the page lists the range keys over what it found', async () => {
  const directory = place.fresh();
  await cp(path.join(root, 'test/fixtures/pebble-range-keys/db'), directory, { recursive: true });
  const store = await RealStore.open(browser!, directory);
  const field = store.page.locator('vscode-text-field.console-field input');
  for (const theme of ['dark', 'light', 'high-contrast'] as const) {
    await store.show({ width: 1280, height: 800, theme });
    await field.fill('scan --limit 4');
    await field.press('Enter');
    await store.page.waitForSelector('.console-message:has-text("under 2 range keys")');
    const rows = store.page.locator('.console-row');
    expect(await rows.allTextContents()).toEqual([
      ...['[b, z) @3', '[b, z) @1', 'a@2', 'a@1', 'b@1', 'c@1'],
    ]);
    await store.screenshot(`pebble-range-keys-${theme}`);
    expect(await textFlaws(store.page), theme).toEqual([]);
  }
  expect(store.faults).toEqual([]);
  expect((await store.close()).code).toBe(0);
});

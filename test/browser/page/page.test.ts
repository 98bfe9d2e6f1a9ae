// The main job, end to end: a real engine in a process of its own, its page in a real browser. What
// the page draws is held against the engine's own account at every stage.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { root } from '../../../scripts/paths.mjs';
import type { TreeState } from '../../../src/protocol/treeState.ts';
import { ratiosOf } from '../../../webview/model/ratios.ts';
import { prepareProgram } from '../../cli/program.ts';
import { differences } from '../../protocol/compareStates.ts';
import { launchBrowser } from '../launchBrowser.ts';
import { RealStore } from './realStore.ts';
import { textFlaws } from './textFlaws.ts';

const place = prepareProgram();
let browser: Browser | undefined;
let store: RealStore;
/** The engine's accounts, by the number of the event after which they were given. */
const accounts = new Map<number, TreeState>();

beforeAll(async () => {
  browser = await launchBrowser();
  store = await RealStore.open(browser, place.fresh(), '--memtable-size', '8KiB');
});

afterAll(async () => {
  await browser?.close();
});

/** The fold and the engine agree on everything; their accounts are kept for later. */
async function expectAgreement(): Promise<void> {
  await store.quiet();
  const account = await store.account();
  await store.page.waitForFunction(
    (number) => window.lsmLens.lens.timeline.head.eventNumber >= number,
    account.eventNumber,
  );
  await store.quiet();
  const folded = await store.folded();
  expect(folded.eventNumber).toBe(account.eventNumber);
  expect(differences(folded, account)).toEqual([]);
  accounts.set(account.eventNumber, account);
}

async function nodesDrawn(): Promise<number> {
  return store.page.locator('.layer-memory rect.skip-node').count();
}

describe('a store and its page', { sequential: true }, () => {
  test('a put makes the memtable grow, node by node', async () => {
    expect(await nodesDrawn()).toBe(0);
    expect(await store.type('put user:1 Ada')).toBe('put user:1 Ada ✓');
    await store.heard('write.end');
    await store.quiet();
    const first = await nodesDrawn();
    expect(first).toBeGreaterThan(0);
    await store.type('put user:2 Grace --sync');
    await store.type('put user:3 Edith');
    await store.quiet();
    expect(await nodesDrawn()).toBeGreaterThan(first + 1);
    const figures = store.page.locator('.layer-memory text', { hasText: '3 entries' });
    expect(await figures.count()).toBe(1);
    await expectAgreement();
  });

  test('a get is answered, and narrated', async () => {
    expect(await store.type('get user:2')).toBe('get user:2 → Grace');
    await store.heard('get.end');
    await store.quiet();
    const narration = await store.page.locator('.narration-line').textContent();
    expect(narration).toMatch(/get user:2.*Found Grace as #2 in the memtable/);
    const spoken = await store.page.locator('[aria-live=polite].spoken').textContent();
    expect(spoken).toMatch(/^get user:2 Found Grace/);
    expect(await store.type('get user:9')).toMatch(/not found/);
    expect(await store.type('put user:9')).toMatch(/It goes like this: put KEY VALUE/);
  });

  test('a flush puts a table into level 0', async () => {
    await store.type('flush');
    await store.heard('flush.end');
    await store.quiet();
    const state = await store.folded();
    expect(state.families[0]!.levels[0]!.tables).toHaveLength(1);
    const file = state.families[0]!.levels[0]!.tables[0]!.file;
    const table = store.page.locator(`.layer-disk rect[data-target="table-${file}"]`);
    expect(await table.getAttribute('class')).toMatch(/level-0/);
    await table.click();
    await store.page.waitForSelector('.blocks .block.footer');
    const title = await store.page.locator('.inspector-title').textContent();
    expect(title).toBe(`${String(file).padStart(6, '0')}.sst`);
    await expectAgreement();
  });

  test('a workload flushes and compacts by itself', async () => {
    const { page } = store;
    await page.click('vscode-button:has-text("Workload")');
    await page.locator('.popover vscode-text-field input').first().fill('600');
    await page.click('vscode-button:has-text("Run")');
    await page.waitForSelector('.popover-status:has-text("operations in")');
    await page.keyboard.press('Escape');
    const counters = (await store.account()).counters;
    expect(counters.puts).toBeGreaterThan(500);
    expect(counters.flushes).toBeGreaterThan(3);
    await expectAgreement();
    const stats = await page.evaluate(() => window.lsmLens.request({ kind: 'stats' }));
    expect(stats).toMatchObject({ kind: 'stats', stats: ratiosOf(await store.folded()) });
  });

  test('a compaction moves tables from level to level, and nothing teleports', async () => {
    await store.type('compact');
    await store.heard('compaction.end', Math.max(...accounts.keys()));
    await expectAgreement();
    const { page } = store;
    const found = await page.evaluate(() => {
      const { timeline } = window.lsmLens.lens;
      for (let at = timeline.length - 1; at >= timeline.first; at--) {
        const event = timeline.eventAt(at);
        if (event?.kind !== 'manifest.edit' || event.removed.length < 2) continue;
        return { at, added: event.added.map((placed) => placed.table.file) };
      }
      return undefined;
    });
    const file = found!.added[0]!;
    const ys: number[] = [];
    for (const progress of [0, 0.25, 0.5, 0.75, 0.999]) {
      await page.evaluate((to) => window.lsmLens.commands.seek(to), found!.at + progress);
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
      ys.push(await yOf(file));
    }
    const steps = ys.slice(1).map((y, at) => y - ys[at]!);
    expect(ys.at(-1)).not.toBe(ys[0]);
    expect(steps.every((step) => step >= 0) || steps.every((step) => step <= 0)).toBe(true);
    await page.click('.mode-switch button:has-text("Live")');
  });

  test('a file is imported from the page, its malformed lines named', async () => {
    const { page } = store;
    const sample = await readFile(path.join(root, 'test/data/cities-sample.tsv'), 'utf8');
    const lines = sample.replace(/\n$/, '').split('\n');
    const text = [...lines.slice(0, 301), 'too\tshort', ...lines.slice(301)].join('\n');
    await page.click('vscode-button:has-text("Import")');
    await page.setInputFiles('.popover input[type=file]', {
      name: 'cities.tsv',
      mimeType: 'text/tab-separated-values',
      buffer: Buffer.from(text),
    });
    await page.locator('.popover:visible vscode-text-field input').fill('id');
    await page.click('.popover:visible vscode-button:has-text("Import")');
    const status = page.locator('.popover:visible .popover-status', { hasText: 'imported' });
    expect(await status.textContent()).toMatch(/1200 entries imported, 1 line skipped\.\nline 302/);
    await page.keyboard.press('Escape');
    const key = lines[1]!.split('\t')[0]!;
    expect(await store.type(`get "${key}"`)).toMatch(
      new RegExp(`→ .*${lines[1]!.split('\t')[2]!}`),
    );
    await expectAgreement();
  });

  test('in lockstep a filter is asked bit by bit, a step at a time', async () => {
    const { page } = store;
    await page.click('.mode-switch button:has-text("Lockstep")');
    await page.waitForFunction(() => window.lsmLens.lens.status.mode === 'lockstep');
    await page.locator('.narration').click();
    await page.keyboard.press('Space');
    const { eventNumber } = await store.folded();
    const field = page.locator('vscode-text-field.console-field input');
    await field.fill('get user:0042');
    await field.press('Enter');
    await field.press('Escape');
    await field.press('Escape');
    await store.heard('get.begin', eventNumber);
    const kinds: string[] = [];
    const closeUps: number[] = [];
    const outlines: number[] = [];
    while (kinds.at(-1) !== 'get.end' && kinds.length < 80) {
      await page.keyboard.press('.');
      await store.still();
      const kind = await page.evaluate(() => window.lsmLens.lens.frame(false).event?.kind ?? '');
      if (kind !== kinds.at(-1)) kinds.push(kind);
      if (kind !== 'filter.check') continue;
      closeUps.push(await page.locator('.close-up svg[aria-label="Filter check"]').count());
      outlines.push(await page.locator('.layer-outlines rect.outline').count());
    }
    expect(new Set(closeUps)).toEqual(new Set([1]));
    expect(outlines.every((count) => count > 0)).toBe(true);
    expect(kinds).toContain('filter.check');
    expect(kinds).toContain('block.search');
    expect(kinds.at(-1)).toBe('get.end');
    await page.click('.mode-switch button:has-text("Live")');
    await page.waitForFunction(() => window.lsmLens.lens.status.mode === 'live');
    await expectAgreement();
  });

  test('scrubbing back shows what the engine had said then', async () => {
    const { page } = store;
    const tracks = page.locator('svg.tracks');
    const box = (await tracks.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.9, box.y + 20);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.3, box.y + 20, { steps: 5 });
    await page.mouse.up();
    const mode = await page.locator('.mode-switch button[aria-checked="true"]').textContent();
    expect(mode).toBe('History');
    expect(accounts.size).toBeGreaterThan(3);
    for (const [number, account] of accounts) {
      await page.evaluate((wanted) => {
        const { lens, commands } = window.lsmLens;
        commands.seek(lens.timeline.indexOfNumber(wanted + 1));
      }, number);
      expect(differences(await store.drawn(), account)).toEqual([]);
    }
    await page.click('.mode-switch button:has-text("Live")');
  });

  test('nothing was unreadable and nothing went wrong', async () => {
    expect(await textFlaws(store.page)).toEqual([]);
    expect(store.faults).toEqual([]);
    const { code } = await store.close();
    expect(code).toBe(0);
  });
});

/** Where a table's box is drawn. */
async function yOf(file: number): Promise<number> {
  return store.page.evaluate((number) => {
    for (const box of document.querySelectorAll('.layer-disk rect')) {
      const mark = (box as unknown as { __data__?: { key: string } }).__data__;
      if (mark?.key === `table-${number}`) return Number(box.getAttribute('y'));
    }
    return NaN;
  }, file);
}

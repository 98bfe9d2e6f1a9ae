// The page by keyboard alone, as a recording, with reduced motion, and what its controls ask for.

import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Request } from '../../../src/protocol/messages.ts';
import { recordStore } from '../../webview/support/recordedStore.ts';
import { launchBrowser } from '../launchBrowser.ts';
import { PageHarness, bundlePage } from './pageHarness.ts';

const store = await recordStore({ operations: 500 });
const screen = { width: 1280, height: 800, theme: 'dark' } as const;
let browser: Browser | undefined;
let bundle: Awaited<ReturnType<typeof bundlePage>>;
let harness: PageHarness;

beforeAll(async () => {
  bundle = await bundlePage();
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser?.close();
});

async function open(options: Partial<Parameters<typeof PageHarness.open>[2]> = {}): Promise<void> {
  harness = await PageHarness.open(browser!, bundle, { ...screen, ...options });
}

afterEach(async () => {
  expect(harness.faults).toEqual([]);
  await harness.page.close();
});

function place(): Promise<number> {
  return harness.page.evaluate(() => window.lsmLens.lens.place);
}

async function press(...keys: readonly string[]): Promise<void> {
  for (const key of keys) await harness.page.keyboard.press(key);
  await harness.page.waitForFunction(() => !window.lsmLens.lens.playback.moving);
  await harness.settle();
}

describe('the keyboard', () => {
  beforeEach(async () => {
    await open();
    harness.hello(store.initial);
    harness.tell(store.events);
    await harness.page.waitForFunction(() => window.lsmLens.lens.timeline.length > 0);
    await harness.seek(100);
  });

  test('steps, jumps and returns', async () => {
    await press('.');
    expect(await place()).toBe(101);
    await press(',', ',');
    expect(await place()).toBe(99);
    await press('Home');
    expect(await place()).toBe(0);
    await press('ArrowRight');
    const end = store.events.findIndex((event) => event.kind === 'write.end');
    expect(await place()).toBe(end + 1);
    await press('n');
    const marked = store.events.findIndex((event) => event.kind === 'memtable.seal');
    expect(await place()).toBe(marked + 1);
    await press('p');
    expect(await place()).toBe(marked + 1);
    await press('End');
    expect(await place()).toBe(store.events.length);
  });

  test('plays and pauses', async () => {
    await harness.page.keyboard.press('Space');
    await harness.page.waitForFunction((from) => window.lsmLens.lens.place > from, 102);
    await press('Space');
    const rest = await place();
    await harness.settle();
    expect(await place()).toBe(rest);
    const button = harness.page.locator('.playback-bar button[aria-pressed]');
    expect(await button.getAttribute('aria-pressed')).toBe('false');
  });

  test('reaches the console, the close-ups and the parts of the stage', async () => {
    const { page } = harness;
    await press('/');
    const focused = await page.evaluate(() => document.activeElement?.className);
    expect(focused).toMatch(/console-field/);
    // In the console the page's keys are letters.
    await page.keyboard.type('get n.p');
    expect(await place()).toBe(100);
    await page.keyboard.press('Escape');
    await press('f');
    expect(await page.locator('.close-ups.enlarged').count()).toBe(1);
    const [whole, filled] = await page.evaluate(() =>
      ['.main', '.close-ups.enlarged'].map((each) => document.querySelector(each)!.clientHeight),
    );
    expect(filled).toBe(whole);
    await press('Escape');
    expect(await page.locator('.close-ups.enlarged').count()).toBe(0);
    await page.locator('svg.stage').first().focus();
    await press('ArrowDown', 'ArrowDown', 'ArrowDown');
    const title = await page.locator('.inspector-title').textContent();
    expect(title).not.toBe('lsm-lens');
    expect(await page.locator('.box.selected').count()).toBe(1);
    expect(await place()).toBe(100);
  });

  test('every control has a name', async () => {
    const nameless = await harness.page.evaluate(() =>
      [...document.querySelectorAll('button, [role=button], vscode-button, input, [role=slider]')]
        .filter((control) => {
          const label = control.getAttribute('aria-label') ?? control.textContent ?? '';
          return label.trim() === '';
        })
        .map((control) => control.outerHTML),
    );
    expect(nameless).toEqual([]);
  });
});

test('an import of a file is stopped after the piece under way, and says what stays', async () => {
  await open();
  const { page } = harness;
  const pieces: Extract<Request, { kind: 'import' }>[] = [];
  let letGo = (): void => undefined;
  const letGone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  harness.answer = async (request) => {
    if (request.kind !== 'import') return { kind: 'done' };
    pieces.push(request);
    await letGone;
    const report = { imported: 1200, skipped: 1, problems: [{ line: 7, message: 'too short' }] };
    return request.last ? { kind: 'import', report } : { kind: 'done' };
  };
  await page.click('vscode-button:text-is("Import")');
  const panel = page.locator('.popover:visible');
  const buffer = Buffer.from('id,name\n'.padEnd(1_000_000, 'x'));
  await panel.locator('input[type=file]').setInputFiles({
    name: 'users.csv',
    mimeType: 'text/csv',
    buffer,
  });
  await panel.locator('vscode-text-field input').fill('id');
  await panel.locator('vscode-button:text-is("Import")').click();
  const words = page.locator('.work-words');
  await words.filter({ hasText: 'importing users.csv: 0 B of 977 KiB' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('.work-notice vscode-button').focus();
  await page.keyboard.press('Enter');
  letGo();
  const sentence = 'The import was stopped: 1200 entries imported, 1 line skipped, and they stay.';
  await words.filter({ hasText: sentence }).waitFor();
  expect(pieces.map(({ piece, last }) => [piece.length, last])).toEqual([
    [256 * 1024, false],
    [0, true],
  ]);
  expect(await page.locator('.popover-status').allTextContents()).toContain(
    `${sentence}\nline 7: too short`,
  );
});

test('of many column families the chosen one is seen whole, and its name in any case', async () => {
  await open();
  const [first] = store.initial.families;
  const families = Array.from({ length: 24 }, (_, family) => ({
    ...first!,
    family,
    name: family === 0 ? 'default' : `column_family_${family}`,
  }));
  harness.hello({ ...store.initial, families });
  const tabs = harness.page.locator('.family-tabs [role=radio]');
  await tabs.nth(23).waitFor();
  await tabs.nth(0).focus();
  await harness.page.keyboard.press('ArrowLeft');
  await harness.settle();
  const cut = await tabs.nth(23).evaluate((tab) => {
    const strip = tab.parentElement!.getBoundingClientRect();
    const box = tab.getBoundingClientRect();
    const name = tab.querySelector('.family-name')!;
    return [box.right - strip.right, strip.left - box.left, name.scrollWidth - name.clientWidth];
  });
  expect(cut.filter((pixels) => pixels > 0)).toEqual([]);
  expect(await tabs.nth(23).getAttribute('aria-checked')).toBe('true');
  await harness.screenshot('many-families');
});

test('a recording is history alone, plays from its beginning and ends at its end', async () => {
  await open();
  const events = store.events.slice(0, 12);
  harness.hello(store.initial, { title: 'orders.lsmtrace', events: 12, cutShort: '' });
  harness.tell(events);
  const { page } = harness;
  await page.waitForFunction(() => window.lsmLens.lens.timeline.length === 12);
  await harness.settle();
  expect(await page.locator('.store .name').textContent()).toBe('orders.lsmtrace');
  expect(await page.locator('.mode-switch button:disabled').count()).toBe(2);
  expect(await place()).toBe(0);
  await page.keyboard.press('Space');
  await page.waitForFunction(() => window.lsmLens.lens.place === 12);
  await page.waitForFunction(() => !window.lsmLens.lens.playback.playing);
  await page.keyboard.press('Space');
  await page.waitForFunction(() => window.lsmLens.lens.place < 11);
});

test('a recording that was cut short says so', async () => {
  await open();
  harness.hello(store.initial, { title: 'a', events: 3, cutShort: 'its last batch is missing' });
  harness.tell(store.events.slice(0, 3));
  const alert = harness.page.locator('.narration .alert:visible');
  expect(await alert.textContent()).toMatch(/its last batch is missing/);
});

test('with reduced motion nothing travels', async () => {
  await open({ reducedMotion: true });
  harness.hello(store.initial);
  harness.tell(store.events);
  await harness.page.waitForFunction(() => window.lsmLens.lens.timeline.length > 0);
  const at = store.events.findIndex(
    (event) => event.kind === 'manifest.edit' && event.removed.length > 1,
  );
  const shapes: string[] = [];
  for (const progress of [0.05, 0.3, 0.45, 0.55, 0.7, 0.95]) {
    await harness.seek(at + progress);
    shapes.push(
      await harness.page.evaluate(() =>
        [...document.querySelectorAll('.layer-disk rect.table')]
          .filter((box) => Number(box.getAttribute('opacity') ?? 1) > 0)
          .map((box) => `${box.getAttribute('x')},${box.getAttribute('y')}`)
          .join(' '),
      ),
    );
  }
  expect(new Set(shapes).size).toBe(2);
});

test('controls ask the session for what they say', async () => {
  await open();
  const asked: Request[] = [];
  harness.answer = (request) => {
    asked.push(request);
    if (request.kind === 'trace') return { kind: 'trace', bytes: new Uint8Array([1, 2]) };
    if (request.kind === 'get') return { kind: 'value', value: null };
    return { kind: 'done' };
  };
  harness.hello(store.initial);
  const { page } = harness;
  await page.waitForSelector('.store .name:has-text("store")');
  await page.click('.mode-switch button:has-text("Lockstep")');
  await page.click('vscode-button:has-text("Record")');
  await page.waitForFunction(() => window.lsmLens.lens.status.recording);
  const download = page.waitForEvent('download');
  await page.click('vscode-button:has-text("Save trace")');
  expect((await download).suggestedFilename()).toBe('recording.lsmtrace');
  await page.keyboard.press('/');
  await page.keyboard.type('get nobody');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.console-message:has-text("not found")');
  expect(asked.map((request) => request.kind)).toEqual(['set-mode', 'record', 'trace', 'get']);
});

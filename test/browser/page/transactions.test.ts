// Write skew as a user sees it: the lines that the README gives, typed into the console of a real
// store, once under snapshot isolation and once as serializable.

import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { prepareProgram } from '../../cli/program.ts';
import { launchBrowser } from '../launchBrowser.ts';
import { RealStore } from './realStore.ts';
import { textFlaws } from './textFlaws.ts';

const place = prepareProgram();
let browser: Browser;
let store: RealStore;

beforeAll(async () => {
  browser = await launchBrowser();
});

afterAll(async () => {
  await browser.close();
});

beforeEach(async () => {
  store = await RealStore.open(browser, place.fresh());
});

afterEach(async () => {
  expect(store.faults).toEqual([]);
  await store.close();
});

/** The README's five lines. */
async function leave(begin: string): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const line of [
    begin,
    '@1 get off:eve',
    '@1 put off:ada yes',
    'put off:eve yes',
    '@1 commit',
  ]) {
    answers.push(await store.type(line));
  }
  await store.quiet();
  return answers;
}

async function closeUp(): Promise<string> {
  const texts = await store.page.locator('.close-ups svg.lsm-scene text').allTextContents();
  return texts.join(' | ');
}

test('under snapshot isolation both leave, and the close-up says so', async () => {
  const answers = await leave('begin snapshot');
  expect(answers[0]).toMatch(/transaction 1 \(snapshot\)/);
  expect(answers[1]).toMatch(/not found/);
  expect(answers[4]).toMatch(/✓/);
  expect(await closeUp()).toMatch(/off:eve had changed: write skew/);
  const sentence = await store.page.locator('.narration .sentence').textContent();
  expect(sentence).toMatch(/off:eve, changed by #1 meanwhile.*this is write skew/);
  expect((await store.folded()).transactions).toEqual([]);
});

test('as serializable the second finds a conflict at the key that was read', async () => {
  const answers = await leave('begin');
  expect(answers[4]).toMatch(/another write \(#1\) changed "?off:eve/);
  expect(await closeUp()).toMatch(/conflict at off:eve: changed by #1/);
  for (const theme of ['dark', 'light', 'high-contrast']) {
    for (const [width, height] of [
      [1100, 700],
      [1600, 900],
    ] as const) {
      await store.show({ width, height, theme });
      expect(await textFlaws(store.page)).toEqual([]);
      await store.screenshot(`transaction-conflict-${theme}-${width}`);
    }
  }
  const check = await store.indexOf('transaction.check');
  await store.seek(check + 0.7);
  expect(await closeUp()).toMatch(/off:eve, read: changed by #1/);
});

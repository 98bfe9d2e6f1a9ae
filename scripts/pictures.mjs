// `npm run pictures [-- NAME…]`: takes the README's pictures anew, from the real engine at work on
// a fresh demo store, and from a directory of RocksDB's. Each is one moment of one event, found on
// the page's own timeline.

import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { ensureChromium } from './chromium.mjs';
import { root } from './paths.mjs';

/**
 * @typedef {object} Picture
 * @property {string} name File in media/, without its ending.
 * @property {'dark' | 'light'} theme
 * @property {number} width
 * @property {number} height
 * @property {readonly string[]} commands What is typed into the console beforehand.
 * @property {string} event Kind of the event to show.
 * @property {string} [verdict] Only merged entries decided so: `keep` or `drop`.
 * @property {number} nth Which of them, from 0; counted from the end when negative.
 * @property {number} progress How far through its motion, 0 to 1.
 * @property {string} [directory] Opened in place of the demo store; below the project's root.
 */

/** @type {readonly Picture[]} */
const pictures = [
  {
    name: 'write-path',
    theme: 'dark',
    width: 1280,
    height: 800,
    commands: ['put user:0990 one more version', 'put user:0994x a new neighbour'],
    event: 'memtable.insert',
    nth: -1,
    progress: 0.75,
  },
  {
    name: 'filter-check',
    theme: 'dark',
    width: 1920,
    height: 1080,
    commands: ['get user:0100'],
    event: 'filter.check',
    nth: -1,
    progress: 0.62,
  },
  {
    name: 'flush',
    theme: 'light',
    width: 1280,
    height: 800,
    commands: ['flush'],
    event: 'table.entry',
    nth: 9,
    progress: 0.5,
  },
  {
    name: 'compaction',
    theme: 'light',
    width: 1920,
    height: 1080,
    commands: ['put user:0003 again', 'delete user:0006', 'flush', 'compact'],
    event: 'compaction.entry',
    verdict: 'drop',
    nth: 0,
    progress: 0.6,
  },
  {
    name: 'transaction',
    theme: 'dark',
    width: 1280,
    height: 800,
    commands: ['begin', '@1 get off:eve', '@1 put off:ada yes', 'put off:eve yes', '@1 commit'],
    event: 'transaction.conflict',
    nth: -1,
    progress: 1,
  },
  {
    name: 'rocksdb',
    theme: 'light',
    width: 1280,
    height: 800,
    directory: 'test/fixtures/rocksdb-levels/db',
    commands: ['get 0x00000000000000003030303030303030'],
    event: 'filter.check',
    nth: -1,
    progress: 1,
  },
];

const scratch = mkdtempSync(path.join(tmpdir(), 'lsm-lens-pictures-'));
const only = process.argv.slice(2);
try {
  const browser = await chromium.launch({
    executablePath: await ensureChromium(),
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const wanted = pictures.filter(({ name }) => only.length === 0 || only.includes(name));
    for (const directory of new Set(wanted.map((picture) => picture.directory))) {
      const shown = wanted.filter((picture) => picture.directory === directory);
      await withPage(directory, async (url) => {
        for (const picture of shown) await take(browser, url, picture);
      });
    }
  } finally {
    await browser.close();
  }
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

/**
 * Serves a directory, or the demo store, while `work` runs.
 *
 * @param {string | undefined} directory
 * @param {(url: string) => Promise<void>} work
 */
async function withPage(directory, work) {
  const target = directory === undefined ? [] : [path.join(root, directory)];
  const args = [path.join(root, 'dist/cli.cjs'), 'open', ...target, '--no-open'];
  const server = spawn(process.execPath, args, {
    env: { ...process.env, XDG_CACHE_HOME: scratch },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await work(await address(server.stdout));
  } finally {
    server.kill('SIGTERM');
    await new Promise((resolve) => server.once('exit', resolve));
  }
}

/**
 * @param {AsyncIterable<unknown>} output
 * @returns {Promise<string>} The line that the server prints when it is ready.
 */
async function address(output) {
  let printed = '';
  for await (const chunk of output) {
    printed += String(chunk);
    const found = /^http:\/\/\S+$/m.exec(printed);
    if (found !== null) return found[0];
  }
  throw new Error(`the local page did not start: ${printed}`);
}

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {Picture} picture
 */
async function take(browser, url, picture) {
  const { name, theme, width, height } = picture;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme });
  await page.goto(url);
  const field = page.locator('.console-field input');
  for (const command of picture.commands) {
    await field.fill(command);
    await field.press('Enter');
    await page.waitForTimeout(1500);
  }
  await page.keyboard.press('Escape');
  const place = await page.evaluate(placeOf, picture);
  if (place === undefined) throw new Error(`${name}: no ${picture.event} on the timeline`);
  await page.waitForTimeout(500);
  await page.screenshot({ path: path.join(root, 'media', `${name}.png`) });
  await page.close();
  process.stdout.write(`media/${name}.png\n`);
}

/**
 * Runs in the page: goes to the wanted moment.
 *
 * @param {Picture} picture
 * @returns {number | undefined} The place, or undefined when there is no such event.
 */
function placeOf({ event: kind, verdict, nth, progress }) {
  const { lens, commands } = /** @type {any} */ (globalThis).lsmLens;
  const indexes = [];
  for (let index = lens.timeline.first; index < lens.timeline.length; index++) {
    const event = lens.timeline.eventAt(index);
    if (event.kind !== kind) continue;
    if (verdict === undefined || event.decision.verdict === verdict) indexes.push(index);
  }
  const index = indexes.at(Math.min(nth, indexes.length - 1));
  if (index === undefined) return undefined;
  lens.playback.pause();
  commands.seek(index + progress);
  return index + progress;
}

// The packaged extension in a real VS Code: a demo store from the palette, an existing store from
// the explorer, writes through the page, a flush in the picture, and nothing left at the end.

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../../scripts/paths.mjs';
import type { Vscode } from './openVscode.ts';
import { openVscode } from './openVscode.ts';
import { bothAccounts, lensPage, tablesIn, typeInConsole, untilFigures } from './page.ts';
import {
  answerPrompt,
  closeTab,
  explorerMenu,
  notification,
  pickRow,
  runCommand,
} from './workbench.ts';

let vscode: Vscode;

beforeAll(async () => {
  vscode = await openVscode();
});

afterAll(async () => {
  expect(await vscode.close()).toEqual([]);
});

/** Runs the command line, as a person would beforehand. */
function commandLine(...given: string[]): string {
  const program = path.join(root, 'dist/cli.cjs');
  return execFileSync(process.execPath, [program, ...given], { encoding: 'utf8' });
}

async function gone(file: string): Promise<boolean> {
  const end = performance.now() + 15_000;
  while (existsSync(file) && performance.now() < end) await vscode.page.waitForTimeout(100);
  return !existsSync(file);
}

test('a demo store from the palette is filled before one’s eyes and flushed', async () => {
  const { page } = vscode;
  await runCommand(page, 'LSM Lens: New Demo Store');
  const frame = await lensPage(page);
  await untilFigures(page, 'a table on disk', (figures) => tablesIn(figures, 0) > 0);
  await untilFigures(page, 'the whole demo', (figures) => figures.lastSequence >= 1002);

  await typeInConsole(page, 'put vscode:1 written through the page');
  const before = await untilFigures(page, 'a put', (figures) => figures.lastSequence >= 1003);
  expect(before.memtableEntries).toBeGreaterThan(0);
  const deepest = Math.max(...before.tables.flat());
  await runCommand(page, 'LSM Lens: Flush');
  const flushed = await untilFigures(
    page,
    'the flush in the picture',
    (figures) => figures.memtableEntries === 0 && Math.max(...figures.tables.flat()) > deepest,
  );
  expect(flushed.lastSequence).toBeGreaterThanOrEqual(1003);
  await frame.locator('svg').first().waitFor();
  const accounts = await bothAccounts(page);
  expect(accounts.fold).toEqual(accounts.engine);
  await vscode.picture('demo');
});

test('the palette reads, writes and tells statistics of the store in front', async () => {
  const { page } = vscode;
  await runCommand(page, 'LSM Lens: Put…');
  await answerPrompt(page, 'palette:1');
  await answerPrompt(page, 'from the palette');
  await notification(page, 'palette:1 written.').waitFor();
  await runCommand(page, 'LSM Lens: Get…');
  await answerPrompt(page, 'palette:1');
  await page.locator('.view-line', { hasText: 'from the palette' }).first().waitFor();
  await runCommand(page, 'LSM Lens: Run Workload…');
  await pickRow(page, 'sequential');
  await answerPrompt(page, '500');
  await notification(page, '500 operations in').waitFor();
  await runCommand(page, 'LSM Lens: Show Statistics');
  await page
    .locator('.view-line', { hasText: /users-\d{8}-\d{6}/ })
    .first()
    .waitFor();
  // One word at a time: lines wrap where the column is narrow.
  const figures = page.locator('.view-line', { hasText: 'amplification' });
  expect(await figures.count()).toBeGreaterThan(0);
  await closeTab(page, 'LSM Lens: users-');
});

test('an existing store opens from the explorer, and closing its tab lets go of it', async () => {
  const { page, folder } = vscode;
  const store = path.join(folder, 'orders');
  commandLine('put', store, 'order:1', 'two apples');
  await explorerMenu(page, 'orders', 'Open in LSM Lens');
  await page.locator('.tab.active', { hasText: 'LSM Lens: orders' }).waitFor();
  await lensPage(page);
  const lock = path.join(store, 'LOCK');
  expect(existsSync(lock)).toBe(true);

  await typeInConsole(page, 'put order:2 one pear');
  await untilFigures(page, 'the second order', (figures) => figures.memtableEntries === 2);
  await runCommand(page, 'LSM Lens: Flush');
  await untilFigures(page, 'a table', (figures) => tablesIn(figures, 0) === 1);
  await vscode.picture('existing');

  await closeTab(page, 'LSM Lens: orders');
  expect(await gone(lock), 'the lock is released').toBe(true);
  expect(commandLine('get', store, 'order:2')).toContain('one pear');
});

test('a directory of LevelDB opens read-only, and a copy of it to work on', async () => {
  const { page, folder } = vscode;
  const source = path.join(folder, 'leveldb');
  cpSync(path.join(root, 'test/fixtures/leveldb-snappy/db'), source, { recursive: true });
  await explorerMenu(page, 'leveldb', 'Open in LSM Lens');
  await page.locator('.tab.active', { hasText: 'LSM Lens: leveldb' }).waitFor();
  const frame = await lensPage(page);
  await frame.locator('text=0 bytes written').first().waitFor();
  await untilFigures(page, 'its table', (figures) => figures.tables.flat().length === 1);
  await runCommand(page, 'LSM Lens: Get…');
  await answerPrompt(page, 'user:00002');
  await page.locator('.view-line', { hasText: 'value 0 of 2' }).first().waitFor();
  await vscode.picture('foreign');

  await explorerMenu(page, 'leveldb', 'Open in LSM Lens');
  await runCommand(page, 'LSM Lens: Import a Copy…');
  await answerPrompt(page, `${source}-copy`);
  await page.locator('.tab.active', { hasText: 'LSM Lens: leveldb-copy' }).waitFor();
  await notification(page, '342 entries copied').waitFor();
  await typeInConsole(page, 'put copy:1 only here');
  await untilFigures(page, 'a put', (figures) => figures.lastSequence >= 343);
  expect(existsSync(path.join(`${source}-copy`, 'LOCK'))).toBe(true);
});

test('a copy made in the page opens from the page', async () => {
  const { page, folder } = vscode;
  const into = path.join(folder, 'from-the-page');
  await explorerMenu(page, 'leveldb', 'Open in LSM Lens');
  await page.locator('.tab.active', { hasText: 'LSM Lens: leveldb' }).waitFor();
  const frame = await lensPage(page);
  await frame.locator('vscode-button', { hasText: 'Import a copy' }).click();
  const panel = frame.locator('.popover:visible');
  await panel.locator('vscode-text-field input').fill(into);
  await vscode.picture('copy-menu');
  await panel.locator('vscode-button:text-is("Copy")').click();
  await panel.locator('vscode-button', { hasText: 'Open the copy' }).click();
  await page.locator('.tab.active', { hasText: 'LSM Lens: from-the-page' }).waitFor();
  const copied = await untilFigures(page, 'filled', (figures) => figures.lastSequence >= 342);
  expect(copied.memtableEntries + copied.tables.flat().length).toBeGreaterThan(0);
  await vscode.picture('copy-opened');
});

test('a folder that is no store is refused in one line and left as it is', async () => {
  const { page, folder } = vscode;
  const letters = path.join(folder, 'letters');
  mkdirSync(letters);
  writeFileSync(path.join(letters, 'CURRENT'), 'MANIFEST-000004\n');
  writeFileSync(path.join(letters, 'MANIFEST-000004'), 'neither this nor that');
  await explorerMenu(page, 'letters', 'Open in LSM Lens');
  await notification(page, 'LSM Lens could not open the folder').waitFor();
  expect(existsSync(path.join(letters, 'LOCK'))).toBe(false);
});

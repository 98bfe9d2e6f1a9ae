// Starts a whole VS Code on a folder, with the packaged extension installed, and ends it again.

import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { root, vsixFile } from '../../scripts/paths.mjs';
import { launchBrowser } from '../browser/launchBrowser.ts';
import type { LeftProcess } from './processes.ts';
import { processesLeft, runMark } from './processes.ts';
import type { Server } from './server.ts';
import { startServer } from './server.ts';

const picturesFolder = path.join(root, '.cache/vscode');
const leaveMillisMax = 10_000;

export interface VscodeOptions {
  /** VS Code settings, as `{ 'workbench.colorTheme': 'Light 2026' }`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Environment variables of VS Code's processes. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The extension to install; the project's own when not given. */
  readonly vsix?: string;
}

export interface Vscode {
  /** The workbench's page. */
  readonly page: Page;
  /** The folder that is open in it, empty at first. */
  readonly folder: string;
  /** Saves what is to be seen as .cache/vscode/NAME.png. */
  picture(name: string): Promise<void>;
  /**
   * Closes browser and server, and removes the folder.
   *
   * @returns The processes that were still running ten seconds later, which should be none; they
   * are ended.
   */
  close(): Promise<LeftProcess[]>;
}

/** Resolves when the workbench is up; the caller closes it. */
export async function openVscode(options: VscodeOptions = {}): Promise<Vscode> {
  const { settings = {}, viewport = { width: 1280, height: 800 }, vsix = vsixFile } = options;
  if (!existsSync(vsix)) throw new Error(`${vsix} is missing: run \`npm run package\` first.`);
  const scratch = mkdtempSync(path.join(tmpdir(), 'lsm-lens-vscode-'));
  const folder = path.join(scratch, 'folder');
  mkdirSync(folder);
  const run = randomBytes(8).toString('hex');
  const environment = { ...options.environment, [runMark]: run };
  let server: Server | undefined;
  let browser: Browser | undefined;
  const close = async (): Promise<LeftProcess[]> => {
    await browser?.close();
    server?.stop();
    const left = await processesLeft(run, leaveMillisMax);
    for (const { pid } of left) process.kill(pid, 'SIGKILL');
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
    return left;
  };
  try {
    server = await startServer({ scratch, vsix, settings, environment });
    browser = await launchBrowser({ [runMark]: run });
    const page = await browser.newPage({ viewport, locale: 'en-US' });
    await openWorkbench(page, server, folder);
    return { page, folder, close, picture: (name) => savePicture(page, name) };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openWorkbench(page: Page, server: Server, folder: string): Promise<void> {
  const query = new URLSearchParams({
    folder,
    payload: '[["skipWelcome","true"],["skipReleaseNotes","true"]]',
  });
  await page.goto(`${server.url}/?${query.toString()}`);
  const statusBarItem = page.locator('.monaco-workbench .part.statusbar .statusbar-item');
  await statusBarItem.first().waitFor({ timeout: 120_000 });
}

async function savePicture(page: Page, name: string): Promise<void> {
  mkdirSync(picturesFolder, { recursive: true });
  await page.screenshot({ path: path.join(picturesFolder, `${name}.png`) });
}

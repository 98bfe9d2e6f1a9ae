// What a person does in VS Code's workbench, as functions over its page.

import type { FrameLocator, Locator, Page } from 'playwright-core';

/** Runs a command from the palette by its full title, as `LSM Lens: Flush`. */
export async function runCommand(page: Page, title: string): Promise<void> {
  const widget = quickInput(page);
  const row = widget.locator('.monaco-list-row', { hasText: title }).first();
  // The palette lists what is known when it opens, and an extension's commands may come a moment
  // later; so it is opened anew until the command is there.
  await retry(
    async () => {
      await page.keyboard.press('F1');
      await widget.locator('input').first().fill(`>${title}`, { timeout: 2000 });
      await row.click({ timeout: 1500 });
    },
    async () => {
      await page.keyboard.press('Escape');
      await widget.waitFor({ state: 'hidden', timeout: 2000 }).catch(() => undefined);
    },
  );
}

/** Types into the prompt that an extension or a dialog opened at the top, and presses Enter. */
export async function answerPrompt(page: Page, text: string): Promise<void> {
  const input = quickInput(page).locator('input').first();
  await input.waitFor({ state: 'visible', timeout: 20_000 });
  await input.fill(text);
  await input.press('Enter');
}

/** Picks a row of the list at the top by its text. */
export async function pickRow(page: Page, text: string): Promise<void> {
  await quickInput(page).locator('.monaco-list-row', { hasText: text }).first().click();
}

/** Chooses an entry of the menu that a right click on a file or folder of the explorer opens. */
export async function explorerMenu(page: Page, name: string, entry: string): Promise<void> {
  const item = page.locator('.monaco-menu .action-label', { hasText: entry }).first();
  await retry(
    async () => {
      await explorerRow(page, name).click({ button: 'right', timeout: 5000 });
      await clickUntilGone(item);
    },
    async () => {
      await page.keyboard.press('Escape');
    },
  );
}

/** A menu takes no click in the first moments after it opened. */
async function clickUntilGone(item: Locator): Promise<void> {
  await retry(
    async () => {
      await item.click({ timeout: 2000 });
      await item.waitFor({ state: 'hidden', timeout: 500 });
    },
    async () => undefined,
    4,
  );
}

/** A file or folder in the explorer. */
export function explorerRow(page: Page, name: string): Locator {
  return page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
}

/** The message of a notification that contains the text. */
export function notification(page: Page, text: string | RegExp): Locator {
  return page.locator('.notification-toast', { hasText: text }).first();
}

/**
 * The content of the webview in front. VS Code puts it two frames deep, keeps those of hidden tabs
 * in the page, and replaces the inner frame whenever its HTML is set: so it is looked up afresh at
 * every use.
 */
export function webview(page: Page): FrameLocator {
  const shell = page.locator('iframe.webview.ready').filter({ visible: true }).first();
  return shell.contentFrame().locator('iframe#active-frame').contentFrame();
}

/** Closes the tab with this title; resolves when it is gone, and what a webview in it showed. */
export async function closeTab(page: Page, title: string): Promise<void> {
  const tab = page.locator('.tabs-container .tab', { hasText: title }).first();
  await tab.click();
  await runCommand(page, 'View: Close Editor');
  await tab.waitFor({ state: 'hidden' });
  const webviews = page.locator('iframe.webview').filter({ visible: true });
  await webviews.first().waitFor({ state: 'hidden' });
}

function quickInput(page: Page): Locator {
  return page.locator('.quick-input-widget').filter({ visible: true });
}

async function retry(
  attempt: () => Promise<void>,
  cleanUp: () => Promise<void>,
  attemptsMax = 12,
): Promise<void> {
  for (let count = 1; ; count++) {
    try {
      return await attempt();
    } catch (error) {
      if (count === attemptsMax) throw error;
      await cleanUp();
    }
  }
}

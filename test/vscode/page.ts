// What a person does in LSM Lens's page inside VS Code, and what they see there.

import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { TreeState } from '../../src/protocol/treeState.ts';
import { webview } from './workbench.ts';

/** What the page leaves for tests (webview/main.ts). */
interface PageHandle {
  readonly lens: { readonly timeline: { readonly head: TreeState } };
  readonly request: (request: { readonly kind: 'state' }) => Promise<{
    readonly kind: string;
    readonly state: TreeState;
  }>;
}

/** The figures of a state that a person can read off the picture, comparable as JSON. */
export interface Figures {
  readonly lastSequence: number;
  readonly memtableEntries: number;
  /** File numbers of each level's tables. */
  readonly tables: readonly (readonly number[])[];
}

/** The page in front; resolves when it is there. */
export async function lensPage(page: Page): Promise<FrameLocator> {
  const frame = webview(page);
  await consoleField(frame).waitFor({ timeout: 60_000 });
  return frame;
}

function consoleField(frame: FrameLocator): Locator {
  return frame.locator('.console-field input');
}

/** Types a command into the page's console. */
export async function typeInConsole(page: Page, command: string): Promise<void> {
  const field = consoleField(webview(page));
  await field.fill(command);
  await field.press('Enter');
}

/** What the page's fold says, and what the engine itself says at the same moment. */
export async function bothAccounts(page: Page): Promise<{ fold: Figures; engine: Figures }> {
  const states = await webview(page)
    .locator('#lsm-lens')
    .evaluate(async () => {
      const { lsmLens } = globalThis as unknown as { lsmLens: PageHandle };
      // A job's events may come between the two accounts: then both are asked again.
      let reply = await lsmLens.request({ kind: 'state' });
      while (lsmLens.lens.timeline.head.eventNumber !== reply.state.eventNumber) {
        reply = await lsmLens.request({ kind: 'state' });
      }
      const digest = (state: TreeState): Figures => ({
        lastSequence: state.lastSequence,
        memtableEntries: state.families[0]?.memtable.entries ?? -1,
        tables: (state.families[0]?.levels ?? []).map((level) =>
          level.tables.map((table) => table.file),
        ),
      });
      return { fold: digest(lsmLens.lens.timeline.head), engine: digest(reply.state) };
    });
  return states;
}

/** Resolves with the fold's figures once they are as wanted. */
export async function untilFigures(
  page: Page,
  what: string,
  wanted: (figures: Figures) => boolean,
): Promise<Figures> {
  const end = performance.now() + 60_000;
  for (;;) {
    const { fold } = await bothAccounts(page);
    if (wanted(fold)) return fold;
    if (performance.now() > end) throw new Error(`never ${what}: ${JSON.stringify(fold)}`);
    await page.waitForTimeout(200);
  }
}

/** Tables in a level. */
export function tablesIn(figures: Figures, level: number): number {
  return figures.tables[level]?.length ?? 0;
}

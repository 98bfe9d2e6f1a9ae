// The real thing: `lsm-lens open` on a fresh store as a process of its own, its page in a browser.

import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { root } from '../../../scripts/paths.mjs';
import { outcomeOf, start, startHeld } from '../../cli/program.ts';
import type { Outcome } from '../../cli/program.ts';
import type { HeldReads } from '../../support/holdReads.ts';
import type { TreeState } from '../../../src/protocol/treeState.ts';
import { textFlaws } from './textFlaws.ts';

/** How long the page may take for anything, milliseconds: test machines are busy. */
const PATIENCE = 60_000;

/** Size and theme in which a page is looked at. */
interface Screen {
  readonly width: number;
  readonly height: number;
  readonly theme: string;
}

export class RealStore {
  readonly page: Page;
  /** Everything that went wrong in the page. */
  readonly faults: string[] = [];
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly outcome: Promise<Outcome>;

  private constructor(
    page: Page,
    child: ChildProcessWithoutNullStreams,
    outcome: Promise<Outcome>,
  ) {
    this.page = page;
    this.child = child;
    this.outcome = outcome;
    page.on('pageerror', (error) => this.faults.push(error.stack ?? String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error') this.faults.push(message.text());
    });
  }

  static async open(browser: Browser, ...args: readonly string[]): Promise<RealStore> {
    const store = await RealStore.begin(browser, start('open', ...args, '--no-open'));
    await store.page.waitForFunction(() => window.lsmLens.lens.version > 0);
    return store;
  }

  /** As `open`, while some of the program's reads wait; it may not have opened anything yet. */
  static async openHeld(
    browser: Browser,
    held: HeldReads,
    ...args: readonly string[]
  ): Promise<RealStore> {
    return RealStore.begin(browser, startHeld(held, 'open', ...args, '--no-open'));
  }

  private static async begin(
    browser: Browser,
    child: ChildProcessWithoutNullStreams,
  ): Promise<RealStore> {
    const outcome = outcomeOf(child);
    let printed = '';
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.on('data', (piece: Buffer) => {
        printed += piece.toString();
        const line = /^(http:\/\/\S+)\n/m.exec(printed)?.[1];
        if (line !== undefined) resolve(line);
      });
      void outcome.then(({ stderr }) => reject(new Error(`it ended: ${stderr}`)));
    });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    page.setDefaultTimeout(PATIENCE);
    const store = new RealStore(page, child, outcome);
    await page.goto(url);
    return store;
  }

  /** Types a line into the console and waits until it has been answered. */
  async type(line: string): Promise<string> {
    const { page } = this;
    const field = page.locator('vscode-text-field.console-field input');
    await field.fill(line);
    await field.press('Enter');
    const answer = page.locator('.console-message');
    await page.waitForFunction(() => {
      const message = document.querySelector('.console-message');
      return message !== null && !message.classList.contains('busy');
    });
    return (await answer.textContent()) ?? '';
  }

  /** Waits until everything that happened has been shown. */
  async quiet(): Promise<void> {
    await this.page.waitForFunction(() => {
      const { playback } = window.lsmLens.lens;
      return playback.backlog === 0 && !playback.moving;
    });
  }

  /** Waits until nothing moves, though more may wait to be shown. */
  async still(): Promise<void> {
    await this.page.waitForFunction(() => !window.lsmLens.lens.playback.moving);
  }

  /** Waits until the page has heard of an event of this kind after the one with `number`. */
  async heard(kind: string, number = 0): Promise<void> {
    await this.page.waitForFunction(
      ([wanted, after]) => {
        const { timeline } = window.lsmLens.lens;
        for (let at = timeline.length - 1; at >= timeline.first; at--) {
          const event = timeline.eventAt(at);
          if (event !== undefined && event.number <= after) return false;
          if (event?.kind === wanted) return true;
        }
        return false;
      },
      [kind, number] as const,
    );
  }

  /** The page's fold of everything it heard. */
  async folded(): Promise<TreeState> {
    return revive(await this.page.evaluate(() => window.lsmLens.lens.timeline.head));
  }

  /** The state that the page draws now. */
  async drawn(): Promise<TreeState> {
    const drawn = await this.page.evaluate(() => {
      const { progress, state, next } = window.lsmLens.lens.frame(false);
      return progress < 0.5 ? state : next;
    });
    return revive(drawn);
  }

  /** The engine's own account. */
  async account(): Promise<TreeState> {
    const reply = await this.page.evaluate(() => window.lsmLens.request({ kind: 'state' }));
    if (reply.kind !== 'state') throw new Error(JSON.stringify(reply));
    return revive(reply.state);
  }

  /** Rests at a place in the timeline: event index plus progress. */
  async seek(place: number): Promise<void> {
    await this.page.evaluate((at) => window.lsmLens.commands.seek(at), place);
    await this.drawnAgain();
  }

  /** Where the last event of this kind lies in the timeline; -1 when there is none. */
  indexOf(kind: string): Promise<number> {
    return this.page.evaluate((wanted) => {
      const { timeline } = window.lsmLens.lens;
      for (let at = timeline.length - 1; at >= timeline.first; at--) {
        if (timeline.eventAt(at)?.kind === wanted) return at;
      }
      return -1;
    }, kind);
  }

  /** Changes size and theme, as a person would, and waits until all is drawn so. */
  async show(screen: Screen): Promise<void> {
    const { width, height, theme } = screen;
    await this.page.setViewportSize({ width, height });
    const toggle = this.page.locator('button[title="Change the theme"]');
    for (let tries = 0; tries < 4; tries++) {
      const kind = await this.page.evaluate(() => document.body.dataset['vscodeThemeKind']);
      if (kind === `vscode-${theme}`) break;
      await toggle.click();
    }
    await this.drawnAgain();
  }

  /** Waits for the next two frames. */
  async drawnAgain(): Promise<void> {
    await this.page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
    );
  }

  async screenshot(name: string): Promise<void> {
    await this.page.screenshot({ path: path.join(root, 'test/out/page', `${name}.png`) });
  }

  /** Texts that cannot be read on each of these screens; pictures of all are kept. */
  async lookOn(screens: readonly Screen[], picture: string): Promise<readonly string[]> {
    const flaws: string[] = [];
    for (const screen of screens) {
      await this.show(screen);
      await this.screenshot(`${picture}-${screen.theme}`);
      for (const flaw of await textFlaws(this.page)) flaws.push(`${screen.theme}: ${flaw}`);
    }
    return flaws;
  }

  /** How the program ended; it may do so by itself. */
  get ended(): Promise<Outcome> {
    return this.outcome;
  }

  async close(): Promise<Outcome> {
    await this.page.close();
    this.child.kill('SIGTERM');
    return this.outcome;
  }
}

/** Bytes that crossed over from the page, as plain bytes of this side. */
function revive<T>(value: T): T {
  if (ArrayBuffer.isView(value)) {
    return Uint8Array.from(value as unknown as Uint8Array) as unknown as T;
  }
  if (Array.isArray(value)) return value.map(revive) as unknown as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, part]) => [name, revive(part)] as const);
  return Object.fromEntries(entries) as unknown as T;
}

// Which stores are open, each once: opening a directory again brings its panel to the front.

import * as path from 'node:path';
import * as vscode from 'vscode';
import { LsmError } from '../base/errors.ts';
import { openSession } from '../session/session.ts';
import type { SessionTarget } from '../session/session.ts';
import { StorePanel } from './storePanel.ts';
import { withLateProgress } from './withProgress.ts';

/** All open stores and traces, by path. */
export class OpenStores {
  private readonly context: vscode.ExtensionContext;
  private readonly panels = new Map<string, StorePanel>();
  private readonly opening = new Map<string, Promise<StorePanel>>();
  private lastActive: StorePanel | undefined;

  constructor(context: vscode.ExtensionContext) {
    this.context = context;
  }

  /**
   * Opens a store's directory or a trace file and shows it; reveals the panel when it is open
   * already.
   * @throws LsmError as the session's opening does; nothing stays open then.
   */
  async open(target: SessionTarget): Promise<StorePanel> {
    const shown = this.panels.get(target.path);
    if (shown !== undefined) {
      shown.reveal();
      return shown;
    }
    const underWay = this.opening.get(target.path);
    if (underWay !== undefined) return underWay;
    const opening = this.openAnew(target);
    this.opening.set(target.path, opening);
    try {
      return await opening;
    } finally {
      this.opening.delete(target.path);
    }
  }

  /**
   * The store that commands mean: the one whose panel was last in front.
   * @throws LsmError `NOT_OPEN` when none is open.
   */
  active(): StorePanel {
    const panel = this.lastActive ?? [...this.panels.values()].at(-1);
    if (panel === undefined) {
      throw new LsmError(
        'NOT_OPEN',
        'No store is open: run "LSM Lens: Open Data Directory…" or "LSM Lens: New Demo ' +
          'Store" first.',
      );
    }
    return panel;
  }

  /** Closes every panel and waits until each session's worker has ended. */
  async closeAll(): Promise<void> {
    await Promise.allSettled(this.opening.values());
    await Promise.all([...this.panels.values()].map((panel) => panel.close()));
  }

  private async openAnew(target: SessionTarget): Promise<StorePanel> {
    const bundle = (name: string): string =>
      vscode.Uri.joinPath(this.context.extensionUri, 'dist', name).fsPath;
    const location = {
      workerFile: bundle('sessionWorker.cjs'),
      jobWorkerFile: bundle('jobWorker.cjs'),
    };
    const title = `Opening ${path.basename(target.path)}`;
    const session = await withLateProgress(title, (onProgress, signal) =>
      openSession(target, location, { onProgress, signal }),
    );
    session.onOpenCopy(async (directory) => {
      await this.open({ kind: 'store', path: directory, options: { createIfMissing: false } });
      return '';
    });
    const panel = new StorePanel(this.context.extensionUri, target.path, session, {
      onActive: (active) => {
        this.lastActive = active;
      },
      onClosed: (closed) => {
        this.panels.delete(target.path);
        if (this.lastActive === closed) this.lastActive = undefined;
      },
    });
    this.panels.set(target.path, panel);
    this.lastActive = panel;
    return panel;
  }
}

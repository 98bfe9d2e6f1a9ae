// One page bound to one session: bytes from the session go to the webview as they are and back. The
// session lives as long as the panel; closing the tab closes the store.

import * as path from 'node:path';
import * as vscode from 'vscode';
import { LsmError } from '../base/errors.ts';
import type { Reply, Request } from '../protocol/messages.ts';
import type { RequestWatch, Session, ViewerConnection } from '../session/session.ts';
import { pageHtml } from './pageHtml.ts';
import { showError } from './showError.ts';

/** What a panel tells the list of open stores. */
export interface StorePanelEvents {
  readonly onActive: (panel: StorePanel) => void;
  readonly onClosed: (panel: StorePanel) => void;
}

/** A webview panel that shows one session. */
export class StorePanel {
  readonly path: string;
  /** The last part of the path, for titles and notifications. */
  readonly name: string;
  private readonly session: Session;
  private readonly panel: vscode.WebviewPanel;
  /** There once the page's script listens. */
  private connection: ViewerConnection | undefined;
  private readonly events: StorePanelEvents;
  private closing: Promise<void> | undefined;

  constructor(
    extensionUri: vscode.Uri,
    storePath: string,
    session: Session,
    events: StorePanelEvents,
  ) {
    this.session = session;
    this.events = events;
    this.path = storePath;
    this.name = path.basename(storePath);
    this.panel = vscode.window.createWebviewPanel(
      'lsmLens.store',
      `LSM Lens: ${this.name}`,
      vscode.ViewColumn.Active,
      {
        enableScripts: true,
        retainContextWhenHidden: true,
        localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist')],
      },
    );
    this.panel.iconPath = vscode.Uri.joinPath(extensionUri, 'media', 'icon.png');
    this.panel.webview.onDidReceiveMessage((message: unknown) => this.receive(message));
    this.panel.onDidChangeViewState(() => {
      if (this.panel.active) this.events.onActive(this);
    });
    this.panel.onDidDispose(() => void this.close());
    session.onEnded((error) => {
      if (error !== undefined) void showError(error, `LSM Lens stopped working on ${this.name}`);
    });
    this.panel.webview.html = pageHtml(this.panel.webview, extensionUri);
  }

  reveal(): void {
    this.panel.reveal();
    this.events.onActive(this);
  }

  /**
   * Asks the session for one thing.
   * @throws LsmError the reply's error; `CANCELLED` when the tab was closed meanwhile, which ends
   * everything that ran on the store and is no fault.
   */
  async request(request: Request, watch: RequestWatch = {}): Promise<Reply> {
    try {
      return await this.session.request(request, watch);
    } catch (thrown) {
      if (this.closing === undefined) throw thrown;
      throw new LsmError('CANCELLED', `${this.name} was closed`, { cause: thrown });
    }
  }

  /** Ends the session and the tab; resolves when the store's worker has ended. Idempotent. */
  close(): Promise<void> {
    this.closing ??= this.closeOnce();
    return this.closing;
  }

  private async closeOnce(): Promise<void> {
    this.events.onClosed(this);
    this.connection?.detach();
    this.panel.dispose();
    await this.session.close();
  }

  private receive(message: unknown): void {
    if (message === 'ready') this.attach();
    else if (message instanceof Uint8Array) this.connection?.receive(message);
    else if (message instanceof ArrayBuffer) this.connection?.receive(new Uint8Array(message));
  }

  /** Makes the page a viewer; again when it was loaded anew (moved to another window). */
  private attach(): void {
    if (this.closing !== undefined) return;
    this.connection?.detach();
    this.connection = this.session.attach({
      send: (bytes) => void this.panel.webview.postMessage(bytes),
    });
  }
}

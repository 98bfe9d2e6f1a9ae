// Import a Copy…: what is alive in the foreign directory in front, into a store of our own, which
// opens when source and copy agree.

import * as path from 'node:path';
import * as vscode from 'vscode';
import type { OpenStores } from '../openStores.ts';
import { shown } from '../showError.ts';
import { requestWithProgress } from '../withProgress.ts';

export function registerCopyCommand(context: vscode.ExtensionContext, stores: OpenStores): void {
  context.subscriptions.push(
    vscode.commands.registerCommand(
      'lsmLens.importCopy',
      shown('The copy was not made', async () => {
        const store = stores.active();
        const into = await askDirectory(store.path);
        if (into === undefined) return;
        const title = `Copying ${store.name} into ${path.basename(into)}`;
        const reply = await requestWithProgress(store, title, { kind: 'copy', into });
        if (reply.kind !== 'copied') return;
        await stores.open({ path: reply.into, kind: 'store', options: {} });
        const entries = reply.entries.toLocaleString('en');
        void vscode.window.showInformationMessage(`${entries} entries copied, each read back.`);
      }),
    ),
  );
}

/** An absolute path: the copy's worker may stand in another directory. */
function askDirectory(source: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    prompt: 'Directory of the copy, which is not there yet',
    value: `${source}-copy`,
    ignoreFocusOut: true,
    validateInput: (text) => (path.isAbsolute(text) ? undefined : 'an absolute path'),
  });
}

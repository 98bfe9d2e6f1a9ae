// Open Trace…: shows a recorded `.lsmtrace` file; nothing runs.

import * as vscode from 'vscode';
import type { OpenStores } from '../openStores.ts';
import { shown } from '../showError.ts';

export function registerTraceCommand(context: vscode.ExtensionContext, stores: OpenStores): void {
  context.subscriptions.push(
    vscode.commands.registerCommand(
      'lsmLens.openTrace',
      shown('LSM Lens could not open the trace', async (file?: vscode.Uri) => {
        const chosen = file === undefined ? await chooseTrace() : file.fsPath;
        if (chosen !== undefined) await stores.open({ path: chosen, kind: 'trace' });
      }),
    ),
  );
}

async function chooseTrace(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectMany: false,
    openLabel: 'Open Trace',
    filters: { 'LSM Lens traces': ['lsmtrace'], 'All files': ['*'] },
  });
  return chosen?.[0]?.fsPath;
}

// Flush, compact and statistics of the active store.

import * as vscode from 'vscode';
import type { OpenStores } from '../openStores.ts';
import { shown } from '../showError.ts';
import { statisticsText } from '../statisticsText.ts';
import { requestWithProgress, withLateProgress } from '../withProgress.ts';

export function registerMaintenanceCommands(
  context: vscode.ExtensionContext,
  stores: OpenStores,
): void {
  context.subscriptions.push(
    vscode.commands.registerCommand(
      'lsmLens.flush',
      shown('Flush failed', async () => {
        const store = stores.active();
        await requestWithProgress(store, `Flushing ${store.name}`, { kind: 'flush' });
      }),
    ),
    vscode.commands.registerCommand(
      'lsmLens.compact',
      shown('Compaction failed', async () => {
        const store = stores.active();
        const request = { kind: 'compact', from: null, to: null } as const;
        await requestWithProgress(store, `Compacting ${store.name}`, request);
      }),
    ),
    vscode.commands.registerCommand(
      'lsmLens.showStatistics',
      shown('Statistics are not available', async () => {
        const store = stores.active();
        const reply = await withLateProgress(`Counting ${store.name}`, (onProgress, signal) =>
          store.request({ kind: 'stats' }, { onProgress, signal }),
        );
        if (reply.kind !== 'stats') return;
        const content = statisticsText(store.name, reply.stats);
        const document = await vscode.workspace.openTextDocument({ content, language: 'markdown' });
        await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
      }),
    ),
  );
}

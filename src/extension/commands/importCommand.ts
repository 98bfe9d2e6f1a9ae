// Import File…: CSV, TSV or JSON Lines into the active store, in pieces, with progress and cancel.

import { open } from 'node:fs/promises';
import * as path from 'node:path';
import * as vscode from 'vscode';
import { formatOfName } from '../../protocol/importFormat.ts';
import type { ImportFormat, ImportReport, Progress } from '../../protocol/messages.ts';
import type { OpenStores } from '../openStores.ts';
import { shown } from '../showError.ts';
import type { StorePanel } from '../storePanel.ts';
import { withProgress } from '../withProgress.ts';

/** Bytes of the file handed over at a time. */
const PIECE_SIZE_BYTES = 256 * 1024;

let uploads = 0;

export function registerImportCommand(context: vscode.ExtensionContext, stores: OpenStores): void {
  context.subscriptions.push(
    vscode.commands.registerCommand(
      'lsmLens.importFile',
      shown('Import failed', async () => {
        const store = stores.active();
        const file = await chooseFile();
        if (file === undefined) return;
        const format = await chooseFormat(file);
        if (format === undefined) return;
        const keyField = await vscode.window.showInputBox({
          prompt: format === 'jsonl' ? 'Field that is the key' : 'Column that is the key',
          value: 'id',
          ignoreFocusOut: true,
        });
        if (keyField === undefined) return;
        const title = `Importing ${path.basename(file)} into ${store.name}`;
        const report = await withProgress(title, (tell, signal) =>
          upload(store, file, { format, keyField }, tell, signal),
        );
        if (report !== undefined) await showReport(report);
      }),
    ),
  );
}

async function chooseFile(): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    canSelectMany: false,
    openLabel: 'Import',
    filters: {
      'CSV, TSV, JSON Lines': ['csv', 'tsv', 'tab', 'jsonl', 'ndjson'],
      'All files': ['*'],
    },
  });
  return chosen?.[0]?.fsPath;
}

async function chooseFormat(file: string): Promise<ImportFormat | undefined> {
  const known = formatOfName(file);
  if (known !== undefined) return known;
  const chosen = await vscode.window.showQuickPick(['csv', 'tsv', 'jsonl'], {
    placeHolder: `The format of ${path.basename(file)}`,
  });
  return chosen as ImportFormat | undefined;
}

/** Hands the file over piece by piece; each piece is answered before the next is read. */
async function upload(
  store: StorePanel,
  file: string,
  how: { readonly format: ImportFormat; readonly keyField: string },
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<ImportReport | undefined> {
  const handle = await open(file, 'r');
  const upload = ++uploads;
  try {
    const total = (await handle.stat()).size;
    for (let done = 0; ;) {
      const buffer = new Uint8Array(PIECE_SIZE_BYTES);
      const { bytesRead } = await handle.read(buffer, 0, PIECE_SIZE_BYTES, done);
      done += bytesRead;
      const last = bytesRead === 0;
      const piece = buffer.slice(0, bytesRead);
      const request = { kind: 'import', upload, ...how, piece, last } as const;
      const reply = await store.request(request, { signal });
      tell({ done, total, unit: 'bytes', message: '' });
      if (last) return reply.kind === 'import' ? reply.report : undefined;
    }
  } finally {
    await handle.close();
  }
}

async function showReport(report: ImportReport): Promise<void> {
  const imported = `${report.imported.toLocaleString('en')} records imported`;
  if (report.skipped === 0) {
    void vscode.window.showInformationMessage(`${imported}.`);
    return;
  }
  const message = `${imported}, ${report.skipped.toLocaleString('en')} lines skipped.`;
  const choice = await vscode.window.showWarningMessage(message, 'Show Skipped Lines');
  if (choice === undefined) return;
  const lines = report.problems.map((problem) => `line ${problem.line}: ${problem.message}`);
  const document = await vscode.workspace.openTextDocument({ content: lines.join('\n') });
  await vscode.window.showTextDocument(document);
}

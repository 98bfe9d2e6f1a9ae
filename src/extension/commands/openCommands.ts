// Opening: a directory that the person chooses, the explorer's folder, or a fresh demo store.

import * as vscode from 'vscode';
import { DEMO_STORE_OPTIONS, DEMO_WORKLOAD } from '../../session/demoStore.ts';
import { hostClock } from '../../session/hostClock.ts';
import type { SessionTarget } from '../../session/session.ts';
import type { OpenStores } from '../openStores.ts';
import { shown, showError } from '../showError.ts';

/** Slow enough to watch, fast enough to stay. */
const DEMO_OPERATIONS_PER_SECOND = 200;

export function registerOpenCommands(context: vscode.ExtensionContext, stores: OpenStores): void {
  context.subscriptions.push(
    vscode.commands.registerCommand(
      'lsmLens.openDirectory',
      shown('LSM Lens could not open the directory', async () => {
        const directory = await chooseDirectory();
        if (directory !== undefined) await stores.open(targetOf(directory));
      }),
    ),
    vscode.commands.registerCommand(
      'lsmLens.openFolder',
      shown('LSM Lens could not open the folder', async (folder: vscode.Uri) => {
        await stores.open(targetOf(folder.fsPath));
      }),
    ),
    vscode.commands.registerCommand(
      'lsmLens.newDemoStore',
      shown('LSM Lens could not make a demo store', async () => newDemoStore(context, stores)),
    ),
  );
}

async function chooseDirectory(): Promise<string | undefined> {
  const first = vscode.workspace.workspaceFolders?.[0]?.uri;
  const chosen = await vscode.window.showOpenDialog({
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
    openLabel: 'Open in LSM Lens',
    title: 'A directory of an LSM tree, or an empty one for a new store',
    ...(first === undefined ? {} : { defaultUri: first }),
  });
  return chosen?.[0]?.fsPath;
}

function targetOf(directory: string): SessionTarget {
  return { path: directory, kind: 'store', options: {} };
}

async function newDemoStore(context: vscode.ExtensionContext, stores: OpenStores): Promise<void> {
  const now = new Date(hostClock.wallMicros() / 1000).toISOString();
  const stamp = now.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const directory = vscode.Uri.joinPath(context.globalStorageUri, 'demo', `users-${stamp}`);
  await vscode.workspace.fs.createDirectory(directory);
  const panel = await stores.open({
    path: directory.fsPath,
    kind: 'store',
    options: DEMO_STORE_OPTIONS,
  });
  const workload = { ...DEMO_WORKLOAD, operationsPerSecond: DEMO_OPERATIONS_PER_SECOND };
  // The demo runs while the person watches; it must not hold the command open.
  panel
    .request({ kind: 'workload', workload })
    .catch((thrown: unknown) => showError(thrown, 'The demo stopped'));
}

// Put, get, delete and scan from the palette, on the store whose panel was last in front.

import * as vscode from 'vscode';
import { encodeUtf8 } from '../../base/bytes.ts';
import { keyText } from '../../protocol/keyText.ts';
import type { OpenStores } from '../openStores.ts';
import { shown } from '../showError.ts';

/** Entries shown by one scan. */
const SCAN_LIMIT = 1000;

export function registerDataCommands(context: vscode.ExtensionContext, stores: OpenStores): void {
  const register = (name: string, doing: string, body: () => Promise<void>): void => {
    context.subscriptions.push(
      vscode.commands.registerCommand(`lsmLens.${name}`, shown(doing, body)),
    );
  };
  register('put', 'Put failed', () => put(stores));
  register('get', 'Get failed', () => get(stores));
  register('delete', 'Delete failed', () => remove(stores));
  register('scan', 'Scan failed', () => scan(stores));
}

async function put(stores: OpenStores): Promise<void> {
  const store = stores.active();
  const key = await ask('Key to write');
  if (key === undefined) return;
  const value = await ask(`Value of ${key}`);
  if (value === undefined) return;
  await store.request({
    kind: 'put',
    key: encodeUtf8(key),
    value: encodeUtf8(value),
    sync: true,
  });
  tell(`${key} written.`);
}

async function get(stores: OpenStores): Promise<void> {
  const store = stores.active();
  const key = await ask('Key to read');
  if (key === undefined) return;
  const reply = await store.request({ kind: 'get', key: encodeUtf8(key) });
  if (reply.kind !== 'value') return;
  if (reply.value === null) tell(`${key} is not in the store.`);
  else await showText(keyText(reply.value));
}

async function remove(stores: OpenStores): Promise<void> {
  const store = stores.active();
  const key = await ask('Key to delete');
  if (key === undefined) return;
  await store.request({ kind: 'delete', key: encodeUtf8(key), sync: true });
  tell(`${key} deleted: a tombstone now hides it.`);
}

async function scan(stores: OpenStores): Promise<void> {
  const store = stores.active();
  const prefix = await ask('Prefix of the keys to scan (empty: all)');
  if (prefix === undefined) return;
  const reply = await store.request({
    kind: 'scan',
    from: null,
    to: null,
    prefix: prefix === '' ? null : encodeUtf8(prefix),
    reverse: false,
    limit: SCAN_LIMIT,
  });
  if (reply.kind !== 'entries') return;
  const lines = reply.entries.map(([key, value]) => `${keyText(key)}\t${keyText(value)}`);
  if (reply.more)
    lines.push(`… more than ${SCAN_LIMIT} entries; narrow the prefix to see the rest`);
  await showText(lines.length === 0 ? `No key begins with ${prefix}` : lines.join('\n'));
}

function ask(prompt: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({ prompt, ignoreFocusOut: true });
}

function tell(message: string): void {
  void vscode.window.showInformationMessage(message);
}

async function showText(content: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument({ content });
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
}

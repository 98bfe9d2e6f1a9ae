// Run Workload…: a generated stream of operations on the active store.

import * as vscode from 'vscode';
import type { WorkloadName } from '../../protocol/messages.ts';
import type { OpenStores } from '../openStores.ts';
import { shown } from '../showError.ts';
import { requestWithProgress } from '../withProgress.ts';

const WORKLOADS: readonly { readonly name: WorkloadName; readonly detail: string }[] = [
  { name: 'users', detail: "the seed's example: 1 000 users, a read, a scan, an update, a delete" },
  { name: 'sequential', detail: 'puts in key order' },
  { name: 'uniform', detail: 'puts of keys chosen evenly' },
  { name: 'zipfian', detail: 'puts of keys chosen by popularity' },
  { name: 'delete-heavy', detail: 'half of the operations delete' },
  { name: 'ycsb-a', detail: 'half reads, half updates' },
  { name: 'ycsb-b', detail: '95 % reads, 5 % updates' },
  { name: 'ycsb-c', detail: 'reads only' },
  { name: 'ycsb-d', detail: '95 % reads of the latest, 5 % inserts' },
  { name: 'ycsb-e', detail: '95 % short scans, 5 % inserts' },
  { name: 'ycsb-f', detail: 'half reads, half read-modify-writes' },
];

export function registerWorkloadCommand(
  context: vscode.ExtensionContext,
  stores: OpenStores,
): void {
  context.subscriptions.push(
    vscode.commands.registerCommand(
      'lsmLens.runWorkload',
      shown('The workload stopped', async () => {
        const store = stores.active();
        const items = WORKLOADS.map((workload) => ({ ...workload, label: workload.name }));
        const chosen = await vscode.window.showQuickPick(items, {
          placeHolder: `Workload to run on ${store.name}`,
          matchOnDetail: true,
        });
        if (chosen === undefined) return;
        const operations = await askOperations();
        if (operations === undefined) return;
        const reply = await requestWithProgress(store, `${chosen.name} on ${store.name}`, {
          kind: 'workload',
          workload: {
            name: chosen.name,
            operations,
            records: Math.max(1000, operations),
            valueSizeBytes: 100,
            seed: 1,
            operationsPerSecond: 0,
          },
        });
        if (reply.kind !== 'workload') return;
        const seconds = (reply.durationMicros / 1e6).toFixed(1);
        const done = reply.operations.toLocaleString('en');
        void vscode.window.showInformationMessage(`${done} operations in ${seconds} s.`);
      }),
    ),
  );
}

async function askOperations(): Promise<number | undefined> {
  const typed = await vscode.window.showInputBox({
    prompt: 'Operations to run',
    value: '10000',
    ignoreFocusOut: true,
    validateInput: (text) =>
      /^[1-9]\d{0,8}$/.test(text) ? undefined : 'a whole number from 1 to 999999999',
  });
  return typed === undefined ? undefined : Number(typed);
}

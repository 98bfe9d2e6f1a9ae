// Flush, compact and statistics of the active store.

import * as vscode from 'vscode';
import type { StoreStats } from '../../protocol/messages.ts';
import type { OpenStores } from '../openStores.ts';
import { shown } from '../showError.ts';
import { requestWithProgress } from '../withProgress.ts';

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
        const reply = await store.request({ kind: 'stats' });
        if (reply.kind !== 'stats') return;
        const content = statisticsText(store.name, reply.stats);
        const document = await vscode.workspace.openTextDocument({ content, language: 'markdown' });
        await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside });
      }),
    ),
  );
}

/** The statistics as a Markdown page. */
function statisticsText(name: string, stats: StoreStats): string {
  const rows: readonly (readonly [string, string])[] = [
    [
      'Memtable',
      `${count(stats.memtableEntries)} entries, ${count(stats.memtableSizeBytes)} bytes`,
    ],
    ['Immutable memtables', count(stats.immutableMemtables)],
    ['Tables', `${count(stats.tables)} with ${count(stats.tableEntries)} entries`],
    ['Tombstones in tables', count(stats.tombstones)],
    ['Disk usage', `${count(stats.diskUsageBytes)} bytes`],
    ['Write-ahead log', `${count(stats.walSizeBytes)} bytes`],
    ['Last sequence number', count(stats.lastSequence)],
    ['Write amplification', `${stats.writeAmplification.toFixed(2)} ×`],
    ['Read amplification', `${stats.readAmplification.toFixed(2)} blocks a get`],
    ['Space amplification', `${stats.spaceAmplification.toFixed(2)} ×`],
    ['Filter false positives', percent(stats.filterFalsePositiveRate)],
    ['Block cache hits', percent(stats.cacheHitRate)],
  ];
  const levels = stats.levels.map(
    (level) =>
      `| L${level.level} | ${count(level.tables)} | ${count(level.sizeBytes)} |` +
      ` ${count(level.entries)} | ${count(level.tombstones)} | ${level.score.toFixed(2)} |`,
  );
  return [
    `# Statistics of ${name}`,
    '',
    '| Figure | Value |',
    '| --- | --- |',
    ...rows.map(([figure, value]) => `| ${figure} | ${value} |`),
    '',
    '| Level | Tables | Bytes | Entries | Tombstones | Score |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...levels,
    '',
  ].join('\n');
}

function count(value: number): string {
  return value.toLocaleString('en');
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

// The extension's two ends: what VS Code calls when a command is first used, and when it lets us
// go. Nothing starts before a command is called; everything that was started ends with
// `deactivate`.

import type * as vscode from 'vscode';
import { registerCopyCommand } from './commands/copyCommand.ts';
import { registerDataCommands } from './commands/dataCommands.ts';
import { registerImportCommand } from './commands/importCommand.ts';
import { registerMaintenanceCommands } from './commands/maintenanceCommands.ts';
import { registerOpenCommands } from './commands/openCommands.ts';
import { registerTraceCommand } from './commands/traceCommand.ts';
import { registerWorkloadCommand } from './commands/workloadCommand.ts';
import { OpenStores } from './openStores.ts';

let stores: OpenStores | undefined;

/** Registers the commands. Called by VS Code once, at the first use of any of them. */
export function activate(context: vscode.ExtensionContext): void {
  const opened = new OpenStores(context);
  stores = opened;
  registerOpenCommands(context, opened);
  registerTraceCommand(context, opened);
  registerDataCommands(context, opened);
  registerMaintenanceCommands(context, opened);
  registerImportCommand(context, opened);
  registerCopyCommand(context, opened);
  registerWorkloadCommand(context, opened);
}

/** Closes every store: the worker threads end and the locks are released before VS Code goes on. */
export async function deactivate(): Promise<void> {
  await stores?.closeAll();
  stores = undefined;
}

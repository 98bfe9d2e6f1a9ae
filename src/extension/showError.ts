// How a fault is told to a person: one line that says what happened and what to do.

import * as vscode from 'vscode';
import { toLsmError } from '../base/errors.ts';

/** Shows an error notification; a cancelled action is no error and shows nothing. */
export async function showError(thrown: unknown, doing: string): Promise<void> {
  const error = toLsmError(thrown);
  if (error.code === 'CANCELLED') return;
  await vscode.window.showErrorMessage(`${doing}: ${error.message}`);
}

/** A command's body: whatever it throws is shown, and nothing escapes to VS Code's own handler. */
export function shown<Arguments extends unknown[]>(
  doing: string,
  body: (...given: Arguments) => Promise<void>,
): (...given: Arguments) => Promise<void> {
  return async (...given) => {
    try {
      await body(...given);
    } catch (thrown) {
      await showError(thrown, doing);
    }
  };
}

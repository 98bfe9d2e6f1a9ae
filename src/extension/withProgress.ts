// Long requests run under a notification that shows how far they are and can be cancelled.

import * as vscode from 'vscode';
import type { Progress, Reply, Request } from '../protocol/messages.ts';
import type { StorePanel } from './storePanel.ts';

/**
 * Runs one request under a progress notification with a cancel button.
 * @throws LsmError as the request does; `CANCELLED` when the person cancelled.
 */
export async function requestWithProgress(
  panel: StorePanel,
  title: string,
  request: Request,
): Promise<Reply> {
  return withProgress(title, (report, signal) =>
    panel.request(request, { signal, onProgress: report }),
  );
}

/** Runs a task under a progress notification; `signal` aborts when the person cancels. */
export async function withProgress<T>(
  title: string,
  task: (report: (progress: Progress) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (notification, token) => {
    const controller = new AbortController();
    const subscription = token.onCancellationRequested(() => controller.abort());
    let shownPercent = 0;
    try {
      return await task((progress) => {
        const percent = progress.total === 0 ? 0 : (100 * progress.done) / progress.total;
        notification.report({ message: describe(progress), increment: percent - shownPercent });
        shownPercent = percent;
      }, controller.signal);
    } finally {
      subscription.dispose();
    }
  });
}

/** Whatever takes longer is shown, milliseconds. */
const LATE_MILLIS = 500;

/**
 * As `withProgress`, for what mostly is over at once: nothing is shown before the first progress,
 * or before it has taken a moment.
 */
export async function withLateProgress<T>(
  title: string,
  task: (report: (progress: Progress) => void, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  let end = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  let latest: Progress | undefined;
  let hasBegun = false;
  let show: (progress: Progress) => void = () => undefined;
  const begin = (): void => {
    if (hasBegun) return;
    hasBegun = true;
    void withProgress(title, (report, signal) => {
      show = report;
      if (latest !== undefined) report(latest);
      signal.addEventListener('abort', () => controller.abort(), { once: true });
      return ended;
    });
  };
  const late = setTimeout(begin, LATE_MILLIS);
  try {
    return await task((progress) => {
      latest = progress;
      begin();
      show(progress);
    }, controller.signal);
  } finally {
    clearTimeout(late);
    end();
  }
}

function describe({ done, total, unit, message }: Progress): string {
  const isBytes = unit === 'bytes';
  const amount = (count: number): string =>
    Math.round(isBytes ? count / 1024 : count).toLocaleString('en');
  const of = total === 0 ? '' : ` of ${amount(total)}`;
  const counted = `${amount(done)}${of} ${isBytes ? 'KiB' : unit}`;
  return message === '' ? counted : `${message} (${counted})`;
}

// Shows an address in the user's browser, by the platform's own opener.

import { spawn } from 'node:child_process';

/** The command that opens an address, for each platform; others follow the freedesktop standard. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Whether somebody sits before this program: a terminal, and no continuous integration. */
export function isAttended(): boolean {
  return process.stdout.isTTY && process.env['CI'] === undefined;
}

/** Starts the browser and does not wait for it; resolves `false` when there is no opener. */
export function openInBrowser(url: string): Promise<boolean> {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  return new Promise((resolve) => {
    const opener = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
    opener.once('error', () => resolve(false));
    opener.once('spawn', () => {
      opener.unref();
      resolve(true);
    });
  });
}

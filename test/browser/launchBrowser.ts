// Starts the real browser that the tests drive.

import type { Browser } from 'playwright-core';
import { chromium } from 'playwright-core';
import { findChromium } from '../../scripts/chromium.mjs';

/**
 * A headless Chromium; the caller closes it. Throws when there is none on this machine.
 *
 * @param environment Added to this process's own environment variables.
 */
export async function launchBrowser(environment: Record<string, string> = {}): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) {
    throw new Error('No Chromium found: run `npm test`, or set CHROMIUM to the path of one.');
  }
  return chromium.launch({
    executablePath,
    headless: true,
    // The sandbox cannot be had as root, and /dev/shm is small in containers.
    args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--lang=en-US'],
    env: { ...(process.env as Record<string, string>), ...environment },
  });
}

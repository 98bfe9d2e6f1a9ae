// Finds a Chromium for the tests that need a real browser; on Debian, as root, it installs one.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './child.mjs';

const commands = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const otherPlaces = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];
const attemptsMax = 3;

/**
 * The browser named by the environment variable CHROMIUM, or else one in the usual places.
 *
 * @returns {string | undefined} Its path.
 */
export function findChromium() {
  const named = process.env['CHROMIUM'];
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = commands.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return [...candidates, ...otherPlaces].find((file) => existsSync(file));
}

/**
 * As `findChromium`, but installs it where that needs nobody's leave.
 *
 * @returns {Promise<string>} Its path. Throws with one line that says how to get one.
 */
export async function ensureChromium() {
  const found = findChromium();
  if (found !== undefined) return found;
  if (mayInstall() && (await installOnDebian())) {
    const installed = findChromium();
    if (installed !== undefined) return installed;
  }
  throw new Error(
    'No Chromium found for the browser tests: install one (Debian: apt-get install chromium), ' +
      'or set CHROMIUM to the path of Chromium or Google Chrome.',
  );
}

function mayInstall() {
  if (process.env['CHROMIUM'] || process.getuid?.() !== 0) return false;
  return (
    existsSync('/etc/os-release') && /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}

async function installOnDebian() {
  const unattended = { DEBIAN_FRONTEND: 'noninteractive' };
  const packages = ['install', '-qq', '-y', '--no-install-recommends', 'chromium'];
  console.log('Installing Chromium…');
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    if ((await run('apt-get', ['update', '-qq'], unattended)) !== 0) continue;
    if ((await run('apt-get', packages, unattended)) === 0) return true;
  }
  return false;
}

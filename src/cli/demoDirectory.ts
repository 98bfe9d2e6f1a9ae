// Where the demo store lives: in the user's cache, so that what was typed yesterday is there today,
// and nothing is lost when it is cleared away.

import os from 'node:os';
import path from 'node:path';

/** Demo stores that may be open at one time. */
const DEMOS_MAX = 9;

/** Directories to try in turn: the first may be in use by another run, or damaged. */
export function demoDirectories(): readonly string[] {
  const folder = path.join(cacheDirectory(), 'lsm-lens');
  return Array.from({ length: DEMOS_MAX }, (_, index) =>
    path.join(folder, index === 0 ? 'demo' : `demo-${index + 1}`),
  );
}

/** The user's directory for what programs can make again. */
function cacheDirectory(): string {
  const named = process.env[process.platform === 'win32' ? 'LOCALAPPDATA' : 'XDG_CACHE_HOME'];
  if (named !== undefined && path.isAbsolute(named)) return named;
  const home = os.homedir();
  if (process.platform === 'win32') return path.join(home, 'AppData/Local');
  return path.join(home, process.platform === 'darwin' ? 'Library/Caches' : '.cache');
}

// Runs in a child process: takes a lock and tells how it went. `hold` keeps it until killed; `race`
// holds it only for as long as it takes to see that nobody else has it.

import { rmSync, writeFileSync } from 'node:fs';
import { acquireLock, newLockToken } from '../../src/node/lockFile.ts';

const [path, mode, rounds] = process.argv.slice(2);

function hold(): void {
  acquireLock(path!, newLockToken());
  process.stdout.write('held\n');
  setInterval(() => undefined, 1000);
}

/** Takes the lock again and again; inside it, creates a file that only one may have at a time. */
function race(): void {
  let taken = 0;
  for (let round = 0; round < Number(rounds); round++) {
    let lock;
    try {
      lock = acquireLock(path!, newLockToken());
    } catch {
      continue;
    }
    writeFileSync(`${path}.inside`, '', { flag: 'wx' });
    taken++;
    rmSync(`${path}.inside`);
    // The last time it leaves as the dead do: others find a stale lock.
    if (round === Number(rounds) - 1) break;
    lock.release();
  }
  process.stdout.write(`${taken}\n`);
}

if (mode === 'hold') hold();
else race();

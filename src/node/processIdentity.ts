// Whether a process named in a file is still the one that wrote it. A process number alone is not
// enough: numbers are given again, after a restart of the machine from the beginning.

import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** What names a process. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly host: string;
  /** The machine's running time since its start: an identifier Linux gives; empty elsewhere. */
  readonly boot: string;
  /** When the process started, in the system's own unit; empty where it cannot be known. */
  readonly started: string;
}

/** What is known of another process. */
export type Liveness = 'alive' | 'dead' | 'elsewhere';

/** This process. */
export function ownIdentity(): ProcessIdentity {
  const started = procStat(process.pid)?.started ?? '';
  return { pid: process.pid, host: hostname(), boot: bootIdentifier(), started };
}

/** Whether a process still runs; `elsewhere` when it ran on another machine and cannot be asked. */
export function livenessOf(other: ProcessIdentity): Liveness {
  if (other.host !== hostname()) return 'elsewhere';
  if (other.boot !== '' && other.boot !== bootIdentifier()) return 'dead';
  try {
    process.kill(other.pid, 0);
  } catch (thrown) {
    // EPERM: it runs, but belongs to somebody else.
    if ((thrown as NodeJS.ErrnoException).code === 'ESRCH') return 'dead';
  }
  const stat = procStat(other.pid);
  if (stat === undefined) return 'alive';
  if (stat.state === 'Z' || stat.state === 'X') return 'dead';
  return other.started !== '' && other.started !== stat.started ? 'dead' : 'alive';
}

function bootIdentifier(): string {
  return readText('/proc/sys/kernel/random/boot_id')?.trim() ?? '';
}

/** State and start time of a process as Linux tells them; `undefined` elsewhere. */
function procStat(pid: number): { state: string; started: string } | undefined {
  const text = readText(`/proc/${pid}/stat`);
  if (text === undefined) return undefined;
  // The second field is the program's name in parentheses and may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, started] = [fields[0], fields[19]];
  return state === undefined || started === undefined ? undefined : { state, started };
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

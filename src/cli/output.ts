// Standard output for programs that read it: at their pace, and quietly over when they stop
// reading.

import { once } from 'node:events';

/** The reader of our output has gone (`lsm-lens scan … | head`): an end, not a fault. */
export class OutputClosedError extends Error {
  override name = 'OutputClosedError';
}

let closed = false;

/** Notices when the reader goes, instead of dying of EPIPE. Call once, at the start. */
export function watchOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    closed = true;
  });
}

/**
 * Writes text as it is and resolves when there is room for more.
 * @throws OutputClosedError when nobody reads any longer.
 */
export async function print(text: string | Uint8Array): Promise<void> {
  if (closed) throw new OutputClosedError();
  if (process.stdout.write(text)) return;
  await Promise.race([once(process.stdout, 'drain'), once(process.stdout, 'close')]).catch(
    (error: unknown) => {
      if (!closed) throw error;
    },
  );
}

/** Writes one value as a line of JSON. */
export function printJson(value: unknown): Promise<void> {
  return print(`${JSON.stringify(value)}\n`);
}

/** Writes a line of text. */
export function printLine(text: string): Promise<void> {
  return print(`${text}\n`);
}

// Standard output for programs that read it: at their pace, and quietly over when they stop.

/** The reader of our output has gone (`lsm-lens scan … | head`): an end, not a fault. */
export class OutputClosedError extends Error {
  override name = 'OutputClosedError';
}

/** Leaves failed writes to those who wrote, instead of dying of EPIPE. Call once, at the start. */
export function watchOutput(): void {
  process.stdout.on('error', () => {});
}

/**
 * Writes text as it is and resolves when it is on its way.
 * @throws OutputClosedError when nobody reads any longer.
 */
export function print(text: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error: NodeJS.ErrnoException | null | undefined) => {
      if (error === null || error === undefined) resolve();
      else reject(error.code === 'EPIPE' ? new OutputClosedError() : error);
    });
  });
}

/** Writes one value as a line of JSON. */
export function printJson(value: unknown): Promise<void> {
  return print(`${JSON.stringify(value)}\n`);
}

/** Writes a line of text. */
export function printLine(text: string): Promise<void> {
  return print(`${text}\n`);
}

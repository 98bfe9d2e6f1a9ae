// What a command that has written says.

import { printJson, printLine } from './output.ts';

/** Tells the sequence number of the last write. */
export async function reportWrite(lastSequence: number, json = false): Promise<void> {
  if (json) await printJson({ ok: true, lastSequence });
  else await printLine(`ok, sequence ${lastSequence}`);
}

// Which reads of a program under test are to wait (heldReads.mjs), as its environment says it.

import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Which reads, and for how long. */
export interface HeldReads {
  /** Matches the path of the file. */
  readonly file: RegExp;
  /** Where in the file the reads begin that are held: from here on, and before `to`. */
  readonly from: number;
  readonly to: number;
  /** As long as something stands here. */
  readonly while: string;
}

/** The module that holds them, once a program loads it. */
export const holdingModule: string = path.join(import.meta.dirname, 'heldReads.mjs');

/** Variables that make a Node program hold them, in all of its threads. */
export function environmentToHold(held: HeldReads): Readonly<Record<string, string>> {
  return {
    NODE_OPTIONS: `--import ${pathToFileURL(holdingModule).href}`,
    LSM_LENS_HELD_READS: JSON.stringify({ ...held, file: held.file.source }),
  };
}

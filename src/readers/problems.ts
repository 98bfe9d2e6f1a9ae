// What a reader found wrong: a list, not an exception, so that the rest is still shown.

import { LsmError } from '../base/errors.ts';
import type { Problem } from '../protocol/treeState.ts';

/** Most problems that are kept; of more, the number is told. */
const PROBLEMS_MAX = 1000;

/** Collects problems; the same place is told once, of a whole file the same fault. */
export class ProblemList {
  private readonly found = new Map<string, Problem>();
  private left = 0;

  /**
   * @param file name in the store's directory
   * @param offset where in the file the fault begins, -1 when it concerns the whole file
   */
  add(code: Problem['code'], file: string, offset: number, message: string): void {
    const key = `${file} ${offset < 0 ? message : offset}`;
    if (this.found.has(key)) return;
    if (this.found.size >= PROBLEMS_MAX) this.left++;
    else this.found.set(key, { code, message, file, offset });
  }

  /** Takes in what was thrown while reading `file`; mistakes of our own are thrown on. */
  addThrown(thrown: unknown, file: string): void {
    if (!(thrown instanceof LsmError)) throw thrown;
    this.add(thrown.code, thrown.file ?? file, thrown.offset ?? -1, thrown.message);
  }

  /** All that was found, in the order in which it was. */
  list(): readonly Problem[] {
    const all = [...this.found.values()];
    if (this.left === 0) return all;
    const message = `${this.left} more problems were found and are not listed`;
    return [...all, { code: 'CORRUPTION', message, file: '', offset: -1 }];
  }
}

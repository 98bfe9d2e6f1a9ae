// The one long piece of work that a store does for its viewers at a time: a workload or an import.

import { LsmError } from '../../base/errors.ts';

/** What runs, and how it is stopped. */
export class Activity {
  /** Its name, or empty. */
  name = '';
  private readonly onChange: () => void;
  private controller: AbortController | null = null;

  constructor(onChange: () => void) {
    this.onChange = onChange;
  }

  /**
   * Begins one.
   * @throws LsmError `INVALID_ARGUMENT` when another is running.
   */
  begin(name: string): AbortSignal {
    if (this.controller !== null) {
      throw new LsmError('INVALID_ARGUMENT', `${this.name} is running: stop it first, or wait`);
    }
    this.controller = new AbortController();
    this.name = name;
    this.onChange();
    return this.controller.signal;
  }

  /** It is over. */
  end(): void {
    this.controller = null;
    this.name = '';
    this.onChange();
  }

  /** Asks it to stop; nothing happens when nothing runs. */
  stop(): void {
    this.controller?.abort();
  }
}

// One line on stderr that says how far long work has come, when a person is watching.

import type { Progress } from '../protocol/messages.ts';
import { hostClock } from '../session/hostClock.ts';
import { formatBytes, formatCount } from './format.ts';

const REDRAW_MICROS = 100_000;
const CLEAR_LINE = '\r\u001B[2K';

/** Draws progress over itself; with no terminal it stays silent. */
export class ProgressLine {
  private readonly verb: string;
  private drawnAtMicros = 0;

  /** @param verb what is being done: `importing`. */
  constructor(verb: string) {
    this.verb = verb;
  }

  /** Pass as `onProgress`. */
  readonly show = (progress: Progress): void => {
    const now = hostClock.monotonicMicros();
    if (!process.stderr.isTTY || now - this.drawnAtMicros < REDRAW_MICROS) return;
    this.drawnAtMicros = now;
    process.stderr.write(`${CLEAR_LINE}${this.verb} ${describe(progress)}`);
  };

  /** Wipes the line away. */
  finish(): void {
    if (this.drawnAtMicros > 0) process.stderr.write(CLEAR_LINE);
  }
}

/** What long work is watched by. */
export interface ProgressWatch {
  readonly onProgress: (progress: Progress) => void;
}

/**
 * Does long work under a progress line, which is wiped away at its end.
 * @param work gets what it is watched by.
 */
export async function withProgressLine<Result>(
  verb: string,
  work: (watch: ProgressWatch) => Promise<Result>,
): Promise<Result> {
  const line = new ProgressLine(verb);
  try {
    return await work({ onProgress: line.show });
  } finally {
    line.finish();
  }
}

function describe({ done, total, unit }: Progress): string {
  const quantity = (amount: number): string =>
    unit === 'bytes' ? formatBytes(amount) : `${formatCount(amount)} ${unit}`;
  return total === 0 ? quantity(done) : `${quantity(done)} of ${quantity(total)}`;
}

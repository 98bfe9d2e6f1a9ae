// Scaling parameters: one small word for each level that says how it gathers runs, in the notation
// of Cassandra's unified compaction (UnifiedCompactionStrategy.md).
//
//   T4   tiered: 4 runs gather, then all go down as one; the next level is 4 times as large
//   L10  leveled: one run, into which everything that arrives is merged; 10 times as large
//   N    the border between the two: T2 and L2 are the same
//
// Levels beyond the last word follow it.

import { LsmError } from '../../base/errors.ts';

/** How a level gathers runs. */
export interface Scaling {
  /** A level may hold so many times the bytes of the one above. */
  readonly fanout: number;
  /** Runs that start a merge; 2: one run at rest. */
  readonly runs: number;
}

const FANOUT_MAX = 1000;

/** As `T` with a number. */
export function tiered(fanout: number): Scaling {
  return { fanout, runs: fanout };
}

/** As `L` with a number. */
export function leveledBy(fanout: number): Scaling {
  return { fanout, runs: 2 };
}

/** Whether what arrives in such a level is merged with what is there. */
export function isLeveled({ fanout, runs }: Scaling): boolean {
  return runs < fanout;
}

/**
 * The words of `text`, at least one.
 * @throws LsmError `INVALID_ARGUMENT` for anything else.
 */
export function parseScaling(text: string): readonly Scaling[] {
  return String(text)
    .split(',')
    .map((word) => parseWord(word.trim(), text));
}

function parseWord(word: string, text: string): Scaling {
  if (word === 'N') return tiered(2);
  const [, letter, digits] = /^([TL])(\d{1,4})$/.exec(word) ?? [];
  const fanout = Number(digits);
  if (letter === undefined || fanout < 2 || fanout > FANOUT_MAX) {
    throw new LsmError(
      'INVALID_ARGUMENT',
      `option scalingParameters is ${text}; it must be words such as T4, L10 or N with numbers ` +
        `from 2 to ${FANOUT_MAX}, one for each level, separated by commas`,
    );
  }
  return letter === 'T' ? tiered(fanout) : leveledBy(fanout);
}

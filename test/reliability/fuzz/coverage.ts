// Which places of the sources ran: V8 counts them, block by block, and a fuzzer asks after an input
// whether it reached a place that none before it had.

import { Session } from 'node:inspector';
import type { Profiler } from 'node:inspector';

/** A block that did not run, by where it begins and ends in its script. */
type Block = Readonly<Pick<Profiler.CoverageRange, 'startOffset' | 'endOffset'>>;

/** What ran between two questions. */
export type Ran = readonly Profiler.ScriptCoverage[];

/**
 * Counting begins when this module is loaded, as V8 counts the blocks of those functions only that
 * are compiled later: whoever wants to know of a source imports this one before it.
 */
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

/** Everything of these scripts that ran since this was asked last. */
export function takeRan(isOurs: (url: string) => boolean): Ran {
  let scripts: Ran = [];
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error !== null) throw error;
    scripts = result.filter(({ url }) => isOurs(url));
  });
  return scripts;
}

/** The places that were ever reached. */
export class ReachedPlaces {
  /** Functions that ran, by script and place, each with its blocks that never did. */
  private readonly unreached = new Map<string, readonly Block[]>();

  /** Whether a place ran that is new. */
  isNew(ran: Ran): boolean {
    return changes(ran, this.unreached).next().done === false;
  }

  /** From now on these places are known. Whether one of them is new. */
  learn(ran: Ran): boolean {
    let isNew = false;
    for (const [place, blocks] of changes(ran, this.unreached)) {
      this.unreached.set(place, blocks);
      isNew = true;
    }
    return isNew;
  }
}

/** The functions of which more ran than is known, and what of them is still unreached. */
function* changes(
  ran: Ran,
  known: ReadonlyMap<string, readonly Block[]>,
): Generator<[place: string, unreached: readonly Block[]]> {
  for (const { url, functions } of ran) {
    for (const { ranges } of functions) {
      const [whole] = ranges;
      if (whole === undefined || whole.count === 0) continue;
      const place = `${url}:${whole.startOffset}:${whole.endOffset}`;
      const skipped = ranges.filter(({ count }) => count === 0);
      const before = known.get(place);
      // V8 joins blocks that ran equally often, so it is only those that did not run which can be
      // compared from one input to the next.
      const left = before?.flatMap((block) => skipped.flatMap((other) => common(block, other)));
      if (left === undefined) yield [place, skipped];
      else if (lengthOf(left) < lengthOf(before!)) yield [place, left];
    }
  }
}

function common(left: Block, right: Block): Block[] {
  const startOffset = Math.max(left.startOffset, right.startOffset);
  const endOffset = Math.min(left.endOffset, right.endOffset);
  return startOffset < endOffset ? [{ startOffset, endOffset }] : [];
}

function lengthOf(blocks: readonly Block[]): number {
  return blocks.reduce((sum, { startOffset, endOffset }) => sum + endOffset - startOffset, 0);
}

// Compactions that run side by side, as their events tell: no two of a family may hold a table in
// common, or write into one range of a level. And what one makes lies in the range it took.

import { compareBytes } from '../../src/base/bytes.ts';
import type { JobId, LsmEvent } from '../../src/protocol/events.ts';

type Pick = Extract<LsmEvent, { readonly kind: 'compaction.pick' }>;

/** Follows the compactions of one store. */
export class SideBySide {
  private readonly running = new Map<JobId, Pick>();

  /** What an event shows to be wrong. */
  problemsOf(event: LsmEvent): string[] {
    if (event.kind === 'compaction.pick') return this.begin(event);
    if (event.kind === 'compaction.end') this.running.delete(event.job);
    if (event.kind !== 'table.create') return [];
    const pick = this.running.get(event.job);
    const { smallestKey, largestKey, file } = event.table;
    const inside =
      pick === undefined ||
      (compareBytes(pick.smallestKey, smallestKey) <= 0 &&
        compareBytes(largestKey, pick.largestKey) <= 0);
    return inside ? [] : [`table ${file} lies outside of what its compaction took`];
  }

  private begin(pick: Pick): string[] {
    const problems = [...this.running.values()].flatMap((other) => problemsBetween(pick, other));
    this.running.set(pick.job, pick);
    return problems;
  }
}

function problemsBetween(left: Pick, right: Pick): string[] {
  if (left.family !== right.family) return [];
  const taken = new Set(right.inputs.flatMap(({ files }) => files));
  const both = left.inputs.flatMap(({ files }) => files).filter((file) => taken.has(file));
  const meet =
    left.outputLevel === right.outputLevel &&
    compareBytes(left.smallestKey, right.largestKey) <= 0 &&
    compareBytes(right.smallestKey, left.largestKey) <= 0;
  const jobs = `jobs ${right.job} and ${left.job}`;
  return [
    ...both.map((file) => `${jobs} both hold table ${file}`),
    ...(meet ? [`${jobs} both write into level ${left.outputLevel}`] : []),
  ];
}

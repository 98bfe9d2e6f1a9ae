// Which head wins, seen as a tournament: neighbours meet, the smaller key goes on, until one is
// left. Equal keys: the newer version goes first.

import { compareBytes } from '../../../src/base/bytes.ts';
import type { Lane } from './mergeStory.ts';

/** A meeting of two branches, or a branch that goes on alone. */
export interface Match {
  /** Round, 0 next to the lanes. */
  readonly round: number;
  readonly place: number;
  /** Places in the round before (or rows of lanes); one of them when nobody meets it. */
  readonly from: readonly number[];
  /** Which of `from` won, as a position in it; −1 when all are empty. */
  readonly winner: number;
  /** Index into the lanes of who won. */
  readonly lane: number;
}

/** All matches, round by round; the last one's lane is the winner. */
export function tournament(lanes: readonly Lane[]): readonly Match[] {
  const matches: Match[] = [];
  let standing = lanes.map((lane, index) => (lane.head === null ? -1 : index));
  for (let round = 0; standing.length > 1; round++) {
    const next: number[] = [];
    for (let place = 0; place * 2 < standing.length; place++) {
      const from = [place * 2, place * 2 + 1].filter((at) => at < standing.length);
      const winner = smallest(
        from.map((at) => standing[at]!),
        lanes,
      );
      const lane = winner < 0 ? -1 : standing[from[winner]!]!;
      matches.push({ round, place, from, winner, lane });
      next.push(lane);
    }
    standing = next;
  }
  return matches;
}

/** Rounds that `lanes` lanes need. */
export function roundsOf(lanes: number): number {
  return lanes < 2 ? 0 : Math.ceil(Math.log2(lanes));
}

function smallest(candidates: readonly number[], lanes: readonly Lane[]): number {
  let best = -1;
  for (const [index, lane] of candidates.entries()) {
    const head = lanes[lane]?.head;
    if (head === undefined || head === null) continue;
    const leader = lanes[candidates[best] ?? -1]?.head;
    if (leader === undefined || leader === null) best = index;
    else if ((compareBytes(head.key, leader.key) || leader.sequence - head.sequence) < 0)
      best = index;
  }
  return best;
}

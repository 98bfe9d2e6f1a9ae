// What became of a merge's entries, counted: every one that came in went out or was dropped for one
// reason.

import type { MergeTotals } from '../../protocol/events.ts';
import {
  DROP_ANNIHILATED,
  DROP_EXPIRED,
  DROP_MERGED,
  DROP_NEEDLESS,
  DROP_RANGE_DELETED,
  DROP_SHADOWED,
  DROP_TOMBSTONE,
  isKept,
} from './dropRules.ts';
import type { Verdict } from './dropRules.ts';

/** A merge that has not begun. */
export const NOTHING_MERGED: MergeTotals = {
  entriesIn: 0,
  entriesOut: 0,
  shadowed: 0,
  tombstonesDropped: 0,
  rangeDeleted: 0,
  annihilated: 0,
  expired: 0,
  merged: 0,
  rangeDeletesIn: 0,
  rangeDeletesOut: 0,
  bytesRead: 0,
  bytesWritten: 0,
  waitedMicros: 0,
};

/** The running totals of one merge. */
export class MergeTally {
  rangeDeletesIn = 0;
  rangeDeletesOut = 0;
  waitedMicros = 0;
  private entriesIn = 0;
  private entriesOut = 0;
  private shadowed = 0;
  private tombstonesDropped = 0;
  private rangeDeleted = 0;
  private annihilated = 0;
  private expired = 0;
  private merged = 0;

  /** Counts an entry and what was decided about it. */
  count(verdict: Verdict): void {
    this.entriesIn++;
    if (isKept(verdict)) this.entriesOut++;
    else if (verdict === DROP_SHADOWED) this.shadowed++;
    else if (verdict === DROP_TOMBSTONE || verdict === DROP_NEEDLESS) this.tombstonesDropped++;
    else if (verdict === DROP_RANGE_DELETED) this.rangeDeleted++;
    else if (verdict === DROP_ANNIHILATED) this.annihilated++;
    else if (verdict === DROP_EXPIRED) this.expired++;
    else if (verdict === DROP_MERGED) this.merged++;
  }

  /** The totals so far, with the bytes that the caller knows. */
  totals(bytes: Pick<MergeTotals, 'bytesRead' | 'bytesWritten'>): MergeTotals {
    return {
      entriesIn: this.entriesIn,
      entriesOut: this.entriesOut,
      shadowed: this.shadowed,
      tombstonesDropped: this.tombstonesDropped,
      rangeDeleted: this.rangeDeleted,
      annihilated: this.annihilated,
      expired: this.expired,
      merged: this.merged,
      rangeDeletesIn: this.rangeDeletesIn,
      rangeDeletesOut: this.rangeDeletesOut,
      waitedMicros: this.waitedMicros,
      ...bytes,
    };
  }
}

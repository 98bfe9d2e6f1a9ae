// What histories of every engine tell of a compaction.

import type { CompactionInput, MergeTotals } from '../protocol/events.ts';

/** Of a compaction that nobody counted. */
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

/** The tables that a manifest's edit takes away, by their levels. */
export function inputsOf(
  removed: readonly { readonly level: number; readonly number: number }[],
): readonly CompactionInput[] {
  const levels = [...new Set(removed.map(({ level }) => level))].sort((a, b) => a - b);
  return levels.map((level) => ({
    level,
    files: removed.filter((table) => table.level === level).map(({ number }) => number),
  }));
}

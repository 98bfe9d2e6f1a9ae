// Mutants that change nothing anybody could see, and why. Whoever adds a line here has understood
// the code around it.

import type { Mutant } from './mutants.ts';

/** A mutant by its text, which lives longer than the number of its line. */
export interface Equivalent {
  readonly file: string;
  readonly kind: Mutant['kind'];
  /** Part of the line, with what is turned or left out in it. */
  readonly text: string;
  readonly reason: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: 'src/engine/compaction/snapshotStripes.ts',
    kind: 'drop rule',
    text: 'return this.snapshots.length > 0',
    reason: 'of no snapshots there is no first one, and nothing is older than that either',
  },
  {
    file: 'src/engine/compaction/snapshotStripes.ts',
    kind: 'drop rule',
    text: 'oldest < sequence',
    reason: 'with a snapshot right at a tombstone, nothing older stays: it only waits in vain',
  },
  {
    file: 'src/engine/compaction/versionSifter.ts',
    kind: 'drop rule',
    text: 'this.coversPassed < this.covers.length;',
    reason: 'a tombstone for which no range delete is left waits in vain, and goes as it would',
  },
  {
    file: 'src/engine/compaction/compactionRun.ts',
    kind: 'drop rule',
    text: 'run.run < newest',
    reason: 'tables of one run share no keys, nor do their range deletes reach over',
  },
  {
    file: 'src/engine/compaction/planCheck.ts',
    kind: 'drop rule',
    text: 'left.run > right.run',
    reason: 'tables of one run share no keys, and only those that do are compared',
  },
  {
    file: 'src/engine/compaction/planCheck.ts',
    kind: 'drop rule',
    text: 'left.level < right.level',
    reason: 'it is asked only of different levels',
  },
  {
    file: 'src/engine/rangeDelete/fragments.ts',
    kind: 'drop rule',
    text: 'compareBytes(start, end) < 0',
    reason: 'where both are the same place, either may stand for it',
  },
  {
    file: 'src/engine/rangeDelete/rangeTombstone.ts',
    kind: 'drop rule',
    text: 'compareBytes(tombstone.to, end) <= 0',
    reason: 'a copy with the same end says the same',
  },
  {
    file: 'src/engine/rangeDelete/rangeTombstone.ts',
    kind: 'drop rule',
    text: 'compareBytes(tombstone.from, start) >= 0',
    reason: 'a copy with the same start says the same',
  },
  {
    file: 'src/engine/rangeDelete/rangeTombstone.ts',
    kind: 'drop rule',
    text: 'compareBytes(a, b) <= 0',
    reason: 'of two equal keys either is the lesser',
  },
  {
    file: 'src/engine/rangeDelete/rangeTombstone.ts',
    kind: 'drop rule',
    text: 'compareBytes(a, b) >= 0',
    reason: 'of two equal keys either is the greater',
  },
  {
    file: 'src/engine/write/rotation.ts',
    kind: 'sync',
    text: 'await syncActive(state, 0);',
    reason: 'ending the segment syncs it, too; this sync is told of as an event and counted',
  },
  {
    file: 'src/engine/db.ts',
    kind: 'sync',
    text: 'await syncActive(state, 0);',
    reason: 'ending the segment syncs it, too; this sync is told of as an event and counted',
  },
  {
    file: 'src/engine/log/finishLog.ts',
    kind: 'sync',
    text: 'await vfs.syncDirectory(directory);',
    reason: 'the manifest names a log only after its name was durable',
  },
  {
    file: 'src/engine/checkpoint/checkpoint.ts',
    kind: 'sync',
    text: 'await vfs.syncDirectory(directory);',
    reason: 'the new manifest syncs the same directory before CURRENT points at it',
  },
  {
    file: 'src/engine/repair/rewrittenStore.ts',
    kind: 'sync',
    text: 'await vfs.syncDirectory(context.directory);',
    reason: 'the new manifest syncs the same directory before CURRENT points at it',
  },
  {
    file: 'src/engine/jobs/copyFile.ts',
    kind: 'sync',
    text: 'await target.sync();',
    reason: 'copied logs are synced when they are ended, ingested tables by makeDurable',
  },
  {
    file: 'src/engine/compaction/versionSifter.ts',
    kind: 'drop rule',
    text: 'const one = count > 1',
    reason: 'one operand combined with nothing is itself',
  },
];

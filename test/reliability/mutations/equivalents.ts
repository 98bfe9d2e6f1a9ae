// Mutants that change nothing anybody could see, and why. Whoever adds a line here has understood
// the code around it.

import type { Mutant } from './mutants.ts';

/** A mutant by the text of its line, which lives longer than its number. */
export interface Equivalent {
  readonly file: string;
  readonly kind: Mutant['kind'];
  /** Part of the line. */
  readonly line: string;
  readonly reason: string;
}

export const equivalents: readonly Equivalent[] = [
  {
    file: 'src/engine/compaction/snapshotStripes.ts',
    kind: 'drop rule',
    line: 'return this.snapshots.length > 0',
    reason: 'of no snapshots there is no first one, and nothing is older than that either',
  },
  {
    file: 'src/engine/write/rotation.ts',
    kind: 'sync',
    line: 'await syncActive(state, 0);',
    reason: 'ending the segment syncs it, too; this sync is told of as an event and counted',
  },
  {
    file: 'src/engine/db.ts',
    kind: 'sync',
    line: 'await syncActive(state, 0);',
    reason: 'ending the segment syncs it, too; this sync is told of as an event and counted',
  },
  {
    file: 'src/engine/log/finishLog.ts',
    kind: 'sync',
    line: 'await vfs.syncDirectory(directory);',
    reason: 'the manifest names a log only after its name was durable',
  },
  {
    file: 'src/engine/checkpoint/checkpoint.ts',
    kind: 'sync',
    line: 'await vfs.syncDirectory(directory);',
    reason: 'the new manifest syncs the same directory before CURRENT points at it',
  },
  {
    file: 'src/engine/repair/rewrittenStore.ts',
    kind: 'sync',
    line: 'await vfs.syncDirectory(context.directory);',
    reason: 'the new manifest syncs the same directory before CURRENT points at it',
  },
  {
    file: 'src/engine/jobs/copyFile.ts',
    kind: 'sync',
    line: 'await target.sync();',
    reason: 'copied logs are synced when they are ended, ingested tables by makeDurable',
  },
  {
    file: 'src/engine/compaction/versionSifter.ts',
    kind: 'drop rule',
    line: 'const one = count > 1',
    reason: 'one operand combined with nothing is itself',
  },
];

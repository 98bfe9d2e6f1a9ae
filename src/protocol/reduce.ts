// The fold: the only place that knows what an event does to the tree. Live, replay, scrubbing and
// other engines' histories all go through this one pure function.
//
// - Events carry absolute figures, so leaving some out makes the state coarser, never wrong; a
//   `summary` sets every figure that per-operation events move.
// - Counters move by `summary` alone: what was left out could not be counted otherwise.
// - Whatever did not change is shared with the state before, so a keyframe costs one reference.
// - An event that does not fit (it names a table that is not there) changes nothing: a stream that
//   begins in the middle, or one from a damaged file, still folds.
//
// Each group of events has its file in fold/.

import type { LsmEvent } from './events.ts';
import { beginCompaction, endCompaction, mergeEntry, mergeProgress } from './fold/compaction.ts';
import {
  beginStall,
  createSnapshot,
  endStall,
  reportError,
  releaseSnapshot,
  summarize,
} from './fold/control.ts';
import { createFamily, dropFamily } from './fold/family.ts';
import { beginFlush, endFlush, flushProgress } from './fold/flush.ts';
import { editManifest, rotateManifest } from './fold/manifest.ts';
import { insertEntry, sealMemtable, takeRangeDelete } from './fold/memtable.ts';
import { cacheFigures } from './fold/reads.ts';
import { beginRecovery, changeOptions, closeStore, endRecovery, recoverWal } from './fold/store.ts';
import { createTable, deleteTable, growTable } from './fold/table.ts';
import { beginTransaction, endTransaction, transactionFigures } from './fold/transactions.ts';
import { appendRecord, deleteSegment, endWrite, rotateWal, syncWal } from './fold/wal.ts';
import type { TreeState } from './treeState.ts';

/** The state after `event`. Pure; shares what did not change. */
export function reduce(state: TreeState, event: LsmEvent): TreeState {
  const changed = apply(state, event);
  return {
    ...changed,
    eventNumber: event.number,
    timeMicros: event.timeMicros || state.timeMicros,
  };
}

function apply(state: TreeState, event: LsmEvent): TreeState {
  switch (event.kind) {
    case 'recovery.begin':
      return beginRecovery(state, event);
    case 'recovery.wal':
      return recoverWal(state, event);
    case 'recovery.end':
      return endRecovery(state, event);
    case 'store.options':
      return changeOptions(state, event);
    case 'store.close':
      return closeStore(state);
    case 'wal.append':
      return appendRecord(state, event);
    case 'wal.sync':
      return syncWal(state, event);
    case 'wal.rotate':
      return rotateWal(state, event);
    case 'wal.delete':
      return deleteSegment(state, event);
    case 'write.end':
      return endWrite(state, event);
    case 'memtable.insert':
      return insertEntry(state, event);
    case 'memtable.rangeDelete':
      return takeRangeDelete(state, event);
    case 'memtable.seal':
      return sealMemtable(state, event);
    case 'table.block':
      return growTable(state, event);
    case 'table.create':
      return createTable(state, event);
    case 'table.delete':
      return deleteTable(state, event);
    case 'flush.begin':
      return beginFlush(state, event);
    case 'flush.progress':
      return flushProgress(state, event);
    case 'flush.end':
      return endFlush(state, event);
    case 'compaction.begin':
      return beginCompaction(state, event);
    case 'compaction.entry':
      return mergeEntry(state, event);
    case 'compaction.progress':
      return mergeProgress(state, event);
    case 'compaction.end':
      return endCompaction(state, event);
    case 'manifest.edit':
      return editManifest(state, event);
    case 'manifest.rotate':
      return rotateManifest(state, event);
    default:
      return applyControl(state, event);
  }
}

/** Events whose effect is on figures beside the tree, and those that only tell what was done. */
function applyControl(state: TreeState, event: LsmEvent): TreeState {
  switch (event.kind) {
    case 'block.read':
    case 'cache.evict':
      return cacheFigures(state, event);
    case 'stall.begin':
      return beginStall(state, event);
    case 'stall.end':
      return endStall(state, event);
    case 'snapshot.create':
      return createSnapshot(state, event);
    case 'snapshot.release':
      return releaseSnapshot(state, event);
    case 'family.create':
      return createFamily(state, event);
    case 'family.drop':
      return dropFamily(state, event);
    case 'transaction.begin':
      return beginTransaction(state, event);
    case 'transaction.write':
    case 'transaction.read':
    case 'transaction.walk':
    case 'transaction.savepoint':
    case 'transaction.restore':
      return transactionFigures(state, event);
    case 'transaction.commit':
    case 'transaction.conflict':
    case 'transaction.rollback':
      return endTransaction(state, event);
    case 'error':
      return reportError(state, event);
    case 'summary':
      return summarize(state, event);
    default:
      return state;
  }
}

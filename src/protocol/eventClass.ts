// Which events may be left out when there are too many: those whose effect a `summary`, or a later
// event of the same job, states in absolute figures. All others change the shape of the tree, are
// rare and are always sent.

import type { LsmEventKind } from './events.ts';

const SAMPLED_KINDS: ReadonlySet<LsmEventKind> = new Set<LsmEventKind>([
  'write.begin',
  'write.group',
  'write.end',
  'wal.append',
  'wal.sync',
  'memtable.insert',
  'memtable.rangeDelete',
  'table.entry',
  'table.block',
  'table.filter',
  'flush.progress',
  'compaction.entry',
  'compaction.progress',
  'get.begin',
  'memtable.lookup',
  'table.skip',
  'table.cover',
  'filter.check',
  'index.seek',
  'block.read',
  'block.search',
  'get.operand',
  'get.merge',
  'get.end',
  'scan.begin',
  'scan.end',
  'cache.evict',
  'transaction.write',
  'transaction.read',
  'transaction.walk',
  'transaction.check',
]);

/** Whether events of this kind may be left out. */
export function isSampled(kind: LsmEventKind): boolean {
  return SAMPLED_KINDS.has(kind);
}

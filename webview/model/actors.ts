// Which operation, group commit or job an event belongs to, and the events that belong together.
// The log's events name only their group; the group's own event names the operations in it.

import type { LsmEvent } from '../../src/protocol/events.ts';
import { RECENT_MAX } from './frame.ts';
import type { Timeline } from './timeline.ts';

/** How far back the beginning of an operation or a job is looked for, in events. */
const LOOK_BACK_MAX = 4000;

/** What an event is about, for colour, dimming and close-ups. */
export type Activity = 'write' | 'read' | 'scan' | 'flush' | 'compaction' | 'transaction' | 'store';

/** The side of the tree that acts in `event`. */
export function activityOf(event: LsmEvent): Activity {
  const kind = event.kind;
  if (kind.startsWith('write.') || kind === 'memtable.insert') return 'write';
  if (kind === 'memtable.rangeDelete') return 'write';
  if (kind === 'wal.append' || kind === 'wal.sync') return 'write';
  if (kind.startsWith('scan.')) return 'scan';
  if (kind.startsWith('get.') || READ_KINDS.has(kind)) return 'read';
  if (kind.startsWith('flush.') || kind.startsWith('memtable.')) return 'flush';
  if (kind.startsWith('compaction.')) return 'compaction';
  if (kind.startsWith('transaction.')) return 'transaction';
  return 'store';
}

const READ_KINDS: ReadonlySet<string> = new Set([
  'memtable.lookup',
  'table.skip',
  'table.cover',
  'filter.check',
  'index.seek',
  'block.read',
  'block.search',
]);

/** The ids that tie an event to others; 0 or absent means none. */
interface Ties {
  readonly operation: number;
  readonly group: number;
  readonly job: number;
  readonly transaction: number;
}

function tiesOf(event: LsmEvent): Ties {
  return {
    operation: 'operation' in event ? event.operation : 0,
    group: 'group' in event ? event.group : 0,
    job: 'job' in event ? event.job : 0,
    transaction: 'transaction' in event ? event.transaction : 0,
  };
}

/**
 * Whether a step that a reader takes as one (a put, a get, a flush's table) is over with `event`.
 */
export function closesStep(event: LsmEvent): boolean {
  return STEP_ENDS.has(event.kind);
}

const STEP_ENDS: ReadonlySet<LsmEvent['kind']> = new Set([
  'write.end',
  'get.end',
  'scan.end',
  'memtable.seal',
  'table.block',
  'table.create',
  'manifest.edit',
  'flush.end',
  'compaction.pick',
  'compaction.begin',
  'compaction.end',
  'recovery.wal',
  'recovery.end',
  'stall.begin',
  'stall.end',
  'transaction.begin',
  'transaction.write',
  'transaction.read',
  'transaction.walk',
  'transaction.savepoint',
  'transaction.restore',
  'transaction.commit',
  'transaction.conflict',
  'transaction.rollback',
  'error',
  'summary',
]);

/**
 * The events before `index` that belong to the same operation, group, job or transaction, oldest
 * first; at most RECENT_MAX, the newest of them. To a transaction belongs what others have written
 * since it began, too.
 */
export function recentOf(timeline: Timeline, index: number): readonly LsmEvent[] {
  const event = timeline.eventAt(index);
  if (event === undefined) return [];
  const ties = tiesOf(event);
  if (Object.values(ties).every((tie) => tie === 0)) return [];
  const operations = new Set<number>(ties.operation > 0 ? [ties.operation] : []);
  if (event.kind === 'write.group') for (const id of event.operations) operations.add(id);
  const found: LsmEvent[] = [];
  const oldest = Math.max(timeline.first, index - LOOK_BACK_MAX);
  for (let at = index - 1; at >= oldest && found.length < RECENT_MAX; at--) {
    const earlier = timeline.eventAt(at);
    if (earlier === undefined || !belongs(earlier, ties, operations)) continue;
    found.push(earlier);
    if (isBeginning(earlier, operations)) break;
  }
  return found.reverse();
}

function belongs(earlier: LsmEvent, ties: Ties, operations: Set<number>): boolean {
  const other = tiesOf(earlier);
  if (ties.job > 0) return other.job === ties.job;
  if (ties.transaction > 0) {
    return other.transaction === ties.transaction || CHANGES.has(earlier.kind);
  }
  if (earlier.kind === 'write.group') {
    const same =
      earlier.group === ties.group || earlier.operations.some((id) => operations.has(id));
    if (same) for (const id of earlier.operations) operations.add(id);
    return same;
  }
  if (other.operation > 0 && operations.has(other.operation)) return true;
  return ties.group > 0 && other.group === ties.group && other.operation === 0;
}

/** What tells a transaction that others have written, and who. */
const CHANGES: ReadonlySet<LsmEvent['kind']> = new Set([
  'memtable.insert',
  'memtable.rangeDelete',
  'transaction.commit',
]);

/** Nothing of the same actor lies before this event. */
function isBeginning(event: LsmEvent, operations: Set<number>): boolean {
  switch (event.kind) {
    case 'get.begin':
    case 'scan.begin':
    case 'compaction.pick':
    case 'flush.begin':
    case 'transaction.begin':
      return true;
    case 'write.begin':
      operations.delete(event.operation);
      return operations.size === 0;
    default:
      return false;
  }
}

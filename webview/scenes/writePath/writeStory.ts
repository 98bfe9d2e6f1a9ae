// What the frame knows about the group of writes that it shows: who wrote what, the record in the
// log, what has reached the memtable. Everything comes from the events of the group.

import type {
  LsmEvent,
  MemtableEvent,
  OperationId,
  WalEvent,
  WriteEntry,
  WriteEvent,
} from '../../../src/protocol/events.ts';
import type { Frame } from '../../model/frame.ts';

type OfKind<U, K> = Extract<U, { readonly kind: K }>;
export type WriteBegin = OfKind<WriteEvent, 'write.begin'>;
export type WriteGroup = OfKind<WriteEvent, 'write.group'>;
export type WriteEnd = OfKind<WriteEvent, 'write.end'>;
export type WalAppend = OfKind<WalEvent, 'wal.append'>;
export type WalSync = OfKind<WalEvent, 'wal.sync'>;
export type MemtableInsert = OfKind<MemtableEvent, 'memtable.insert'>;

/** One entry on its way from the console to the memtable. */
export interface Token {
  readonly key: string;
  readonly operation: OperationId;
  readonly entry: WriteEntry;
  /** Known once its group has its numbers. */
  readonly sequence: number | undefined;
}

export interface WriteStory {
  readonly begins: readonly WriteBegin[];
  readonly group: WriteGroup | undefined;
  readonly append: WalAppend | undefined;
  readonly sync: WalSync | undefined;
  /** Those before the event that is shown. */
  readonly inserted: readonly MemtableInsert[];
  readonly ended: readonly WriteEnd[];
  /** In the order of their sequence numbers. */
  readonly tokens: readonly Token[];
  /**
   * Entries of the group that no token stands for: an event lists at most the first 16 of a batch.
   */
  readonly tokensLeftOut: number;
}

/** Reads the story out of the events of the same group, the shown one included. */
export function writeStory(frame: Frame): WriteStory {
  const events = frame.event === null ? frame.recent : [...frame.recent, frame.event];
  const begins = dropRepeated(events.filter((event) => event.kind === 'write.begin'));
  const group = events.findLast((event) => event.kind === 'write.group');
  const tokens = tokensOf(begins, group);
  const entries = group?.entries ?? begins.reduce((sum, begin) => sum + begin.entryCount, 0);
  return {
    begins,
    group,
    append: events.findLast((event) => event.kind === 'wal.append'),
    sync: events.findLast((event) => event.kind === 'wal.sync'),
    inserted: frame.recent.filter((event) => event.kind === 'memtable.insert'),
    ended: frame.recent.filter((event) => event.kind === 'write.end'),
    tokens,
    tokensLeftOut: Math.max(0, entries - tokens.length),
  };
}

function dropRepeated(begins: readonly (WriteBegin & LsmEvent)[]): readonly WriteBegin[] {
  const known = new Map(begins.map((begin) => [begin.operation, begin]));
  return [...known.values()];
}

function tokensOf(begins: readonly WriteBegin[], group: WriteGroup | undefined): readonly Token[] {
  const byOperation = new Map(begins.map((begin) => [begin.operation, begin]));
  const order = group?.operations ?? begins.map(({ operation }) => operation);
  const numbered = group !== undefined && order.every((operation) => byOperation.has(operation));
  let sequence = group?.firstSequence ?? 0;
  return order.flatMap((operation) => {
    const begin = byOperation.get(operation);
    if (begin === undefined) return [];
    const first = sequence;
    sequence += begin.entryCount;
    return begin.entries.map((entry, index) => ({
      key: `${operation}.${index}`,
      operation,
      entry,
      sequence: numbered ? first + index : undefined,
    }));
  });
}

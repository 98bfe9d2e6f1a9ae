// Which of a log's operations count, and under which sequence numbers, as RocksDB decides when it
// replays a log (db/write_batch.cc, MemTableInserter).
//
// Plain entries count at once, each with a number of its own. What a transaction has prepared waits
// until a later record commits it: with the default policy it gets its numbers there; with the
// policies that write to memtables at once (`isInMemtables`) it has that of its own batch. What is
// never committed, or rolled back, is never seen.

import type { LoggedBatch, LoggedOperation } from './writeBatch.ts';

type EntryOperation = Extract<
  LoggedOperation,
  { readonly kind: 'entry' | 'range-delete' | 'range-keys' }
>;

/** An operation that counts. */
export interface CountedOperation {
  readonly operation: EntryOperation;
  readonly sequence: number;
}

interface Prepared {
  readonly operations: CountedOperation[];
  readonly isInMemtables: boolean;
}

/** Remembers what waits, over all logs. */
export class LoggedTransactions {
  /** The last number that was given away. */
  lastSequence = 0;
  private readonly prepared = new Map<string, Prepared[]>();

  /** What of a batch counts now. */
  take({ firstSequence, operations }: LoggedBatch): CountedOperation[] {
    const counted: CountedOperation[] = [];
    let sequence = firstSequence;
    let preparing: Prepared | undefined;
    for (const operation of operations) {
      switch (operation.kind) {
        case 'entry':
        case 'range-delete':
        case 'range-keys':
          if (preparing === undefined) counted.push({ operation, sequence: sequence++ });
          else preparing.operations.push({ operation, sequence });
          break;
        case 'begin-prepare':
          preparing = { operations: [], isInMemtables: operation.isInMemtables };
          break;
        case 'end-prepare':
          if (preparing?.isInMemtables === true) sequence++;
          if (preparing !== undefined) this.wait(operation.transaction, preparing);
          preparing = undefined;
          break;
        case 'commit':
          for (const each of this.release(operation.transaction)) {
            for (const waiting of each.operations) {
              const stamped = withTimestamp(waiting.operation, operation.timestamp);
              const own = each.isInMemtables ? waiting.sequence : sequence++;
              counted.push({ operation: stamped, sequence: own });
            }
          }
          break;
        case 'rollback':
          this.release(operation.transaction);
          break;
        case 'nothing':
          break;
      }
    }
    this.lastSequence = Math.max(this.lastSequence, sequence - 1);
    return counted;
  }

  private wait(transaction: string, prepared: Prepared): void {
    const waiting = this.prepared.get(transaction) ?? [];
    waiting.push(prepared);
    this.prepared.set(transaction, waiting);
  }

  private release(transaction: string): readonly Prepared[] {
    const waiting = this.prepared.get(transaction) ?? [];
    this.prepared.delete(transaction);
    return waiting;
  }
}

/** A commit's timestamp takes the place that was left for it at the end of each key. */
function withTimestamp(
  operation: EntryOperation,
  timestamp: Uint8Array | undefined,
): EntryOperation {
  if (timestamp === undefined || operation.kind !== 'entry') return operation;
  const key = operation.key.slice();
  if (key.length >= timestamp.length) key.set(timestamp, key.length - timestamp.length);
  return { ...operation, key };
}

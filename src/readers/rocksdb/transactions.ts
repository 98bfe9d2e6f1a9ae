// Which of a log's operations count, and under which sequence numbers, as RocksDB decides when it
// replays a log (db/write_batch.cc, MemTableInserter).
//
// Plain entries count at once, each with a number of its own. What a transaction has prepared waits
// until a later record commits it: with the default policy it gets its numbers there. What is never
// committed, or rolled back, is never seen.
//
// With the policies that write to memtables before the commit (write-prepared, write-unprepared) a
// whole batch has one number, and another one from each key on that it holds already; so has a
// commit. A record of such a store is known by its markers: its way to prepare, or one behind its
// entries that ends them. What waits there counts at once, and its numbers stay hidden, in tables
// too, until they are committed.

import { encodeHex } from '../../base/bytes.ts';
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

/** A part of a transaction that waits. */
interface Prepared {
  readonly operations: CountedOperation[];
  /** They count already. */
  readonly isInMemtables: boolean;
}

/** Remembers what waits, over all logs. */
export class LoggedTransactions {
  /** The last number that was given away. */
  lastSequence = 0;
  private readonly prepared = new Map<string, Prepared[]>();

  /** Numbers of what is in memtables or tables and must not be seen. */
  hidden(): ReadonlySet<number> {
    const waiting = [...this.prepared.values()].flat();
    const early = waiting.filter(({ isInMemtables }) => isInMemtables);
    return new Set(early.flatMap(({ operations }) => operations.map(({ sequence }) => sequence)));
  }

  /** What of a batch counts now. */
  take({ firstSequence, operations }: LoggedBatch): CountedOperation[] {
    const counted: CountedOperation[] = [];
    const numbers = hasOneNumber(operations)
      ? new NumberForBatch(firstSequence)
      : new NumberForEach(firstSequence);
    let preparing: Prepared | undefined;
    let released: readonly Prepared[];
    for (const operation of operations) {
      switch (operation.kind) {
        case 'entry':
        case 'range-delete':
        case 'range-keys':
          if (preparing === undefined || preparing.isInMemtables) {
            const each = { operation, sequence: numbers.of(operation) };
            counted.push(each);
            preparing?.operations.push(each);
          } else {
            preparing.operations.push({ operation, sequence: 0 });
          }
          break;
        case 'begin-prepare':
          preparing = { operations: [], isInMemtables: operation.isInMemtables };
          break;
        case 'end-prepare':
          numbers.endPart();
          if (preparing !== undefined) this.wait(operation.transaction, preparing);
          preparing = undefined;
          break;
        case 'commit':
          released = this.release(operation.transaction);
          for (const each of released) {
            const late = each.isInMemtables ? [] : each.operations;
            for (const waiting of late) {
              const stamped = withTimestamp(waiting.operation, operation.timestamp);
              counted.push({ operation: stamped, sequence: numbers.of(stamped) });
            }
          }
          if (released.some(({ isInMemtables }) => isInMemtables)) numbers.passOne();
          break;
        case 'rollback':
          this.release(operation.transaction);
          numbers.endPart();
          break;
        case 'end-of-part':
          numbers.endPart();
          break;
        case 'nothing':
          break;
      }
    }
    this.lastSequence = Math.max(this.lastSequence, numbers.next - 1);
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

/** Where a record's markers tell that its entries share a number. */
function hasOneNumber(operations: readonly LoggedOperation[]): boolean {
  const first = operations.findIndex(({ kind }) => kind === 'entry');
  return operations.some((operation, index) => {
    if (operation.kind === 'begin-prepare') return operation.isInMemtables;
    const isEnd = operation.kind === 'end-of-part' || operation.kind === 'rollback';
    return isEnd && first !== -1 && index > first;
  });
}

/** Gives sequence numbers to the operations of a record. */
interface Numbers {
  /** The first that is not given away. */
  readonly next: number;
  of(operation: EntryOperation): number;
  /** What shares a number ends here. */
  endPart(): void;
  /** A number is given to no entry. */
  passOne(): void;
}

class NumberForEach implements Numbers {
  next: number;

  constructor(first: number) {
    this.next = first;
  }

  of(): number {
    return this.next++;
  }

  endPart(): void {}

  passOne(): void {
    this.next++;
  }
}

class NumberForBatch implements Numbers {
  private number: number;
  /** By family and key. */
  private keys = new Set<string>();

  constructor(first: number) {
    this.number = first;
  }

  get next(): number {
    return this.keys.size === 0 ? this.number : this.number + 1;
  }

  of(operation: EntryOperation): number {
    const key = operation.kind === 'entry' ? operation.key : operation.from;
    const place = `${operation.family} ${encodeHex(key)}`;
    if (this.keys.has(place)) this.endPart();
    this.keys.add(place);
    return this.number;
  }

  endPart(): void {
    this.passOne();
  }

  passOne(): void {
    this.number++;
    this.keys.clear();
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

// What a frame knows of the transaction that it shows: what it has read and written so far, what
// others have written since it began, what its commit has checked. Read out of the events alone.

import { compareBytes, encodeHex } from '../../src/base/bytes.ts';
import { crc32 } from '../../src/base/crc32.ts';
import type { EntryKind, LsmEvent, SequenceNumber } from '../../src/protocol/events.ts';
import type { IsolationLevel, TransactionId } from '../../src/protocol/transactionEvents.ts';
import type { Frame } from './frame.ts';

type Of<Kind extends LsmEvent['kind']> = Extract<LsmEvent, { readonly kind: Kind }>;
export type OwnRead = Of<'transaction.read'>;
export type OwnWalk = Of<'transaction.walk'>;
export type OwnWrite = Of<'transaction.write'>;
export type OwnCheck = Of<'transaction.check'>;
export type Ending = Of<'transaction.commit' | 'transaction.conflict' | 'transaction.rollback'>;

/** A write of somebody else's since the transaction began, or its own once they are committed. */
export interface StoreWrite {
  readonly family: number;
  readonly kind: EntryKind;
  /** Of a range delete, where it begins. */
  readonly key: Uint8Array;
  /** Of a range delete, where it ends; `undefined` for all others. */
  readonly to: Uint8Array | undefined;
  readonly sequence: SequenceNumber;
  readonly valueSizeBytes: number;
  readonly valuePreview: Uint8Array;
  /** The transaction that committed it; `undefined` when it was a plain write. */
  readonly by: TransactionId | undefined;
}

export interface TransactionPast {
  readonly id: TransactionId;
  readonly isolation: IsolationLevel;
  readonly sequence: SequenceNumber;
  /** The newest read of each key, in the order in which the keys were first read. */
  readonly reads: readonly OwnRead[];
  readonly walks: readonly OwnWalk[];
  /** The newest write to each key, and the ranges it deletes; what was taken back is not there. */
  readonly writes: readonly OwnWrite[];
  /** What the event shown takes back. */
  readonly forgotten: readonly OwnWrite[];
  readonly savepoints: number;
  /** What others have written, oldest first. */
  readonly others: readonly StoreWrite[];
  /** Its own writes in the store: after the commit. */
  readonly committed: readonly StoreWrite[];
  /** In order; the last may be the one that is shown. */
  readonly checks: readonly OwnCheck[];
  readonly ending: Ending | undefined;
}

/** Whether the event is one of a transaction's. */
export function isOfTransaction(event: LsmEvent): boolean {
  return event.kind.startsWith('transaction.');
}

/** The past of the transaction that the frame's event belongs to. */
export function transactionPast(frame: Frame): TransactionPast | undefined {
  const { event, recent } = frame;
  if (event === null || !('transaction' in event)) return undefined;
  const id = event.transaction;
  const all = [...recent, event];
  const own = all.filter((each) => 'transaction' in each && each.transaction === id);
  const of = <Kind extends LsmEvent['kind']>(kind: Kind): readonly Of<Kind>[] =>
    own.filter((each): each is Of<Kind> => each.kind === kind);
  const view =
    of('transaction.begin')[0] ?? frame.state.transactions.find((each) => each.transaction === id);
  const ending = own.find(isEnding);
  const sequence = view?.sequence ?? 0;
  const written = storeWrites(all).filter((write) => write.sequence > sequence);
  const isCommitted = isOwn(ending);
  return {
    id,
    isolation: view?.isolation ?? 'serializable',
    sequence,
    reads: newestOfEach(of('transaction.read')),
    walks: of('transaction.walk'),
    ...buffer(own),
    others: written.filter((write) => !isCommitted(write)),
    committed: written.filter(isCommitted),
    checks: of('transaction.check'),
    ending,
  };
}

/** The newest change by somebody else of what one key is, or undefined. */
export function changeOf(
  { others }: Pick<TransactionPast, 'others'>,
  family: number,
  key: Uint8Array,
): StoreWrite | undefined {
  return others.findLast((write) => write.family === family && touchesKey(write, key));
}

/**
 * Keys that the transaction had read and somebody has changed since, in a commit that did not look
 * at them: what it wrote may rest on what is no longer so.
 */
export function skewedKeys(frame: Frame): readonly StoreWrite[] {
  const past = transactionPast(frame);
  if (past?.ending?.kind !== 'transaction.commit' || past.ending.entries === 0) return [];
  return uncheckedChanges(past);
}

/** Changes by others of what was read and will not be checked; one a key. */
export function uncheckedChanges(past: TransactionPast): readonly StoreWrite[] {
  const checked = past.reads.filter((read) => read.checked);
  const read = past.reads
    .filter((each) => !each.checked && !each.own)
    .map(({ family, key }) => changeOf(past, family, key));
  const walked = past.walks
    .filter((walk) => !walk.checked)
    .flatMap(({ range }) =>
      past.others.filter(({ family, key }) => {
        return family === range.family && inRange(key, range);
      }),
    );
  const found = new Map<string, StoreWrite>();
  for (const write of [...read, ...walked]) {
    if (write === undefined) continue;
    const isChecked = checked.some(({ family, key }) => {
      return family === write.family && compareBytes(key, write.key) === 0;
    });
    const name = keyIdentity(write.family, write.key);
    if (!isChecked && (found.get(name)?.sequence ?? 0) < write.sequence) found.set(name, write);
  }
  return [...found.values()];
}

/** Whether a key lies in a range; `null` is no bound on that side. */
export function inRange(
  key: Uint8Array,
  { from, to, toIncluded }: Pick<OwnWalk['range'], 'from' | 'to' | 'toIncluded'>,
): boolean {
  if (from !== null && compareBytes(key, from) < 0) return false;
  if (to === null) return true;
  const order = compareBytes(key, to);
  return order < 0 || (order === 0 && toIncluded);
}

/** Bytes of a key that its identity spells; the rest is summed up. */
const SPELT_BYTES = 48;

/** The same for the same key of the same family; short for a key of any length. */
export function keyIdentity(family: number, key: Uint8Array): string {
  const spelt = encodeHex(key.subarray(0, SPELT_BYTES));
  const rest = key.length > SPELT_BYTES ? `.${key.length}.${crc32(key, 0, key.length)}` : '';
  return `${family}.${spelt}${rest}`;
}

function touchesKey(write: StoreWrite, key: Uint8Array): boolean {
  if (write.to === undefined) return compareBytes(write.key, key) === 0;
  return inRange(key, { from: write.key, to: write.to, toIncluded: false });
}

function isEnding(event: LsmEvent): event is LsmEvent & Ending {
  return (
    event.kind === 'transaction.commit' ||
    event.kind === 'transaction.conflict' ||
    event.kind === 'transaction.rollback'
  );
}

function newestOfEach(reads: readonly OwnRead[]): readonly OwnRead[] {
  const newest = new Map<string, OwnRead>();
  for (const read of reads) {
    const name = keyIdentity(read.family, read.key);
    const known = newest.get(name);
    // Once it is to be checked it stays so, however it is read again.
    newest.set(name, known?.checked === true ? { ...read, checked: true } : read);
  }
  return [...newest.values()];
}

/** Replays writes and savepoints. */
function buffer(
  own: readonly LsmEvent[],
): Pick<TransactionPast, 'writes' | 'forgotten' | 'savepoints'> {
  const saved: (readonly OwnWrite[])[] = [];
  let writes: readonly OwnWrite[] = [];
  let forgotten: readonly OwnWrite[] = [];
  for (const event of own) {
    forgotten = [];
    if (event.kind === 'transaction.write') writes = withWrite(writes, event);
    else if (event.kind === 'transaction.savepoint') saved.push(writes);
    else if (event.kind === 'transaction.restore') {
      const kept = saved.pop() ?? [];
      forgotten = writes.filter((write) => !kept.includes(write));
      writes = kept;
    }
  }
  return { writes, forgotten, savepoints: saved.length };
}

/** As the engine keeps them: a range delete forgets the writes to the keys in it. */
function withWrite(writes: readonly OwnWrite[], write: OwnWrite): readonly OwnWrite[] {
  const { family, kind, key, valuePreview } = write.entry;
  const deleted = { from: key, to: valuePreview, toIncluded: false };
  const kept = writes.filter(({ entry }) => {
    if (entry.family !== family || entry.kind === 'range-delete') return true;
    return kind === 'range-delete'
      ? !inRange(entry.key, deleted)
      : compareBytes(entry.key, key) !== 0;
  });
  return [...kept, write];
}

/** Which writes a commit has made. */
function isOwn(ending: Ending | undefined): (write: Pick<StoreWrite, 'sequence'>) => boolean {
  if (ending?.kind !== 'transaction.commit') return () => false;
  const { firstSequence, entries } = ending;
  return ({ sequence }) => sequence >= firstSequence && sequence < firstSequence + entries;
}

function storeWrites(events: readonly LsmEvent[]): readonly StoreWrite[] {
  const commits = events.filter((event) => event.kind === 'transaction.commit');
  const by = (sequence: SequenceNumber): TransactionId | undefined =>
    commits.find((commit) => isOwn(commit)({ sequence }))?.transaction;
  return events.flatMap((event): readonly StoreWrite[] => {
    if (event.kind === 'memtable.insert') {
      const { family, entryKind: kind, key, sequence, valueSizeBytes, valuePreview } = event;
      const value = { valueSizeBytes, valuePreview };
      return [{ family, kind, key, to: undefined, sequence, ...value, by: by(sequence) }];
    }
    if (event.kind !== 'memtable.rangeDelete') return [];
    const { family, from: key, to, sequence } = event;
    const value = { valueSizeBytes: to.length, valuePreview: to };
    return [{ family, kind: 'range-delete', key, to, sequence, ...value, by: by(sequence) }];
  });
}

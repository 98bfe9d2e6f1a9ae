// Which keys and ranges have a column, and what stands in it. Whatever concerns one key stands in
// one column, so a conflict is seen as a column that is filled above and below the snapshot's line.

import { compareBytes } from '../../../src/base/bytes.ts';
import type { CheckedKeys, ConflictAccess } from '../../../src/protocol/transactionEvents.ts';
import { inRange, keyIdentity } from '../../model/transactionPast.ts';
import type {
  OwnCheck,
  OwnRead,
  OwnWalk,
  OwnWrite,
  StoreWrite,
  TransactionPast,
} from '../../model/transactionPast.ts';

/** One key, or one range that was walked over or is deleted. */
export interface Column {
  readonly id: string;
  readonly family: number;
  /** The key, or where the range begins; `null` is the first key. */
  readonly from: Uint8Array | null;
  /** `undefined` for a key. */
  readonly range: CheckedKeys | undefined;
  readonly read: OwnRead | undefined;
  readonly walk: OwnWalk | undefined;
  readonly write: OwnWrite | undefined;
  /** Taken back by the event that is shown. */
  readonly forgotten: OwnWrite | undefined;
  /** Of others, oldest first. */
  readonly others: readonly StoreWrite[];
  readonly committed: StoreWrite | undefined;
}

type Draft = { -readonly [K in keyof Column]: Column[K] } & { others: StoreWrite[] };

/** Every column there could be, in the order of keys. */
export function columnsOf(past: TransactionPast): readonly Column[] {
  const drafts = new Map<string, Draft>();
  const draft = (family: number, key: Uint8Array): Draft =>
    drafted(drafts, keyIdentity(family, key), family, key);
  const ofRange = (range: CheckedKeys, what: string): Draft => {
    const end = range.to === null ? '' : keyIdentity(0, range.to);
    const begin = range.from === null ? '' : keyIdentity(0, range.from);
    const found = drafted(
      drafts,
      `${what}.${range.family}.${begin}.${end}`,
      range.family,
      range.from,
    );
    found.range = range;
    return found;
  };
  for (const read of past.reads) draft(read.family, read.key).read = read;
  for (const walk of past.walks) ofRange(walk.range, 'walk').walk = walk;
  for (const write of past.writes) placeOf(write).write = write;
  for (const write of past.forgotten) placeOf(write).forgotten = write;
  for (const write of past.others) draft(write.family, write.key).others.push(write);
  for (const write of past.committed) draft(write.family, write.key).committed = write;
  return [...drafts.values()].toSorted(inOrder);

  function placeOf(write: OwnWrite): Draft {
    const { entry } = write;
    return entry.kind === 'range-delete'
      ? ofRange(deletedRange(write), 'delete')
      : draft(entry.family, entry.key);
  }
}

/** The range that a range delete is about. */
export function deletedRange({ entry }: OwnWrite): CheckedKeys {
  const { family, key: from, valuePreview: to } = entry;
  return { family, from, to, toIncluded: false };
}

/** The columns for which there is room; those that matter most stay. */
export function shownColumns(
  columns: readonly Column[],
  past: TransactionPast,
  room: number,
): readonly Column[] {
  if (columns.length <= room) return columns;
  const ranked = columns
    .map((column, index) => ({ column, rank: rankOf(column, past) * columns.length + index }))
    .toSorted((left, right) => right.rank - left.rank)
    .slice(0, room)
    .map(({ column }) => column);
  return columns.filter((column) => ranked.includes(column));
}

function rankOf(column: Column, past: TransactionPast): number {
  const now = past.checks.at(-1);
  if (past.ending?.kind === 'transaction.conflict' && holdsConflict(column, past.ending)) return 5;
  if (now !== undefined && isChecked(column, now)) return 4;
  const isOwn = hasOwn(column);
  if (isOwn && column.others.length > 0) return 3;
  if (!isOwn) return column.others.some((write) => inAnyRange(write, past)) ? 3 : 0;
  return column.write === undefined ? 1 : 2;
}

/** Whether the transaction has to do with the column's key or range. */
export function hasOwn({ read, walk, write, forgotten }: Column): boolean {
  return [read, walk, write, forgotten].some((each) => each !== undefined);
}

/** Whether a conflict was found at this column's key. */
export function holdsConflict(
  { family, from, range }: Column,
  conflict: { readonly family: number; readonly key: Uint8Array },
): boolean {
  if (range !== undefined || from === null || family !== conflict.family) return false;
  return compareBytes(from, conflict.key) === 0;
}

/** Whether a check was about this column. */
export function isChecked(column: Column, { access, range }: OwnCheck): boolean {
  if (column.family !== range.family) return false;
  const isRange = access === 'range' || access === 'range-delete';
  if (isRange !== (column.range !== undefined)) return false;
  const mine = column.range ?? { from: column.from, to: column.from };
  return sameBytes(mine.from, range.from) && (!isRange || sameBytes(mine.to, range.to));
}

/** In which row the thing stands that a check looked at. */
export function rowOfAccess(access: ConflictAccess): 'read' | 'write' {
  return access === 'write' || access === 'range-delete' ? 'write' : 'read';
}

/** Whether the key lies in a range that the transaction has walked over or deletes. */
export function inAnyRange(write: StoreWrite, { walks, writes }: TransactionPast): boolean {
  const deleted = writes.filter(({ entry }) => entry.kind === 'range-delete').map(deletedRange);
  return [...walks.map(({ range }) => range), ...deleted].some(
    (range) => range.family === write.family && inRange(write.key, range),
  );
}

function drafted(
  drafts: Map<string, Draft>,
  id: string,
  family: number,
  from: Uint8Array | null,
): Draft {
  const known = drafts.get(id);
  if (known !== undefined) return known;
  const empty: Draft = {
    ...{ id, family, from, range: undefined, read: undefined, walk: undefined },
    ...{ write: undefined, forgotten: undefined, others: [], committed: undefined },
  };
  drafts.set(id, empty);
  return empty;
}

/** By family and key; a range before the keys in it. */
function inOrder(left: Column, right: Column): number {
  if (left.family !== right.family) return left.family - right.family;
  if (left.from === null || right.from === null) {
    return Number(left.from !== null) - Number(right.from !== null);
  }
  const order = compareBytes(left.from, right.from);
  if (order !== 0) return order;
  return Number(left.range === undefined) - Number(right.range === undefined);
}

function sameBytes(left: Uint8Array | null, right: Uint8Array | null): boolean {
  if (left === null || right === null) return left === right;
  return compareBytes(left, right) === 0;
}

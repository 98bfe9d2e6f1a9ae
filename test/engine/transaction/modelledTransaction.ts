// A transaction beside a model of it. The model keeps one sorted map for all column families: a
// key's first character says in which it is.

import { expect } from 'vitest';
import { concatBytes, decodeUtf8, encodeHex } from '../../../src/base/bytes.ts';
import type { Lsm } from '../../../src/engine/db.ts';
import type { ColumnFamily } from '../../../src/engine/family/columnFamily.ts';
import type { Transaction } from '../../../src/engine/transaction/transaction.ts';
import type { IsolationLevel } from '../../../src/protocol/transactionEvents.ts';
import { contentAfter, scan } from '../../model/storeModel.ts';
import type { Change, Content } from '../../model/storeModel.ts';
import { bytes } from '../testStore.ts';
import { commits } from './busyStore.ts';

/** Keys for every kind of write but single deletes. */
export const ORDINARY_KEYS = ['a', 'b', 'c', 'd', 'e', 'f'] as const;
/** Keys that are only put when they are not there, and removed by single deletes. */
export const SINGLE_KEYS = ['s', 't'] as const;

interface InFamily {
  readonly family: number;
}

type Get = InFamily & { readonly kind: 'get' | 'getForUpdate'; readonly key: string };
type WriteStep = InFamily &
  (
    | { readonly kind: 'put' | 'merge'; readonly key: string; readonly value: string }
    | { readonly kind: 'delete'; readonly key: string }
    /** Puts a key that is not there, removes by a single delete one that is. */
    | { readonly kind: 'toggle'; readonly key: string }
    | { readonly kind: 'deleteRange'; readonly from: string; readonly to: string }
  );
type Scan = InFamily & {
  readonly kind: 'scan';
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly reverse: boolean;
  readonly limit: number | undefined;
};

export type Step =
  | Get
  | WriteStep
  | Scan
  | { readonly kind: 'setSavepoint' | 'rollbackToSavepoint' };

export interface Program {
  readonly isolation: IsolationLevel;
  readonly steps: readonly Step[];
}

/** A write as the model notes it. */
interface Write {
  readonly change: Change;
  /** Every key of the tests that it touches, in the model's form. */
  readonly touches: readonly string[];
}

/** A key of a family in the model's form. */
export function inFamily(family: number, key: string): string {
  return `${family}${key}`;
}

/** An entry of the model as the family shows it. */
export function withoutFamily([key, value]: readonly [Uint8Array, Uint8Array]): [
  Uint8Array,
  Uint8Array,
] {
  return [key.subarray(1), value];
}

/** A transaction and what the model knows of it. */
export class ModelledTransaction {
  private readonly isolation: IsolationLevel;
  private readonly transaction: Transaction;
  private readonly families: readonly ColumnFamily[];
  private readonly snapshot: Content;
  private writes: readonly Write[] = [];
  private readonly savepoints: (readonly Write[])[] = [];
  private readonly updates = new Set<string>();
  /** Keys read, and all keys of the tests that lie where a scan has been. */
  private readonly reads = new Set<string>();

  constructor(
    store: Lsm,
    families: readonly ColumnFamily[],
    isolation: IsolationLevel,
    snapshot: Content,
  ) {
    this.isolation = isolation;
    this.families = families;
    this.transaction = store.transaction({ isolation });
    this.snapshot = snapshot;
  }

  /** Takes a step, and compares what it shows. */
  async perform(action: Step): Promise<void> {
    switch (action.kind) {
      case 'get':
      case 'getForUpdate':
        return this.get(action);
      case 'scan':
        return this.scan(action);
      case 'setSavepoint':
        this.transaction.setSavepoint();
        this.savepoints.push(this.writes);
        return;
      case 'rollbackToSavepoint':
        if (this.savepoints.length === 0) return;
        this.transaction.rollbackToSavepoint();
        this.writes = this.savepoints.pop()!;
        return;
      default:
        this.write(action);
    }
  }

  /**
   * Commits; the model says whether it must conflict.
   * @param changed keys that others have written since this one began.
   * @returns the content after it; `undefined` after a conflict.
   */
  async commit(current: Content, changed: ReadonlySet<string>): Promise<Content | undefined> {
    const touched = [...changed].filter((key) => this.reliesOn(key));
    const mayCheck = this.writes.length > 0 || this.updates.size > 0;
    const committed = await commits(this.transaction);
    expect(mayCheck ? this.outcomes(touched, current) : [true]).toContain(committed);
    return committed ? contentAfter(current, this.changes) : undefined;
  }

  /** In the model's form. */
  get writtenKeys(): readonly string[] {
    return this.writes.flatMap(({ touches }) => touches);
  }

  private get changes(): readonly Change[] {
    return this.writes.map(({ change }) => change);
  }

  private get view(): Content {
    return contentAfter(this.snapshot, this.changes);
  }

  /**
   * Whether it may commit after others wrote `touched`. A key that came and went since, and was
   * absent before, may have left nothing: a merge drops its put and then its needless delete.
   */
  private outcomes(touched: readonly string[], current: Content): readonly boolean[] {
    if (touched.length === 0) return [true];
    const keys = touched.map((key) => encodeHex(bytes(key)));
    const differs = keys.some((key) => this.snapshot.has(key) || current.has(key));
    return differs ? [false] : [true, false];
  }

  private reliesOn(key: string): boolean {
    if (this.writtenKeys.includes(key) || this.updates.has(key)) return true;
    return this.isolation === 'serializable' && this.reads.has(key);
  }

  private async get({ kind, family, key }: Get): Promise<void> {
    const { transaction } = this;
    const text = inFamily(family, key);
    if (kind === 'getForUpdate') this.updates.add(text);
    else if (!this.writtenKeys.includes(text)) this.reads.add(text);
    const options = { family: this.families[family] };
    const value = await transaction[kind](bytes(key), options);
    expect(value).toEqual(this.view.get(encodeHex(bytes(text))));
  }

  private write(action: WriteStep): void {
    const { transaction } = this;
    const family = this.families[action.family];
    if (action.kind === 'deleteRange') {
      const [from, to] = [action.from, action.to].toSorted();
      transaction.deleteRange(bytes(from!), bytes(to!), family);
      const keys = ORDINARY_KEYS.filter((key) => key >= from! && key < to!);
      if (keys.length === 0) return;
      const touches = keys.map((key) => inFamily(action.family, key));
      const end = { to: bytes(inFamily(action.family, to!)) };
      this.note([bytes(inFamily(action.family, from!)), end], touches);
      return;
    }
    const text = inFamily(action.family, action.key);
    const key = bytes(action.key);
    const isThere = this.view.has(encodeHex(bytes(text)));
    if (action.kind === 'merge') {
      const operand = bytes(action.value);
      transaction.merge(key, operand, family);
      const before = this.view.get(encodeHex(bytes(text)));
      const value = before === undefined ? operand : concatBytes([before, operand]);
      this.note([bytes(text), value], [text]);
      return;
    }
    if (action.kind === 'put' || (action.kind === 'toggle' && !isThere)) {
      const value = bytes(action.kind === 'put' ? action.value : 'once');
      transaction.put(key, value, family);
      this.note([bytes(text), value], [text]);
      return;
    }
    if (action.kind === 'delete') transaction.delete(key, family);
    else transaction.singleDelete(key, family);
    this.note([bytes(text), undefined], [text]);
  }

  private note(change: Change, touches: readonly string[]): void {
    this.writes = [...this.writes, { change, touches }];
  }

  private scan({ family, from, to, reverse, limit }: Scan): void {
    const own = inFamily(family, '');
    const expected = scan(this.view, {
      prefix: bytes(own),
      from: from === undefined ? undefined : bytes(own + from),
      to: to === undefined ? undefined : bytes(own + to),
      reverse,
      limit,
    }).map(withoutFamily);
    const entries = this.transaction.entries({
      family: this.families[family],
      from: from === undefined ? undefined : bytes(from),
      to: to === undefined ? undefined : bytes(to),
      reverse,
      limit,
    });
    expect([...entries]).toEqual(expected);
    const isCut = limit !== undefined && expected.length === limit;
    const last = isCut ? decodeUtf8(expected.at(-1)![0]) : undefined;
    for (const key of [...ORDINARY_KEYS, ...SINGLE_KEYS]) {
      if ((from !== undefined && key < from) || (to !== undefined && key >= to)) continue;
      const isSeen = last === undefined || (reverse ? key >= last : key <= last);
      if (isSeen) this.reads.add(inFamily(family, key));
    }
  }
}

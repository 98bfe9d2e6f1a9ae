// A transaction's own writes as a source of the merge that its readers walk over.
//
// They stand half a step above the snapshot's sequence number: newer than everything that the
// snapshot shows, older than everything that it must not show. So the merge and the rule of
// visibility need to know nothing of transactions.

import { viewOf } from '../../base/words.ts';
import { Entry } from '../iterator/entry.ts';
import type { EntryIterator } from '../iterator/entryIterator.ts';
import { KeyBuffer } from '../iterator/keyBuffer.ts';
import type { KeyPosition } from './keyMap.ts';
import type { OwnWrite, WriteSet } from './writeSet.ts';

/** How far own writes stand above the snapshot; exact for sequence numbers below 2^52. */
export const OWN_STEP = 0.5;

/** Walks over the set as it was when the iterator was made. */
export class WriteSetIterator implements EntryIterator {
  readonly entry: Entry = new Entry();
  private readonly set: WriteSet;
  private readonly key = new KeyBuffer();
  private position: KeyPosition<OwnWrite> | undefined;

  /** @param snapshotSequence what the transaction reads at. */
  constructor(set: WriteSet, snapshotSequence: number) {
    this.set = set;
    this.entry.sequence = snapshotSequence + OWN_STEP;
    // Written later than anything that can have expired.
    this.entry.timestampMicros = Number.MAX_SAFE_INTEGER;
  }

  get valid(): boolean {
    return this.position?.item !== undefined;
  }

  first(): void {
    this.standAt(this.set.first());
  }

  last(): void {
    this.standAt(this.set.last());
  }

  seek(key: Uint8Array, sequence: number): void {
    const position = this.set.seek(key);
    // The one version of the very key lies before what is sought when it is newer.
    if (sequence < this.entry.sequence && this.set.get(key) !== undefined) position.next();
    this.standAt(position);
  }

  next(): void {
    this.position!.next();
    this.show();
  }

  prev(): void {
    this.position!.previous();
    this.show();
  }

  private standAt(position: KeyPosition<OwnWrite>): void {
    this.position = position;
    this.show();
  }

  private show(): void {
    const item = this.position?.item;
    if (item === undefined) return;
    const { entry, key } = this;
    const { kind, value } = item.value;
    key.setToBytes(item.key);
    entry.keyBytes = key.bytes;
    entry.keyView = key.view;
    entry.keyLength = key.length;
    entry.kind = kind;
    entry.valueBytes = value;
    entry.valueView = viewOf(value);
    entry.valueLength = value.length;
  }
}

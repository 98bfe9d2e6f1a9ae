// A transaction's own writes as a source of the merge that its readers walk over.
//
// All have one sequence number, just above the snapshot's (ownView.ts), so the merge and the rule
// of visibility need to know nothing of transactions.

import { viewOf } from '../../base/words.ts';
import { Entry } from '../iterator/entry.ts';
import type { EntryIterator } from '../iterator/entryIterator.ts';
import { KeyBuffer } from '../iterator/keyBuffer.ts';
import type { OwnWrite } from './familyWrites.ts';
import type { KeyMap, KeyPosition } from './keyMap.ts';

/** Walks over the newest writes to each key as they were when the iterator was made. */
export class OwnWritesIterator implements EntryIterator {
  readonly entry: Entry = new Entry();
  private readonly writes: KeyMap<OwnWrite>;
  private readonly key = new KeyBuffer();
  private position: KeyPosition<OwnWrite> | undefined;

  /** @param sequence of all of them. */
  constructor(writes: KeyMap<OwnWrite>, sequence: number) {
    this.writes = writes;
    this.entry.sequence = sequence;
    // Written later than anything that can have expired.
    this.entry.timestampMicros = Number.MAX_SAFE_INTEGER;
  }

  get valid(): boolean {
    return this.position?.item !== undefined;
  }

  first(): void {
    this.standAt(this.writes.first());
  }

  last(): void {
    this.standAt(this.writes.last());
  }

  seek(key: Uint8Array, sequence: number): void {
    const position = this.writes.seek(key);
    // The one version of the very key lies before what is sought when it is newer.
    if (sequence < this.entry.sequence && this.writes.get(key) !== undefined) position.next();
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

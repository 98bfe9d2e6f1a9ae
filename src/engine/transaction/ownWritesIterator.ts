// A transaction's own writes as a source of the merge that its readers walk over.
//
// All have one sequence number, just above the snapshot's (ownView.ts), so the merge and the rule
// of visibility need to know nothing of transactions.

import { viewOf } from '../../base/words.ts';
import { Entry } from '../iterator/entry.ts';
import type { EntryIterator } from '../iterator/entryIterator.ts';
import { KeyBuffer } from '../iterator/keyBuffer.ts';
import { writesOf } from './familyWrites.ts';
import type { OwnWrite } from './familyWrites.ts';
import type { KeyMap, KeyPosition } from './keyMap.ts';

/** Walks over the writes to each key, the newest first, as they were when it was made. */
export class OwnWritesIterator implements EntryIterator {
  readonly entry: Entry = new Entry();
  private readonly writes: KeyMap<OwnWrite>;
  private readonly key = new KeyBuffer();
  private position: KeyPosition<OwnWrite>;
  /** Of the key where it stands, and which of them. */
  private versions: readonly OwnWrite[] = [];
  private version = 0;

  /** @param sequence of all of them. */
  constructor(writes: KeyMap<OwnWrite>, sequence: number) {
    this.writes = writes;
    this.position = writes.first();
    this.entry.sequence = sequence;
    // Written later than anything that can have expired.
    this.entry.timestampMicros = Number.MAX_SAFE_INTEGER;
  }

  get valid(): boolean {
    return this.position.item !== undefined;
  }

  first(): void {
    this.position = this.writes.first();
    this.standAtNewest();
  }

  last(): void {
    this.position = this.writes.last();
    this.standAtOldest();
  }

  seek(key: Uint8Array, sequence: number): void {
    this.position = this.writes.seek(key);
    // The versions of the very key lie before what is sought when they are newer.
    if (sequence < this.entry.sequence && this.writes.get(key) !== undefined) this.position.next();
    this.standAtNewest();
  }

  next(): void {
    if (this.version + 1 < this.versions.length) {
      this.show(this.version + 1);
    } else {
      this.position.next();
      this.standAtNewest();
    }
  }

  prev(): void {
    if (this.version > 0) {
      this.show(this.version - 1);
    } else {
      this.position.previous();
      this.standAtOldest();
    }
  }

  private standAtNewest(): void {
    if (this.goToKey()) this.show(0);
  }

  private standAtOldest(): void {
    if (this.goToKey()) this.show(this.versions.length - 1);
  }

  /** False when there is no key where it stands. */
  private goToKey(): boolean {
    const { item } = this.position;
    if (item === undefined) return false;
    this.versions = writesOf(item.value);
    const { entry, key } = this;
    key.setToBytes(item.key);
    entry.keyBytes = key.bytes;
    entry.keyView = key.view;
    entry.keyLength = key.length;
    return true;
  }

  private show(version: number): void {
    this.version = version;
    const { kind, value } = this.versions[version]!;
    const { entry } = this;
    entry.kind = kind;
    entry.valueBytes = value;
    entry.valueView = viewOf(value);
    entry.valueLength = value.length;
  }
}

// What a reader sees: for each key the newest version at or below its sequence, unless that is a
// tombstone. Underneath lies a merge that shows every version of every source.
//
// Forward, the source stands on the version shown: the first visible one of its key. Backward,
// versions come oldest first, so the source has to pass the whole key to know which is the newest
// visible: it stands before the key, and the version shown is remembered (values do not move, keys
// are copied). A turn from one direction to the other is a new seek.
//
// A version that is a merge operand gives no value alone: the operands are gathered down to what
// they stand on. Forward, the source then stands behind the versions that were gathered. They are
// merged when the value is asked for.

import { compareBytes } from '../../base/bytes.ts';
import { comparePadded } from '../../base/words.ts';
import { CopySlab } from './copySlab.ts';
import { Entry } from './entry.ts';
import { SEQUENCE_MAX } from './entryIterator.ts';
import type { EntryIterator } from './entryIterator.ts';
import { resolveBounds } from './keyBounds.ts';
import type { KeyBounds, KeyBoundsOptions } from './keyBounds.ts';
import { KeyBuffer } from './keyBuffer.ts';
import { KIND_MERGE, KIND_PUT } from '../entryKind.ts';
import { OperandMerger } from '../merge/operandMerger.ts';
import { OperandStack } from '../merge/operandStack.ts';
import { givesValue } from './visibleKind.ts';

/** Versions of one key passed one by one before a seek jumps over the rest. */
const STEPS_BEFORE_SEEK = 16;

/** Which keys, which way, how many. */
export interface UserIteratorOptions extends KeyBoundsOptions {
  /** Newer versions are invisible. */
  readonly sequence: number;
  /** Entries written before this moment count as tombstones; microseconds since 1970. */
  readonly expiryCutoff?: number | undefined;
  /** Makes values of merge operands; left out where there can be none. */
  readonly merger?: OperandMerger | undefined;
  /** Direction of `begin` and `advance`. */
  readonly reverse?: boolean | undefined;
  /** Entries shown at most between a `begin` or seek and the last `advance` that follows it. */
  readonly limit?: number | undefined;
}

/** Where the source stands. */
const AT_SHOWN = 0;
/** Behind the operands that make the value shown. */
const BEHIND_SHOWN = 1;
/** Before the key shown: the walk goes backward. */
const BEFORE_SHOWN = 2;

/** A position among the visible entries inside the bounds. Begins standing nowhere. */
export class UserIterator {
  valid = false;
  /** Where it stands; keys are overwritten by the next move, values stay. */
  readonly entry: Entry = new Entry();
  /** Versions passed one by one: too new, or older than the newest visible one. */
  versionsSkipped = 0;
  /** Keys passed because their newest visible version is a tombstone or has expired. */
  tombstonesSkipped = 0;
  /** It stands nowhere because it has shown as many as it may, not because there are no more. */
  limitReached = false;
  private readonly source: EntryIterator;
  private readonly sequence: number;
  private readonly cutoff: number;
  private readonly bounds: KeyBounds;
  private readonly upper: KeyBuffer | undefined;
  private readonly lower: KeyBuffer | undefined;
  private readonly reverse: boolean;
  private readonly limit: number;
  private shown = 0;
  /** Versions passed one by one since the last seek or the last key shown. */
  private steps = 0;
  private standing: typeof AT_SHOWN | typeof BEHIND_SHOWN | typeof BEFORE_SHOWN = AT_SHOWN;
  private readonly merger: OperandMerger;
  /** What the value shown is made of, when that is a merge. */
  private readonly operands = new OperandStack();
  private readonly key = new KeyBuffer();
  private readonly copies = new CopySlab();

  constructor(source: EntryIterator, options: UserIteratorOptions) {
    this.source = source;
    this.sequence = options.sequence;
    this.cutoff = options.expiryCutoff ?? 0;
    this.merger = options.merger ?? new OperandMerger('default', null, undefined);
    this.bounds = resolveBounds(options);
    this.upper = bufferOf(this.bounds.upper);
    this.lower = bufferOf(this.bounds.lower);
    this.reverse = options.reverse ?? false;
    this.limit = options.limit ?? Number.POSITIVE_INFINITY;
  }

  /** Moves to where a scan in its own direction begins. */
  begin(): void {
    if (this.reverse) this.last();
    else this.first();
  }

  /** Moves one on in the scan's own direction; stands nowhere once the limit is reached. */
  advance(): void {
    if (this.shown >= this.limit) {
      this.limitReached = true;
      this.valid = false;
      return;
    }
    this.shown++;
    if (this.reverse) this.prev();
    else this.next();
  }

  /** Moves to the smallest key. */
  first(): void {
    if (!this.countFirst()) return;
    if (this.bounds.lower === undefined) this.source.first();
    else this.source.seek(this.bounds.lower, this.sequence);
    this.findForward(false);
  }

  /** Moves to the greatest key. */
  last(): void {
    if (!this.countFirst()) return;
    if (this.bounds.upper === undefined) this.source.last();
    else this.standBefore(this.bounds.upper, SEQUENCE_MAX);
    this.findBackward();
  }

  /** Moves to the smallest key that is at least `key`. */
  seek(key: Uint8Array): void {
    if (!this.countFirst()) return;
    const { lower } = this.bounds;
    const start = lower !== undefined && compareBytes(lower, key) > 0 ? lower : key;
    this.source.seek(start, this.sequence);
    this.findForward(false);
  }

  /** Moves to the greatest key that is at most `key`. */
  seekAtMost(key: Uint8Array): void {
    const { upper } = this.bounds;
    if (upper !== undefined && compareBytes(upper, key) <= 0) {
      this.last();
      return;
    }
    if (!this.countFirst()) return;
    this.source.seek(key, 0);
    while (this.source.valid && compareBytes(this.source.entry.copyKey(), key) === 0) {
      this.source.next();
    }
    this.stepBack();
    this.findBackward();
  }

  /** Moves to the next greater key; must stand on an entry. */
  next(): void {
    if (this.standing === AT_SHOWN) this.source.next();
    else if (this.standing === BEFORE_SHOWN) this.source.seek(this.key.toBytes(), 0);
    this.findForward(true);
  }

  /** Moves to the next smaller key; must stand on an entry. */
  prev(): void {
    if (this.standing !== BEFORE_SHOWN) this.standBefore(this.key.toBytes(), SEQUENCE_MAX);
    this.findBackward();
  }

  /** A copy of the key it stands on. */
  copyKey(): Uint8Array {
    const { bytes, view, length } = this.key;
    return this.copies.copy(bytes, view, 0, length);
  }

  /**
   * A copy of the value it stands on.
   * @throws LsmError `MERGE_FAILED`, `NOT_SUPPORTED` when that must be merged and cannot be; the
   * walk may go on.
   */
  copyValue(): Uint8Array {
    if (this.entry.kind === KIND_MERGE) {
      return this.operands.mergeWith(this.merger, this.key.toBytes());
    }
    const { valueBytes, valueView, valueOffset, valueLength } = this.entry;
    return this.copies.copy(valueBytes, valueView, valueOffset, valueLength);
  }

  /** Counts the first entry of a walk; false, and nowhere, when not even one may be shown. */
  private countFirst(): boolean {
    this.shown = 1;
    this.limitReached = this.limit < 1;
    if (!this.limitReached) return true;
    this.valid = false;
    return false;
  }

  /** @param passKey whether versions of the key in the buffer are to be passed. */
  private findForward(passKey: boolean): void {
    const { source, sequence } = this;
    this.standing = AT_SHOWN;
    this.valid = false;
    this.steps = 0;
    let passing = passKey;
    while (source.valid) {
      const { entry } = source;
      if (passing && this.hasSameKey(entry)) {
        this.passVersion(entry, 0);
        continue;
      }
      if (this.upper !== undefined && compareTo(this.upper, entry) <= 0) return;
      passing = false;
      if (entry.sequence > sequence) {
        this.passVersion(entry, sequence);
        continue;
      }
      this.show(entry);
      this.valid = givesValue(entry.kind) && entry.timestampMicros >= this.cutoff;
      if (this.valid) {
        if (entry.kind === KIND_MERGE) this.gatherForward();
        return;
      }
      this.tombstonesSkipped++;
      passing = true;
      this.steps = 0;
      source.next();
    }
  }

  /** Takes the operand shown and those below it, down to what they stand on. */
  private gatherForward(): void {
    const { source, operands } = this;
    operands.clear('newest-first');
    this.standing = BEHIND_SHOWN;
    while (source.valid && this.hasSameKey(source.entry)) {
      const { entry } = source;
      if (entry.timestampMicros < this.cutoff) return;
      if (entry.kind === KIND_PUT) operands.setBase(entry);
      if (entry.kind !== KIND_MERGE) return;
      operands.push(entry);
      source.next();
    }
  }

  /**
   * Passes a version; after many in a row jumps to the key's version at `sequence` or behind it.
   */
  private passVersion(entry: Entry, sequence: number): void {
    this.versionsSkipped++;
    if (++this.steps < STEPS_BEFORE_SEEK) {
      this.source.next();
    } else {
      this.source.seek(entry.copyKey(), sequence);
      this.steps = 0;
    }
  }

  private findBackward(): void {
    const { source } = this;
    this.standing = BEFORE_SHOWN;
    let shows = false;
    this.valid = false;
    for (; source.valid; source.prev()) {
      const { entry } = source;
      if (this.lower !== undefined && compareTo(this.lower, entry) > 0) break;
      if (shows && !this.hasSameKey(entry)) {
        if (this.valid) return;
        this.tombstonesSkipped++;
        shows = false;
      }
      if (shows || entry.sequence > this.sequence) this.versionsSkipped++;
      if (entry.sequence > this.sequence) continue;
      if (entry.kind === KIND_MERGE) this.gatherBackward(entry, shows);
      this.show(entry);
      this.valid = givesValue(entry.kind) && entry.timestampMicros >= this.cutoff;
      shows = true;
    }
    if (shows && !this.valid) this.tombstonesSkipped++;
  }

  /**
   * Takes an operand on top of the version shown so far, the next older one of its key.
   * @param hasOlder whether there is one.
   */
  private gatherBackward(entry: Entry, hasOlder: boolean): void {
    const { operands, entry: older } = this;
    const continues = hasOlder && this.valid && older.kind === KIND_MERGE;
    if (!continues) operands.clear('oldest-first');
    if (hasOlder && this.valid && older.kind === KIND_PUT) operands.setBase(older);
    operands.push(entry);
  }

  /** Moves the source to the last entry before (key, sequence). */
  private standBefore(key: Uint8Array, sequence: number): void {
    this.source.seek(key, sequence);
    this.stepBack();
  }

  private stepBack(): void {
    if (this.source.valid) this.source.prev();
    else this.source.last();
  }

  private hasSameKey(entry: Entry): boolean {
    return this.key.length === entry.keyLength && compareTo(this.key, entry) === 0;
  }

  private show(entry: Entry): void {
    const { key, entry: shown } = this;
    key.setTo(entry);
    shown.keyBytes = key.bytes;
    shown.keyView = key.view;
    shown.keyLength = key.length;
    shown.kind = entry.kind;
    shown.sequence = entry.sequence;
    shown.timestampMicros = entry.timestampMicros;
    shown.valueBytes = entry.valueBytes;
    shown.valueView = entry.valueView;
    shown.valueOffset = entry.valueOffset;
    shown.valueLength = entry.valueLength;
  }
}

/** Sign of (buffer - the entry's key). */
function compareTo(buffer: KeyBuffer, entry: Entry): number {
  const { keyView, keyOffset, keyLength } = entry;
  return comparePadded(buffer.view, 0, buffer.length, keyView, keyOffset, keyLength);
}

function bufferOf(key: Uint8Array | undefined): KeyBuffer | undefined {
  if (key === undefined) return undefined;
  const buffer = new KeyBuffer();
  buffer.setToBytes(key);
  return buffer;
}

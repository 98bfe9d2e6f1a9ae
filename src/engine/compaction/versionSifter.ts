// What becomes of the versions of one key, which come newest first. Most are decided at once
// (dropRules.ts). Two kinds wait for what follows them:
//
// - A single delete waits for the next older version: with a put it goes.
// - Merge operands wait for what they stand on. Those that follow each other with no snapshot
//   between form a group; no reader sees some of them without the others.
//
//     what follows the group              what is written
//     ----------------------------------  ------------------------------------------------------
//     a put, no snapshot between          one put: all operands merged onto it
//     a tombstone or range delete, or     one put: all operands merged onto nothing; the tombstone
//     the key's end with nothing below    is then hidden like any older version
//     a snapshot, or the key's end with   the operands, as one where the operator can combine them:
//     older versions below perhaps        what they stand on must stay where it is
//
// A put made of operands has sequence number and time of the newest. When the operator fails, or
// is not there, operands stay as they are, and what they stand on stays, too (RocksDB's rules).

import type { SequenceNumber } from '../../protocol/events.ts';
import type { Problem } from '../../protocol/treeState.ts';
import { LsmError } from '../../base/errors.ts';
import { viewOf } from '../../base/words.ts';
import { KIND_MERGE, KIND_PUT, KIND_SINGLE_DELETE } from '../entryKind.ts';
import type { EntryKindCode } from '../entryKind.ts';
import type { Entry } from '../iterator/entry.ts';
import { KeyBuffer } from '../iterator/keyBuffer.ts';
import { givesValue } from '../iterator/visibleKind.ts';
import type { OperandMerger } from '../merge/operandMerger.ts';
import { copiesOf } from '../merge/operandStack.ts';
import { NOT_COVERED } from '../rangeDelete/fragments.ts';
import {
  DROP_ANNIHILATED,
  DROP_EXPIRED,
  DROP_TOMBSTONE,
  isKept,
  KEEP_COMBINED,
  KEEP_MERGED,
  KEEP_UNMERGED,
  NO_PUT,
} from './dropRules.ts';
import type { DropRules, Verdict } from './dropRules.ts';
import { keptEntry } from './heldEntry.ts';
import type { HeldEntry } from './heldEntry.ts';
import type { RangeTombstoneMerge } from './rangeTombstoneMerge.ts';
import type { SnapshotStripes } from './snapshotStripes.ts';

/** What the sifter decides by, and who does what it decides. */
export interface SifterParts {
  readonly stripes: SnapshotStripes;
  readonly rules: DropRules;
  /** `undefined` when the inputs have no range deletes, as in most stores. */
  readonly ranges: RangeTombstoneMerge | undefined;
  readonly merger: OperandMerger;
  /** Entries written before this moment are expired. */
  readonly cutoff: number;
  /** Keeps an entry back: the one that the merge stands on. */
  hold(entry: Entry): HeldEntry;
  /**
   * Does what was decided about an entry.
   * @param written stands in the output in its place, if it is kept.
   * @param held where it came from, when it was kept back.
   */
  settle(entry: Entry, verdict: Verdict, written: Entry, held: HeldEntry | undefined): void;
}

/** Sifts key by key, in ascending order. */
export class VersionSifter {
  /** The key whose versions are passing. */
  readonly key: KeyBuffer = new KeyBuffer();
  /** Why operands were left as they are, once for each merge operator's failure up to a bound. */
  readonly problems: Problem[] = [];
  private readonly parts: SifterParts;
  private hasKey = false;
  /** A single delete that waits for the next older version of its key. */
  private heldDelete: HeldEntry | undefined;
  /** The group of operands that waits, newest first. */
  private operands: HeldEntry[] = [];

  constructor(parts: SifterParts) {
    this.parts = parts;
  }

  /** Whether the entry is a version of the key that is passing. */
  isSameKey(entry: Entry): boolean {
    const { key } = this;
    if (!this.hasKey || key.length !== entry.keyLength) return false;
    return key.sharedPrefixLength(entry) === key.length;
  }

  /** The entry is the newest version of the next key; `take` it then. */
  beginKey(entry: Entry): void {
    this.key.setTo(entry);
    this.hasKey = true;
    this.parts.rules.beginKey();
  }

  /** No older version of the key follows. */
  endKey(): void {
    this.releaseDelete(undefined);
    if (this.operands.length === 0) return;
    const { bytes, length } = this.key;
    const level = this.parts.rules.levelHolding(bytes, length);
    if (level === undefined && this.mergeOnto(undefined)) return;
    if (level === undefined) this.keepOperands(() => KEEP_UNMERGED);
    else this.keepShortened(() => this.parts.rules.keepOperand(level));
  }

  /** The next older version of the key. */
  take(entry: Entry): void {
    if (this.heldDelete !== undefined && this.releaseDelete(entry)) return;
    const { ranges, rules, cutoff } = this.parts;
    const { keyBytes, keyOffset, keyLength, sequence } = entry;
    const keyEnd = keyOffset + keyLength;
    const hiddenBy = ranges?.hiding(keyBytes, keyOffset, keyEnd, sequence) ?? NOT_COVERED;
    const expired = givesValue(entry.kind) && entry.timestampMicros < cutoff;
    if (entry.kind === KIND_MERGE && !expired && hiddenBy === NOT_COVERED) {
      this.takeOperand(entry);
      return;
    }
    if (this.operands.length > 0) {
      const isValue = entry.kind === KIND_PUT && !expired && hiddenBy === NOT_COVERED;
      if (this.releaseOperands(entry, isValue)) return;
    }
    if (hiddenBy !== NOT_COVERED) this.settle(entry, rules.hide(sequence, hiddenBy));
    else if (entry.kind === KIND_SINGLE_DELETE) this.heldDelete = this.parts.hold(entry);
    else this.decide(entry, expired);
  }

  private decide(entry: Entry, expired: boolean): void {
    const { keyBytes, keyOffset, keyLength, sequence } = entry;
    const gone = expired || !givesValue(entry.kind);
    const keyEnd = keyOffset + keyLength;
    const verdict = this.parts.rules.decide(keyBytes, keyOffset, keyEnd, sequence, gone);
    this.settle(entry, expired && verdict === DROP_TOMBSTONE ? DROP_EXPIRED : verdict);
  }

  /**
   * Decides about the single delete that is held, if one is.
   * @param next the next older version of its key; `undefined` when there is none.
   * @returns whether `next` went together with it.
   */
  private releaseDelete(next: Entry | undefined): boolean {
    const { heldDelete: held, key } = this;
    const { rules } = this.parts;
    if (held === undefined) return false;
    this.heldDelete = undefined;
    const { sequence } = held.entry;
    const put = next?.kind === KIND_PUT ? next.sequence : NO_PUT;
    const verdict = rules.decideSingleDelete(key.bytes, 0, key.length, sequence, put);
    this.settle(held.entry, verdict, held);
    if (next === undefined || verdict !== DROP_ANNIHILATED) return false;
    this.settle(next, rules.annihilate(next.sequence, sequence));
    return true;
  }

  private takeOperand(entry: Entry): void {
    const { rules } = this.parts;
    const newest = this.operands[0]?.entry;
    if (newest !== undefined && this.isTogether(entry.sequence, newest.sequence)) {
      rules.pass(entry.sequence);
      this.operands.push(this.parts.hold(entry));
      return;
    }
    if (newest !== undefined) this.keepForSnapshot(entry.sequence);
    const { keyBytes, keyOffset, keyLength, sequence } = entry;
    const verdict = rules.decide(keyBytes, keyOffset, keyOffset + keyLength, sequence, false);
    if (isKept(verdict)) this.operands.push(this.parts.hold(entry));
    else this.settle(entry, verdict);
  }

  /**
   * The group of operands has come to its end.
   * @param next what follows: the value they are merged onto when `isValue`, otherwise something
   * that hides all that is older.
   * @returns whether `next` is part of the value now.
   */
  private releaseOperands(next: Entry, isValue: boolean): boolean {
    const { rules } = this.parts;
    const { sequence } = this.operands[0]!.entry;
    if (!this.isTogether(next.sequence, sequence)) {
      this.keepForSnapshot(next.sequence);
      return false;
    }
    const merged = this.mergeOnto(isValue ? next : undefined);
    if (merged && isValue) this.settle(next, rules.mergeInto(sequence, next.sequence));
    if (merged) return isValue;
    this.keepOperands(() => KEEP_UNMERGED);
    // Nothing hides what operands stand on.
    rules.beginKey();
    return false;
  }

  /** Makes one put of the group; false, and nothing done, when the operator makes no value. */
  private mergeOnto(base: Entry | undefined): boolean {
    const { operands } = this;
    const { merger, rules } = this.parts;
    if (merger.operator === undefined) return false;
    let value: Uint8Array;
    try {
      value = merger.merge(this.key.toBytes(), base?.copyValue(), valuesOf(operands));
    } catch (thrown) {
      this.note(thrown);
      return false;
    }
    const count = operands.length;
    this.replaceGroup(value, KIND_PUT, () => rules.because(KEEP_MERGED, count));
    return true;
  }

  /** The group stays, as one operand where the operator can make one of it. */
  private keepShortened(verdict: () => Verdict): void {
    const { operands } = this;
    const { merger, rules } = this.parts;
    const count = operands.length;
    const one = count > 1 ? merger.combine(this.key.toBytes(), valuesOf(operands)) : undefined;
    if (one === undefined) this.keepOperands(verdict);
    else this.replaceGroup(one, KIND_MERGE, () => rules.because(KEEP_COMBINED, count));
  }

  private keepForSnapshot(older: SequenceNumber): void {
    this.keepShortened(() => this.parts.rules.keepForSnapshot(older));
  }

  private keepOperands(verdict: () => Verdict): void {
    const group = this.operands;
    this.operands = [];
    for (const held of group) this.settle(held.entry, verdict(), held);
  }

  /** Writes `value` in place of the newest operand; the others have gone into it. */
  private replaceGroup(value: Uint8Array, kind: EntryKindCode, verdict: () => Verdict): void {
    const { rules } = this.parts;
    const group = this.operands;
    this.operands = [];
    const newest = group[0]!;
    const written = keptEntry(newest.entry, this.key);
    written.kind = kind;
    written.valueBytes = value;
    written.valueView = viewOf(value);
    written.valueOffset = 0;
    written.valueLength = value.length;
    this.parts.settle(newest.entry, verdict(), written, newest);
    const { sequence } = newest.entry;
    for (const held of group.slice(1)) {
      this.settle(held.entry, rules.mergeInto(sequence, held.entry.sequence), held);
    }
  }

  private isTogether(older: SequenceNumber, newer: SequenceNumber): boolean {
    return this.parts.stripes.areTogether(older, newer);
  }

  private settle(entry: Entry, verdict: Verdict, held?: HeldEntry): void {
    this.parts.settle(entry, verdict, entry, held);
  }

  private note(thrown: unknown): void {
    if (!(thrown instanceof LsmError)) throw thrown;
    if (this.problems.length === PROBLEMS_MAX) return;
    const { code, message } = thrown;
    this.problems.push({ code, message, file: '', offset: -1 });
  }
}

/** A merge over a store full of bad operands tells of the first ones. */
const PROBLEMS_MAX = 10;

/** Copies of the operands, oldest first, for the operator to keep. */
function valuesOf(newestFirst: readonly HeldEntry[]): Uint8Array[] {
  return copiesOf(newestFirst.map(({ entry }) => entry)).reverse();
}

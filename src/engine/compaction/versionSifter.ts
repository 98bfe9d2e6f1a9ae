// What becomes of the versions of one key, which come newest first, the range deletes over the key
// among them. Most are decided at once (dropRules.ts). Two kinds wait for what follows them:
//
// - A tombstone waits for the next older version that stays, if one may: a value needs it, another
//   tombstone makes it needless. A single delete goes with the put that follows it.
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
  isKept,
  KEEP_COMBINED,
  KEEP_MERGED,
  KEEP_UNMERGED,
} from './dropRules.ts';
import type { DropRules, Verdict } from './dropRules.ts';
import { keptEntry } from './heldEntry.ts';
import type { HeldEntry } from './heldEntry.ts';
import { NO_COVERS } from './rangeTombstoneMerge.ts';
import type { Cover, RangeTombstoneMerge } from './rangeTombstoneMerge.ts';
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
  /** The range deletes over the key, newest first; how many of them are newer than what comes. */
  private covers: readonly Cover[] = NO_COVERS;
  private coversPassed = 0;
  /** A tombstone that waits for the next older version that stays. */
  private waiting: HeldEntry | undefined;
  /** A range delete that does the same. */
  private waitingCover: Cover | undefined;
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
    const { key } = this;
    const { rules, ranges } = this.parts;
    key.setTo(entry);
    this.hasKey = true;
    rules.beginKey();
    this.covers = ranges?.coversOf(key.bytes, key.length) ?? NO_COVERS;
    this.coversPassed = 0;
    this.waitingCover = undefined;
  }

  /** No older version of the key follows. */
  endKey(): void {
    this.passCovers(NOT_COVERED);
    const { waiting, key } = this;
    const { rules } = this.parts;
    this.waiting = undefined;
    if (waiting !== undefined) {
      this.settleGone(waiting.entry, rules.decideTombstone(key.bytes, 0, key.length), waiting);
    }
    if (this.operands.length === 0) return;
    const level = rules.levelHolding(key.bytes, key.length);
    if (level === undefined && this.mergeOnto(undefined)) return;
    if (level === undefined) this.keepOperands(() => KEEP_UNMERGED);
    else this.keepShortened(() => rules.keepOperand(level));
  }

  /** The next older version of the key. */
  take(entry: Entry): void {
    const { rules, cutoff } = this.parts;
    const { kind, sequence } = entry;
    this.passCovers(sequence);
    if (kind === KIND_PUT && this.annihilates(entry)) return;
    const hiddenBy = this.coverHiding(sequence);
    if (hiddenBy !== NOT_COVERED) {
      this.settle(entry, rules.hide(sequence, hiddenBy));
      return;
    }
    const gone = !givesValue(kind) || entry.timestampMicros < cutoff;
    if (kind === KIND_MERGE && !gone) {
      this.takeOperand(entry);
      return;
    }
    if (this.operands.length > 0 && this.releaseOperands(sequence, gone ? undefined : entry))
      return;
    if (kind === KIND_SINGLE_DELETE) this.takeSingleDelete(entry);
    else if (gone) this.takeTombstone(entry);
    else {
      if (!rules.isShadowed(sequence)) this.needWaiting(sequence);
      this.settle(entry, rules.decide(sequence));
    }
  }

  /** The range deletes over the key that are newer than `sequence` come next. */
  private passCovers(sequence: SequenceNumber): void {
    const { covers } = this;
    while (this.coversPassed < covers.length) {
      const cover = covers[this.coversPassed]!;
      if (cover.sequence <= sequence) return;
      this.coversPassed++;
      this.passCover(cover);
    }
  }

  private passCover(cover: Cover): void {
    const { rules } = this.parts;
    const { sequence } = cover;
    if (this.operands.length > 0) this.releaseOperands(sequence, undefined);
    const isSeen = !rules.isShadowed(sequence);
    rules.pass(sequence);
    // It stays for other keys' sake, too: so it does the work of a tombstone that waits.
    if (this.waiting !== undefined) this.leaveWaiting(sequence);
    else if (!isSeen) return;
    this.waitingCover = cover;
  }

  /** The newer range delete that hides `sequence` from every reader, or NOT_COVERED. */
  private coverHiding(sequence: SequenceNumber): SequenceNumber {
    if (this.coversPassed === 0) return NOT_COVERED;
    const cover = this.covers[this.coversPassed - 1]!.sequence;
    return this.isTogether(sequence, cover) ? cover : NOT_COVERED;
  }

  /** Whether the put has gone, together with the single delete that waited for it. */
  private annihilates(put: Entry): boolean {
    const { waiting } = this;
    if (waiting?.entry.kind !== KIND_SINGLE_DELETE) return false;
    const { rules } = this.parts;
    const { sequence } = waiting.entry;
    if (!this.isTogether(put.sequence, sequence)) return false;
    this.waiting = undefined;
    this.settle(waiting.entry, rules.because(DROP_ANNIHILATED, put.sequence), waiting);
    this.settle(put, rules.annihilate(put.sequence, sequence));
    return true;
  }

  /** It is a tombstone even where a newer put shadows it, but not under another tombstone. */
  private takeSingleDelete(entry: Entry): void {
    const { rules } = this.parts;
    const { sequence } = entry;
    const shadowed = rules.isShadowed(sequence);
    if (shadowed && this.waiting !== undefined) {
      this.settle(entry, rules.decide(sequence));
      return;
    }
    if (!shadowed) this.leaveWaiting(sequence);
    rules.pass(sequence);
    this.waiting = this.parts.hold(entry);
  }

  private takeTombstone(entry: Entry): void {
    const { rules } = this.parts;
    const { sequence, keyBytes, keyOffset, keyLength } = entry;
    const verdict = rules.decide(sequence);
    if (!isKept(verdict)) {
      this.settle(entry, verdict);
      return;
    }
    this.leaveWaiting(sequence);
    const mayWait = rules.mayHideKept(sequence) || this.coversPassed < this.covers.length;
    if (mayWait) this.waiting = this.parts.hold(entry);
    else this.settleGone(entry, rules.decideTombstone(keyBytes, keyOffset, keyOffset + keyLength));
  }

  /** The next older version, `kept`, stays and gives a value: what waits has to hide it. */
  private needWaiting(kept: SequenceNumber): void {
    const { waiting, waitingCover } = this;
    this.waiting = undefined;
    this.waitingCover = undefined;
    if (waiting !== undefined) {
      this.settle(waiting.entry, this.parts.rules.keepOver(kept), waiting);
    } else if (waitingCover !== undefined) waitingCover.isNeeded = true;
  }

  /** The next older version hides all that what waits does. */
  private leaveWaiting(by: SequenceNumber): void {
    const { waiting } = this;
    this.waiting = undefined;
    this.waitingCover = undefined;
    if (waiting !== undefined) {
      this.settleGone(waiting.entry, this.parts.rules.leaveTo(by), waiting);
    }
  }

  private takeOperand(entry: Entry): void {
    const { rules } = this.parts;
    const { sequence } = entry;
    const newest = this.operands[0]?.entry;
    if (newest !== undefined && this.isTogether(sequence, newest.sequence)) {
      rules.pass(sequence);
      this.operands.push(this.parts.hold(entry));
      return;
    }
    if (newest !== undefined) this.keepForSnapshot(sequence);
    else if (!rules.isShadowed(sequence)) this.needWaiting(sequence);
    const verdict = rules.decide(sequence);
    if (isKept(verdict)) this.operands.push(this.parts.hold(entry));
    else this.settle(entry, verdict);
  }

  /**
   * The group of operands has come to its end.
   * @param older what follows, by its sequence number.
   * @param base the same, when it is the value that they are merged onto; otherwise it hides all
   * that is older.
   * @returns whether `base` is part of the value now.
   */
  private releaseOperands(older: SequenceNumber, base: Entry | undefined): boolean {
    const { rules } = this.parts;
    const { sequence } = this.operands[0]!.entry;
    if (!this.isTogether(older, sequence)) {
      this.keepForSnapshot(older);
      return false;
    }
    if (this.mergeOnto(base)) {
      if (base !== undefined) this.settle(base, rules.mergeInto(sequence, older));
      return base !== undefined;
    }
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

  /** Settles a tombstone, or what has expired and is one. */
  private settleGone(entry: Entry, verdict: Verdict, held?: HeldEntry): void {
    const hasExpired = !isKept(verdict) && givesValue(entry.kind);
    this.settle(entry, hasExpired ? DROP_EXPIRED : verdict, held);
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

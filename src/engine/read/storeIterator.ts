// Walking over the store: one merge of every memtable and every run, as a reader at one sequence
// number sees it. It pins the version it began with: its tables stay on disk until it is closed,
// whatever is compacted meanwhile.

import type { OperationId, SequenceNumber } from '../../protocol/events.ts';
import type { EngineState } from '../engineState.ts';
import type { FamilyState } from '../family/familyState.ts';
import type { EntryIterator } from '../iterator/entryIterator.ts';
import { MergingIterator } from '../iterator/mergingIterator.ts';
import { RunIterator } from '../iterator/runIterator.ts';
import type { Fragments } from '../rangeDelete/fragments.ts';
import type { RangeTombstone } from '../rangeDelete/rangeTombstone.ts';
import { visibleSpans } from './visibleSpans.ts';
import { HidingIterator } from '../iterator/hidingIterator.ts';
import type { Stretch } from '../iterator/hidingIterator.ts';
import type { Memtable } from '../memtable/memtable.ts';
import { resolveBounds } from '../iterator/keyBounds.ts';
import { expiryCutoff } from '../expiry.ts';
import { UserIterator } from '../iterator/userIterator.ts';
import { LsmError } from '../../base/errors.ts';
import { requireBytes } from '../entryBytes.ts';
import { deleteUnneededTables } from '../jobs/obsoleteFiles.ts';
import type { RangeOptions } from '../readOptions.ts';
import type { BlockReadOptions } from '../table/readContext.ts';
import { tablesWithPrefix } from './prefixTables.ts';
import type { SkippedTable } from './prefixTables.ts';
import type { WalkObserver } from './walkObserver.ts';

/** Entries that only one reader sees: a transaction's own writes. */
export interface OwnEntries {
  /** Of all of them; above what the reader sees of the store. */
  readonly sequence: SequenceNumber;
  readonly entries: EntryIterator;
  /** Each hides what the store holds in its range. */
  readonly rangeTombstones: readonly RangeTombstone[];
}

/** What a reader sees, and who else wants to know what it saw. */
export interface ReaderView {
  /** Versions above it are invisible. */
  readonly sequence: SequenceNumber;
  readonly own?: OwnEntries | undefined;
  readonly observer?: WalkObserver | undefined;
  readonly onClose?: (() => void) | undefined;
}

/** A position among the visible entries of a range. Must be closed. */
export class LsmIterator {
  private readonly state: EngineState;
  private readonly user: UserIterator;
  private readonly reverse: boolean;
  private readonly observer: WalkObserver | undefined;
  private readonly onClose: (() => void) | undefined;
  private readonly pinned: number;
  private readonly operation: OperationId;
  private readonly beganMicros: number;
  private readonly blocksBefore: number;
  private entries = 0;
  private open = true;

  constructor(state: EngineState, family: FamilyState, options: RangeOptions, view: ReaderView) {
    this.state = state;
    this.observer = view.observer;
    this.onClose = view.onClose;
    const { events, counters } = state;
    counters.scans++;
    this.operation = options.operation ?? (events.read ? state.nextOperation() : 0);
    const { operation } = this;
    const reads = { operation, useCache: true, fillCache: options.fillCache ?? true };
    const bounds = resolveBounds(options);
    const { own } = view;
    const ownSpans = own?.rangeTombstones ?? [];
    const spans = visibleSpans(family, state.tables, view.sequence, bounds, ownSpans);
    const skipped: SkippedTable[] = [];
    const sources = sourcesOf(state, family, reads, options.prefix, skipped, own?.entries, spans);
    const sequence = own?.sequence ?? view.sequence;
    this.user = new UserIterator(new MergingIterator(sources), {
      ...options,
      sequence,
      merger: family.merger,
      expiryCutoff: expiryCutoff(family.options, state.environment.clock),
    });
    this.reverse = options.reverse ?? false;
    this.pinned = state.versions.retain();
    state.iterators.add(this);
    this.beganMicros = events.read ? state.environment.clock.monotonicMicros() : 0;
    this.blocksBefore = counters.blockReads + counters.cacheHits;
    if (!events.read) return;
    events.emit({
      kind: 'scan.begin',
      operation: this.operation,
      family: family.id,
      from: options.from ?? options.prefix ?? null,
      to: options.to ?? null,
      reverse: this.reverse,
      sequence: view.sequence,
      sources: sources.length,
    });
    for (const { level, file } of skipped) {
      events.emit({ kind: 'table.skip', operation, level, file, reason: 'prefix-filter' });
    }
  }

  /** Whether it stands on an entry. */
  get valid(): boolean {
    return this.open && this.user.valid;
  }

  /** Moves to where the range begins: its smallest key, or its greatest when `reverse`. */
  seekToFirst(): void {
    this.requireOpen();
    this.user.begin();
    this.afterPlacing(undefined);
  }

  /** Moves to the first key of the range at or after `key` (`reverse`: at or before it). */
  seek(key: Uint8Array): void {
    this.requireOpen();
    requireBytes('key', key);
    if (this.reverse) this.user.seekAtMost(key);
    else this.user.seek(key);
    this.afterPlacing(key);
  }

  /** Moves one on in the range's own direction; must stand on an entry. */
  next(): void {
    this.requireEntry();
    this.user.advance();
    this.afterMove(!this.reverse);
  }

  /** Moves one back, against the range's own direction; must stand on an entry. */
  prev(): void {
    this.requireEntry();
    if (this.reverse) this.user.next();
    else this.user.prev();
    this.afterMove(this.reverse);
  }

  /** A copy of the key it stands on. */
  key(): Uint8Array {
    this.requireEntry();
    return this.user.copyKey();
  }

  /**
   * A copy of the value it stands on.
   * @throws LsmError `MERGE_FAILED`, `NOT_SUPPORTED` when it must be made of merge operands and
   * cannot be; the walk may go on.
   */
  value(): Uint8Array {
    this.requireEntry();
    return this.user.copyValue();
  }

  /** Lets go of its tables. Idempotent. */
  close(): void {
    if (!this.open) return;
    this.open = false;
    const { state, user, operation } = this;
    state.iterators.delete(this);
    state.versions.release(this.pinned);
    if (state.events.read) {
      const { counters, environment } = state;
      state.events.emit({
        kind: 'scan.end',
        operation,
        entries: this.entries,
        versionsSkipped: user.versionsSkipped,
        tombstonesSkipped: user.tombstonesSkipped,
        blocksRead: counters.blockReads + counters.cacheHits - this.blocksBefore,
        durationMicros: environment.clock.monotonicMicros() - this.beganMicros,
      });
    }
    this.onClose?.();
    if (state.mayWork) deleteUnneededTables(state);
  }

  private afterPlacing(key: Uint8Array | undefined): void {
    const { user, observer } = this;
    if (user.valid) this.entries++;
    observer?.placed(key, user.valid ? user.entry : undefined, this.reverse);
  }

  private afterMove(towardsGreater: boolean): void {
    const { user, observer } = this;
    if (user.valid) this.entries++;
    if (observer === undefined || user.limitReached) return;
    observer.moved(user.valid ? user.entry : undefined, towardsGreater);
  }

  private requireOpen(): void {
    if (!this.open) throw new LsmError('NOT_OPEN', 'the iterator, or its store, is closed');
  }

  private requireEntry(): void {
    this.requireOpen();
    if (!this.user.valid) {
      throw new LsmError('INVALID_ARGUMENT', 'the iterator stands on no entry; seek first');
    }
  }
}

/** Every place that may hold entries, newest first. */
function sourcesOf(
  { tables }: EngineState,
  { memtables, version }: FamilyState,
  reads: BlockReadOptions,
  prefix: Uint8Array | undefined,
  skipped: SkippedTable[],
  own: EntryIterator | undefined,
  spans: Fragments | undefined,
): EntryIterator[] {
  const sealed = memtables.sealed.map(({ memtable }) => memtable).toReversed();
  const places = [memtables.active, ...sealed].map((memtable) => {
    const source = memtable.iterator();
    return spans === undefined ? source : new HidingIterator(source, spans, wholeOf(memtable));
  });
  const runs = version.levels
    .flatMap(({ level, runs: ofLevel }) =>
      ofLevel.map((run) =>
        prefix === undefined ? run.tables : tablesWithPrefix(run, level, prefix, tables, skipped),
      ),
    )
    .filter((run) => run.length > 0)
    .map((run) => {
      const source = new RunIterator(run, tables, reads);
      return spans === undefined ? source : new HidingIterator(source, spans, () => source.table);
    });
  return [...(own === undefined ? [] : [own]), ...places, ...runs];
}

/** What comes into a memtable after a walk began is not seen by it: its figure of now will do. */
function wholeOf({ largestSequence }: Memtable): () => Stretch {
  const whole = { largestSequence, smallestKey: undefined, largestKey: undefined };
  return () => whole;
}

// Walking over entries. The engine's iterator is synchronous and pins what it sees from the moment
// it is made; this one hands entries over in abstract-level's formats, and lets the event loop turn
// now and then so that a long walk starves nobody.

import { setImmediate as turn } from 'node:timers/promises';
import { AbstractIterator } from 'abstract-level';
import type { AbstractIteratorOptions, AbstractSnapshot } from 'abstract-level';
import { compareBytes } from '../../base/bytes.ts';
import type { Lsm } from '../../engine/db.ts';
import type { LsmIterator } from '../../engine/read/storeIterator.ts';
import { bytesOf, inFormat } from './encodedBytes.ts';
import type { Encoded, Format } from './encodedBytes.ts';
import { keyRangeOf } from './keyRange.ts';
import type { EncodedRange, KeyRange } from './keyRange.ts';
import { inLevelTerms, LevelError, toLevelError } from './levelError.ts';
import { engineSnapshotOf } from './levelSnapshot.ts';

/** Entries handed over between two turns of the event loop: about a millisecond's worth. */
const ENTRIES_PER_TURN = 1000;

/** As abstract-level hands them to an implementation: bounds encoded, formats named. */
export interface EncodedIteratorOptions extends EncodedRange {
  readonly reverse: boolean;
  readonly keys?: boolean;
  readonly values?: boolean;
  readonly keyEncoding: Format;
  readonly valueEncoding: Format;
  readonly snapshot?: AbstractSnapshot;
  readonly signal?: AbortSignal;
}

type EncodedEntry = [Encoded | undefined, Encoded | undefined];

/** A position among the entries of a range. */
export class LevelIterator<Database, Key, Value> extends AbstractIterator<Database, Key, Value> {
  /** `undefined` when it could not be made, because of `#fault`. */
  readonly #iterator: LsmIterator | undefined;
  readonly #fault: unknown;
  readonly #range: KeyRange;
  readonly #options: EncodedIteratorOptions;
  #begun = false;
  /** Whether a seek has moved to the next entry already. */
  #soughtTo = false;
  /** Whether a seek has left the range, so that nothing is to be found. */
  #outside = false;
  #sinceTurn = 0;

  constructor(database: Database, store: Lsm, options: EncodedIteratorOptions) {
    super(database, options as unknown as AbstractIteratorOptions<Key, Value>);
    this.#options = options;
    this.#range = keyRangeOf(options);
    // abstract-level has attached it by now and will close it, so a fault waits for the first read.
    try {
      const snapshot = engineSnapshotOf(options.snapshot);
      this.#iterator = store.iterator({ ...this.#range, reverse: options.reverse, snapshot });
    } catch (thrown) {
      this.#fault = toLevelError(thrown);
    }
  }

  async _next(): Promise<EncodedEntry | undefined> {
    if (this.#mustPause()) await this.#pause();
    return this.#takeOne();
  }

  async _nextv(size: number): Promise<EncodedEntry[]> {
    const entries: EncodedEntry[] = [];
    while (entries.length < size) {
      if (this.#mustPause()) await this.#pause();
      const entry = this.#takeOne();
      if (entry === undefined) break;
      entries.push(entry);
    }
    return entries;
  }

  _seek(target: Encoded): void {
    const key = bytesOf(target);
    this.#outside = !isWithin(key, this.#range);
    this.#begun = true;
    this.#soughtTo = true;
    if (!this.#outside) inLevelTerms(() => this.#iterator?.seek(key));
  }

  _close(): Promise<void> {
    this.#iterator?.close();
    return Promise.resolve();
  }

  #mustPause(): boolean {
    return this.#sinceTurn >= ENTRIES_PER_TURN || this.#options.signal !== undefined;
  }

  async #pause(): Promise<void> {
    if (this.#sinceTurn >= ENTRIES_PER_TURN) {
      this.#sinceTurn = 0;
      await turn();
    }
    // An abort in the caller's own turn is seen too.
    await Promise.resolve();
    if (this.#options.signal?.aborted === true) {
      throw new LevelError('LEVEL_ABORTED', 'the iterator was stopped by its signal');
    }
  }

  /** The next entry in the formats asked for; `undefined` at the end. */
  #takeOne(): EncodedEntry | undefined {
    const iterator = this.#iterator;
    if (iterator === undefined) throw this.#fault;
    try {
      this.#advance(iterator);
      if (this.#outside || !iterator.valid) return undefined;
      const { keys, values, keyEncoding, valueEncoding } = this.#options;
      this.#sinceTurn++;
      return [
        keys === false ? undefined : inFormat(iterator.key(), keyEncoding),
        values === false ? undefined : inFormat(iterator.value(), valueEncoding),
      ];
    } catch (thrown) {
      throw toLevelError(thrown);
    }
  }

  /** Moves to the next entry, unless a seek has done so. */
  #advance(iterator: LsmIterator): void {
    if (this.#outside) return;
    if (!this.#begun) iterator.seekToFirst();
    else if (!this.#soughtTo && iterator.valid) iterator.next();
    this.#begun = true;
    this.#soughtTo = false;
  }
}

function isWithin(key: Uint8Array, { from, to }: KeyRange): boolean {
  if (from !== undefined && compareBytes(key, from) < 0) return false;
  return to === undefined || compareBytes(key, to) < 0;
}

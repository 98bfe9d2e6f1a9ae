// A store doing a workload on some disk, and the ledger of what it promises meanwhile. Steps
// (steps.ts) act through this class, which writes the ledger for them.

import { encodeUtf8 } from '../../../src/base/bytes.ts';
import { Random } from '../../../src/base/random.ts';
import type { Vfs } from '../../../src/base/vfs.ts';
import { Lsm } from '../../../src/engine/db.ts';
import type { ColumnFamily } from '../../../src/engine/family/columnFamily.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import { WriteBatch } from '../../../src/engine/writeBatch.ts';
import { DIRECTORY } from '../../engine/simulatedWorld.ts';
import { DEFAULT, Ledger } from './ledger.ts';
import type { Change, Promised } from './ledger.ts';
import { SMALL, environmentOf } from './storeSetup.ts';
import type { SetupEnvironment, StoreSetup } from './storeSetup.ts';

/** Another store that is made of one, holding one of its states since a certain one. */
export class StoreCopy {
  done = false;
  private readonly ledger: Ledger;
  private readonly first: number;
  private last: Promised | undefined;

  constructor(ledger: Ledger) {
    this.ledger = ledger;
    this.first = ledger.told;
  }

  /** What it must hold once it is done. */
  get promised(): Promised {
    return this.last ?? this.ledger.copiedSince(this.first);
  }

  finish(): void {
    this.last = this.promised;
    this.done = true;
  }
}

/** One store at work. */
export class WorkloadRun {
  ledger = new Ledger();
  readonly random: Random;
  readonly environment: SetupEnvironment;
  options: LsmOptions;
  store!: Lsm;
  isOpen = false;
  /** Other stores that were made of this one, by directory. */
  readonly copies = new Map<string, StoreCopy>();
  private written = 0;

  constructor(seed: number, vfs: Vfs, setup: StoreSetup) {
    this.random = new Random(seed);
    this.environment = environmentOf(seed, vfs, setup);
    this.options = { ...SMALL, ...setup.options };
  }

  async open(): Promise<void> {
    this.store = await Lsm.open(DIRECTORY, this.environment, this.options);
    this.isOpen = true;
  }

  /** Closes the store, which makes all of it durable. */
  async close(): Promise<void> {
    this.isOpen = false;
    await this.store.close();
    this.ledger.acknowledge(true);
  }

  /** A value that no other write has. */
  newValue(lengthBytes = 40 + this.random.nextBelow(60)): Uint8Array {
    const text = `value ${++this.written} `;
    return encodeUtf8(text.repeat(Math.ceil(lengthBytes / text.length)).slice(0, lengthBytes));
  }

  /** One of a few keys, so that they meet again. */
  someKey(): string {
    return `key${10 + this.random.nextBelow(40)}`;
  }

  /** Writes changes as one batch. */
  async write(changes: readonly Change[], { sync }: { readonly sync: boolean }): Promise<void> {
    await this.promise([changes], sync, () => this.store.write(this.batchOf(changes), { sync }));
  }

  put(key: string, { sync = false, family = DEFAULT } = {}): Promise<void> {
    return this.write([[family, key, this.newValue()]], { sync });
  }

  /**
   * Notes states that `action` brings about, one after the other, and that they are done with it.
   * @param durable they, and all before them, then survive a power failure.
   */
  async promise(
    states: readonly (readonly Change[])[],
    durable: boolean,
    action: () => Promise<unknown>,
  ): Promise<void> {
    for (const changes of states) this.ledger.begin(changes);
    await action();
    this.ledger.acknowledge(durable);
  }

  batchOf(changes: readonly Change[]): WriteBatch {
    const batch = new WriteBatch();
    for (const [family, text, value] of changes) {
      const key = encodeUtf8(text);
      if (value === undefined) batch.delete(key, this.family(family));
      else if (value instanceof Uint8Array) batch.put(key, value, this.family(family));
      else if ('plus' in value) batch.merge(key, encodeUtf8(value.plus), this.family(family));
      else batch.deleteRange(key, encodeUtf8(value.to), this.family(family));
    }
    return batch;
  }

  /** The handle of a family; `undefined` for the default one. */
  family(name: string): ColumnFamily | undefined {
    return name === DEFAULT ? undefined : this.store.family(name);
  }

  async createFamily(name: string, options: LsmOptions = {}): Promise<void> {
    this.ledger.beginFamily(name);
    await this.store.createFamily(name, options);
    this.ledger.settleFamily(name, 'there');
  }

  async dropFamily(name: string): Promise<void> {
    this.ledger.beginDrop(name);
    await this.store.dropFamily(this.family(name)!);
    this.ledger.settleFamily(name, 'gone');
  }

  /** Makes another store that holds what this one holds at some moment from now on. */
  async checkpoint(): Promise<void> {
    const directory = `/copy${this.random.nextUint32()}`;
    const copy = new StoreCopy(this.ledger);
    this.copies.set(directory, copy);
    await this.store.checkpoint(directory);
    copy.finish();
  }

  /**
   * Asks for writes in one turn, and for something else while they are under way; waits for both.
   * @param meanwhile starts when the writes are queued.
   */
  async whileWriting(changes: readonly Change[], meanwhile: () => Promise<unknown>): Promise<void> {
    const { ledger } = this;
    for (const change of changes) ledger.begin([change]);
    const state = ledger.count - 1;
    const writes = Promise.all(changes.map((change) => this.store.write(this.batchOf([change]))));
    const told = writes.then(() => ledger.acknowledge(false, state));
    const ends = await Promise.allSettled([told, meanwhile()]);
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  /** Lets time pass, by which some keys expire. What was written before is durable. */
  letTimePass(seconds: number, expired: readonly Change[]): void {
    this.environment.clock.pass(seconds);
    this.ledger.elapse(seconds, expired);
  }
}

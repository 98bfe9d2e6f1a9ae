// A store doing a workload on some disk, and the ledger of what it promises meanwhile. Steps
// (steps.ts) act through this class, which writes the ledger for them.

import { encodeUtf8 } from '../../../src/base/bytes.ts';
import type { Environment } from '../../../src/base/environment.ts';
import { Random } from '../../../src/base/random.ts';
import type { Vfs } from '../../../src/base/vfs.ts';
import { Lsm } from '../../../src/engine/db.ts';
import type { ColumnFamily } from '../../../src/engine/family/columnFamily.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import { WriteBatch } from '../../../src/engine/writeBatch.ts';
import { DIRECTORY, simulatedEnvironment } from '../../engine/simulatedWorld.ts';
import { DEFAULT, Ledger } from './ledger.ts';
import type { Change, Promised } from './ledger.ts';

/** Everything small, so that few writes make deep levels. */
export const SMALL: LsmOptions = {
  memtableSize: 1024,
  blockSize: 128,
  blockRestartInterval: 4,
  maxL0SSTables: 2,
  l0SlowdownTables: 6,
  l0StopTables: 10,
  maxImmutableMemtables: 2,
  levelBaseSize: 2048,
  levelMultiplier: 2,
  maxLevels: 4,
  tierRuns: 2,
  targetTableSize: 1024,
  blockCacheSize: 2048,
  mergeOperator: 'stringappend',
};

/** One store at work. */
export class WorkloadRun {
  readonly ledger = new Ledger();
  readonly random: Random;
  readonly environment: Environment;
  options: LsmOptions;
  store!: Lsm;
  isOpen = false;
  /** Other stores that were made of this one, by directory. */
  readonly copies = new Map<string, { readonly promised: Promised; done: boolean }>();
  private written = 0;

  constructor(seed: number, vfs: Vfs, options: LsmOptions) {
    this.random = new Random(seed);
    this.environment = simulatedEnvironment(seed, vfs);
    this.options = { ...SMALL, ...options };
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

  /** Makes another store that holds what this one holds now. */
  async checkpoint(directory: string): Promise<void> {
    const copy = { promised: this.ledger.copied, done: false };
    this.copies.set(directory, copy);
    await this.store.checkpoint(directory);
    copy.done = true;
  }
}

// What a store must do after a crash: it opens, holds a state that was promised, answers alike to
// scans and point reads, takes writes, and is the same when it is opened once more. On the way one
// moment is chosen at which it may crash again.

import { compareBytes, encodeUtf8 } from '../../../src/base/bytes.ts';
import type { Random } from '../../../src/base/random.ts';
import { Lsm } from '../../../src/engine/db.ts';
import { DIRECTORY } from '../../engine/simulatedWorld.ts';
import type { DiskImage } from '../disk/diskImage.ts';
import type { SimulatedDisk } from '../disk/simulatedDisk.ts';
import { DEFAULT } from './ledger.ts';
import type { Change, Found, Ledger, Promised } from './ledger.ts';
import { SMALL, environmentOf } from './storeSetup.ts';
import type { StoreSetup } from './storeSetup.ts';

/** A moment at which everything may stop, and what must be left then. */
export interface Moment {
  readonly image: DiskImage;
  readonly promised: Promised;
  /** The call before it, for people. */
  readonly call: string;
}

/** What a disk must hold. */
export interface Due {
  readonly promised: Promised;
  /** Whether what was not durable may be lost. */
  readonly powerFailed: boolean;
}

/** What came of an attempt to go on. */
export interface Reopening {
  /** What is wrong, or `undefined`. */
  readonly fault: string | undefined;
  /** A moment of the attempt, for a crash within. */
  readonly moment: Moment | undefined;
  /** Times that a store was opened. */
  readonly opened: number;
}

const AFTER = 'written after the crash';

/**
 * Goes on with the disk that a crash has left.
 * @param random chooses the moment, and how much more is tried.
 */
export async function reopen(
  disk: SimulatedDisk,
  due: Due,
  setup: StoreSetup,
  random: Random,
  directory: string = DIRECTORY,
): Promise<Reopening> {
  const attempt = new Attempt(disk, due, setup, random, directory);
  let fault: string | undefined;
  try {
    fault = await attempt.run();
  } catch (thrown) {
    fault = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
    await attempt.store?.close().catch(() => undefined);
  }
  return { fault, moment: attempt.moment, opened: attempt.opened };
}

class Attempt {
  store: Lsm | undefined;
  moment: Moment | undefined;
  opened = 0;
  private calls = 0;
  private ledger: Ledger | undefined;
  private readonly disk: SimulatedDisk;
  private readonly due: Due;
  private readonly setup: StoreSetup;
  private readonly random: Random;
  private readonly directory: string;

  constructor(disk: SimulatedDisk, due: Due, setup: StoreSetup, random: Random, directory: string) {
    this.disk = disk;
    this.due = due;
    this.setup = setup;
    this.random = random;
    this.directory = directory;
    disk.onChange = (call, path) => this.consider(`${call} ${path}`);
  }

  async run(): Promise<string | undefined> {
    const store = await this.open();
    const found = contentOf(store);
    const { promised, powerFailed } = this.due;
    const fault =
      promised.faultIn(found, powerFailed) ?? faultInReads(store, found, promised.gone(found));
    if (fault !== undefined) {
      await store.close();
      return fault;
    }
    this.ledger = promised.settledAt(found);
    await this.goOn(store, this.ledger);
    await store.close();
    this.disk.onChange = undefined;
    return this.random.nextBelow(4) === 0 ? this.openAgain(this.ledger.promised) : undefined;
  }

  /** The store takes writes. */
  private async goOn(store: Lsm, ledger: Ledger): Promise<void> {
    const key = `key${10 + this.random.nextBelow(40)}`;
    const change: Change = [DEFAULT, key, encodeUtf8(AFTER)];
    ledger.begin([change]);
    await store.put(encodeUtf8(key), encodeUtf8(AFTER), { sync: true });
    ledger.acknowledge(true);
    if (this.random.nextBelow(4) === 0) await store.flush();
    if (this.random.nextBelow(8) === 0) await store.compactRange();
  }

  private async openAgain(promised: Promised): Promise<string | undefined> {
    const store = await this.open();
    const fault = promised.faultIn(contentOf(store), false);
    await store.close();
    return fault === undefined ? undefined : `opened once more, ${fault}`;
  }

  private async open(): Promise<Lsm> {
    this.opened++;
    const environment = environmentOf(this.random.nextUint32(), this.disk, this.setup);
    environment.clock.pass(this.due.promised.elapsedSeconds);
    const options = { ...SMALL, ...this.setup.options };
    this.store = await Lsm.open(this.directory, environment, options);
    return this.store;
  }

  /** Each call so far is equally likely to be the one. */
  private consider(call: string): void {
    if (this.random.nextBelow(++this.calls) > 0) return;
    const promised = this.ledger?.promised ?? this.due.promised;
    this.moment = { image: this.disk.image(), promised, call };
  }
}

/** All that a store holds. */
export function contentOf(store: Lsm): Found {
  return new Map(
    store.families.map((family) => [
      family.name,
      [...store.entries(family.name === DEFAULT ? {} : { family })],
    ]),
  );
}

/** Point reads must find what a scan shows, and nothing of `gone`. */
export function faultInReads(
  store: Lsm,
  found: Found,
  gone: ReadonlyMap<string, readonly Uint8Array[]>,
): string | undefined {
  for (const [name, entries] of found) {
    const family = name === DEFAULT ? undefined : store.family(name);
    for (const [key, value] of entries) {
      const read = store.getSync(key, { family });
      if (read === undefined || compareBytes(read, value) !== 0) {
        return `a scan of ${name} shows ${Buffer.from(key).toString()}, a point read does not`;
      }
    }
    for (const key of gone.get(name) ?? []) {
      if (store.getSync(key, { family }) === undefined) continue;
      return `a point read in ${name} finds ${Buffer.from(key).toString()}, a scan does not`;
    }
  }
  return undefined;
}

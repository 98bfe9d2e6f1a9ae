// Does actions to a store with several column families and to a model side by side. The model is
// the history of one sorted map, whose keys say the family, too: a batch over several families is
// one step of it, so a crash that tears one apart shows.

import { expect } from 'vitest';
import { encodeHex, encodeUtf8 } from '../../src/base/bytes.ts';
import { Random } from '../../src/base/random.ts';
import { Lsm } from '../../src/engine/db.ts';
import type { ColumnFamily } from '../../src/engine/family/columnFamily.ts';
import type { LsmIterator } from '../../src/engine/read/storeIterator.ts';
import { WriteBatch } from '../../src/engine/writeBatch.ts';
import { reduce } from '../../src/protocol/reduce.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import { RecordingSink } from '../engine/recordingSink.ts';
import { DIRECTORY, nextTurn, simulatedEnvironment } from '../engine/simulatedWorld.ts';
import { SLOTS } from './familyActions.ts';
import type { FamilyAction, SlotChange } from './familyActions.ts';
import { problemsOfContent, problemsOfShape } from './invariants.ts';
import { History } from './storeModel.ts';
import type { Change, Content } from './storeModel.ts';
import { TINY, comparable, expectSame } from './storeRun.ts';
import { SimulatedDisk } from '../reliability/disk/simulatedDisk.ts';

type Entries = [Uint8Array, Uint8Array][];

/** An iterator that stays open, and what it must still show. */
interface Walk {
  readonly iterator: LsmIterator;
  readonly rest: Entries;
}

/** One store under test, with its disk, its model and its viewers' state. */
export class FamilyRun {
  drops = 0;
  /** Memtables sealed only because they kept an old log segment. */
  sealedForLog = 0;
  private disk = new SimulatedDisk();
  private store!: Lsm;
  private folded!: TreeState;
  private sink!: RecordingSink;
  private readonly seed: number;
  private readonly history = new History();
  private walks: Walk[] = [];
  private readonly left: Lsm[] = [];

  constructor(seed: number) {
    this.seed = seed;
    this.disk.makeDirectory(DIRECTORY);
  }

  async run(actions: readonly FamilyAction[]): Promise<void> {
    await this.open();
    for (const [index, action] of actions.entries()) {
      await this.perform(action);
      // Comparing is dear; runs differ in where it falls.
      if ((index + this.seed) % 4 !== 0) continue;
      await nextTurn();
      this.compareFold();
    }
    await this.store.waitForIdle();
    this.compareAll();
    await this.store.close();
  }

  /** Stops what crashes left running, so that nothing of this run outlives it. */
  async cleanUp(): Promise<void> {
    for (const store of [...this.left, this.store]) await store?.close().catch(() => undefined);
  }

  private async open(): Promise<void> {
    this.sink = new RecordingSink();
    const environment = simulatedEnvironment(this.seed, this.disk);
    const options = { ...TINY, maxWalSize: 4096, events: this.sink };
    this.store = await Lsm.open(DIRECTORY, environment, options);
    this.folded = this.store.describe();
    this.sink.listener = (event) => {
      this.folded = reduce(this.folded, event);
      if (event.kind === 'memtable.seal' && event.reason === 'wal-full') this.sealedForLog++;
      if (event.kind === 'manifest.edit') expectSame(problemsOfShape(this.folded), []);
    };
  }

  private async perform(action: FamilyAction): Promise<void> {
    switch (action.kind) {
      case 'write':
        return this.write(action.changes, action.sync);
      case 'get':
        return this.get(action.slot, encodeUtf8(action.key));
      case 'scan':
        return this.compareSlot(this.slotOf(action.slot), action.reverse);
      case 'walk':
        return this.walk(this.slotOf(action.slot));
      case 'create':
        return this.create(action.slot, action.memtableSize);
      case 'drop':
        return this.drop(action.slot);
      case 'flush':
        await this.store.flush(action.slot === undefined ? undefined : this.family(action.slot));
        if (action.slot === undefined) this.history.settle();
        return;
      case 'compact':
        return this.store.compactRange({ family: this.family(action.slot) });
      case 'idle':
        return this.store.waitForIdle();
      default:
        return this.crash(action);
    }
  }

  private async write(changes: readonly SlotChange[], sync: boolean): Promise<void> {
    const batch = new WriteBatch();
    const written = changes.map(([slot, name, length]): Change => {
      const key = encodeUtf8(name);
      const value = length === undefined ? undefined : new Uint8Array(length).fill(length);
      const family = this.family(slot);
      if (value === undefined) batch.delete(key, family);
      else batch.put(key, value, family);
      return [inSlot(this.slotOf(slot), key), value];
    });
    await this.store.write(batch, { sync });
    this.history.commit(written, sync);
  }

  private async get(slot: number, key: Uint8Array): Promise<void> {
    const expected = this.history.current.get(encodeHex(inSlot(this.slotOf(slot), key)));
    const family = this.family(slot);
    expectSame(await this.store.get(key, { family }), expected);
    this.sink.read = false;
    expectSame(this.store.getSync(key, { family }), expected);
    this.sink.read = true;
    this.folded = { ...this.folded, cache: this.store.describe().cache };
  }

  private walk(slot: number): void {
    const iterator = this.store.iterator({ family: this.family(slot) });
    iterator.seekToFirst();
    this.walks.push({ iterator, rest: entriesOf(this.history.current, slot) });
    if (this.walks.length > 2) finishWalk(this.walks.shift()!);
  }

  private async create(slot: number, memtableSize: number | undefined): Promise<void> {
    if (this.store.family(nameOf(slot)) !== undefined) return;
    const options = memtableSize === undefined ? {} : { memtableSize };
    const family = await this.store.createFamily(nameOf(slot), options);
    expect(this.store.family(nameOf(slot))).toBe(family);
  }

  private async drop(slot: number): Promise<void> {
    const family = this.store.family(nameOf(slot));
    if (family === undefined) return;
    const dropped = this.store.dropFamily(family);
    expect(() => this.store.getSync(encodeUtf8('key'), { family })).toThrow(/dropped/);
    await dropped;
    this.drops++;
    expect(this.store.family(nameOf(slot))).toBeUndefined();
    // The drop is durable, whatever becomes of the writes before it.
    this.history.forget((key) => key.startsWith(encodeHex(Uint8Array.of(slot))));
  }

  private async crash(
    action: Extract<FamilyAction, { kind: 'reopen' | 'kill' | 'power-failure' }>,
  ): Promise<void> {
    if (action.kind === 'reopen') {
      await this.store.close();
      this.history.settle();
    } else {
      this.left.push(this.store);
      this.sink.listener = undefined;
      const random =
        action.kind === 'kill' || action.seed === 0 ? undefined : new Random(action.seed);
      this.disk =
        action.kind === 'kill' ? this.disk.afterKill() : this.disk.afterPowerFailure(random);
    }
    for (const { iterator } of this.walks) iterator.close();
    this.walks = [];
    await this.open();
    if (action.kind === 'power-failure') {
      expect(this.history.resumeAt(this.found()), 'a state that the store was in').toBe(true);
    }
    this.compareAll();
  }

  private compareAll(): void {
    for (let slot = 0; slot < SLOTS; slot++) {
      if (this.slotOf(slot) !== slot) expectSame(entriesOf(this.history.current, slot), []);
      else this.compareSlot(slot, slot === 1);
    }
    for (const walk of this.walks) finishWalk(walk);
    this.walks = [];
    expectSame(problemsOfContent(this.store.describe(), this.disk), []);
  }

  private compareSlot(slot: number, reverse: boolean): void {
    const expected = entriesOf(this.history.current, slot);
    if (reverse) expected.reverse();
    expectSame([...this.store.entries({ family: this.family(slot), reverse })], expected);
  }

  /** All that the store holds, as the model has it. */
  private found(): Content {
    const content = new Map<string, Uint8Array>();
    for (let slot = 0; slot < SLOTS; slot++) {
      if (this.slotOf(slot) !== slot) continue;
      for (const [key, value] of this.store.entries({ family: this.family(slot) })) {
        content.set(encodeHex(inSlot(slot, key)), value);
      }
    }
    return content;
  }

  private slotOf(slot: number): number {
    return this.family(slot) === undefined ? 0 : slot;
  }

  /** The family of a slot; `undefined` for the default one, also when the slot has none. */
  private family(slot: number): ColumnFamily | undefined {
    return slot === 0 ? undefined : this.store.family(nameOf(slot));
  }

  /** What viewers have made of the events is what the engine says of itself. */
  private compareFold(): void {
    expectSame(comparable(this.folded), comparable(this.store.describe()));
  }
}

function nameOf(slot: number): string {
  return `family ${slot}`;
}

function inSlot(slot: number, key: Uint8Array): Uint8Array {
  return Uint8Array.of(slot, ...key);
}

function entriesOf(content: Content, slot: number): Entries {
  const prefix = encodeHex(Uint8Array.of(slot));
  return [...content]
    .filter(([key]) => key.startsWith(prefix))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, value]) => [Uint8Array.from(Buffer.from(key.slice(prefix.length), 'hex')), value]);
}

function finishWalk({ iterator, rest }: Walk): void {
  const found: Entries = [];
  for (; iterator.valid; iterator.next()) found.push([iterator.key(), iterator.value()]);
  expectSame(found, rest);
  iterator.close();
}

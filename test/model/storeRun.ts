// Does actions to a store and to the model side by side, and compares whatever can be seen.

import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { compareBytes, decodeHex, encodeHex } from '../../src/base/bytes.ts';
import type { LsmError } from '../../src/base/errors.ts';
import { Random } from '../../src/base/random.ts';
import type { MergeOperator } from '../../src/base/mergeOperators/mergeOperator.ts';
import { Lsm } from '../../src/engine/db.ts';
import { TableBuilder } from '../../src/engine/ingest/tableBuilder.ts';
import type { LsmOptions, WalSyncMode } from '../../src/engine/options.ts';
import type { Snapshot } from '../../src/engine/snapshotList.ts';
import type { LsmIterator } from '../../src/engine/read/storeIterator.ts';
import { WriteBatch } from '../../src/engine/writeBatch.ts';
import { reduce } from '../../src/protocol/reduce.ts';
import type { TreeState } from '../../src/protocol/treeState.ts';
import { RecordingSink } from '../engine/recordingSink.ts';
import {
  DIRECTORY,
  TwoHandClock,
  nextTurn,
  simulatedEnvironment,
} from '../engine/simulatedWorld.ts';
import { problemsOfContent, problemsOfShape } from './invariants.ts';
import { SideBySide } from './sideBySide.ts';
import { changeOf, keyOf } from './storeActions.ts';
import type { Action, KeyText } from './storeActions.ts';
import { contentAfter, History, isIn, scan } from './storeModel.ts';
import type { Change, Content, OperandChange, RangeEnd } from './storeModel.ts';
import { SimulatedDisk } from '../reliability/disk/simulatedDisk.ts';

/** Everything small, so that few writes make deep levels. */
export const TINY: LsmOptions = {
  memtableSize: 1024,
  blockSize: 128,
  blockRestartInterval: 4,
  maxL0SSTables: 2,
  l0SlowdownTables: 4,
  l0StopTables: 6,
  maxImmutableMemtables: 2,
  levelBaseSize: 2048,
  levelMultiplier: 2,
  maxLevels: 5,
  tierRuns: 2,
  timeWindowSeconds: 60,
  maxConcurrentCompactions: 3,
  targetTableSize: 1024,
  blockCacheSize: 2048,
};

/** Appends as `stringappend` does; operands that wait are never combined. */
const APPEND: MergeOperator = {
  name: 'test.append',
  fullMerge: (_key, base, operands) =>
    (base === undefined ? operands : [base, ...operands]).reduce((before, operand) =>
      Uint8Array.of(...before, 0x2c, ...operand),
    ),
};

/** A run has one of them, by its seed. */
const OPERATORS: readonly string[] = ['stringappend', APPEND.name];

/** A run has one of them, by its seed; each write says itself whether it wants a sync. */
const WAL_SYNCS: readonly WalSyncMode[] = ['never', 'interval', 'always'];

/** Actions between two comparisons of the viewers' state with the engine's own. */
const FOLD_COMPARED_EVERY = 5;

const OUTSIDE = '/outside';

/** An iterator that stays open, and what it must still show. */
interface Walk {
  readonly iterator: LsmIterator;
  readonly rest: [Uint8Array, Uint8Array][];
}

/** One store under test, with its disk, its model and its viewers' state. */
export class StoreRun {
  disk = new SimulatedDisk();
  /** Table files written by compactions so far: tells whether a run was worth anything. */
  compactions = 0;
  deepestLevel = 0;
  /** Entries that compactions made part of others. */
  merged = 0;
  private store!: Lsm;
  private folded!: TreeState;
  private sink!: RecordingSink;
  private clock!: TwoHandClock;
  private options: LsmOptions;
  private readonly seed: number;
  private readonly history = new History();
  private snapshots: { snapshot: Snapshot; content: Content }[] = [];
  private walks: Walk[] = [];
  private readonly left: Lsm[] = [];
  /** Tables and stores made outside of this one. */
  private madeOutside = 0;

  constructor(seed: number, options: LsmOptions) {
    this.seed = seed;
    const walSync = WAL_SYNCS[seed % WAL_SYNCS.length]!;
    const mergeOperator = OPERATORS[seed % OPERATORS.length]!;
    const merging = { mergeOperator, mergeOperators: [APPEND] };
    this.options = { ...TINY, walSync, recycleLogs: seed % 4, ...merging, ...options };
    this.disk.makeDirectory(DIRECTORY);
  }

  async run(actions: readonly Action[]): Promise<void> {
    await this.open();
    for (const [index, action] of actions.entries()) {
      await this.perform(action);
      // Comparing is dear; runs differ in where it falls.
      if ((index + this.seed) % FOLD_COMPARED_EVERY !== 0) continue;
      await nextTurn();
      this.compareFold();
    }
    await this.store.waitForIdle();
    this.compareAll();
    this.checkTables();
    await this.store.close();
  }

  /** Stops what crashes left running, so that nothing of this run outlives it. */
  async cleanUp(): Promise<void> {
    for (const store of [...this.left, this.store]) await store?.close().catch(() => undefined);
  }

  private async open(): Promise<void> {
    this.sink = new RecordingSink();
    this.clock = new TwoHandClock();
    const environment = { ...simulatedEnvironment(this.seed, this.disk), clock: this.clock };
    this.store = await Lsm.open(DIRECTORY, environment, { ...this.options, events: this.sink });
    this.folded = this.store.describe();
    const sideBySide = new SideBySide();
    this.sink.listener = (event) => {
      this.folded = reduce(this.folded, event);
      if (event.kind === 'compaction.end') this.merged += event.totals.merged;
      expectSame(sideBySide.problemsOf(event), []);
      if (event.kind !== 'manifest.edit') return;
      expectSame(problemsOfShape(this.folded), []);
      this.deepestLevel = Math.max(this.deepestLevel, ...event.added.map(({ level }) => level));
      this.compactions += event.removed.length > 0 ? 1 : 0;
    };
  }

  private async perform(action: Action): Promise<void> {
    switch (action.kind) {
      case 'write':
        return this.write(action.changes.map(changeOf), action.sync);
      case 'burst':
        return this.burst(action.changes.map(changeOf), action.sync);
      case 'toggle':
        return this.toggle(keyOf(action.key), action.sync);
      case 'get':
        return this.compareGet(keyOf(action.key), action.snapshot);
      case 'scan':
        return this.compareScan(action);
      case 'walk':
        return this.walk(keyOf(action.seek), action.reverse);
      case 'transaction':
        return this.transact(action);
      case 'ingest':
        return this.ingest(action.changes.map(changeOf));
      case 'checkpoint':
        return this.compareCheckpoint();
      case 'snapshot':
        this.snapshots.push({ snapshot: this.store.snapshot(), content: this.history.current });
        return;
      case 'release':
        this.snapshots.splice(action.snapshot, 1)[0]?.snapshot.release();
        return;
      case 'flush':
        await this.store.flush();
        this.history.settle();
        return this.checkTables();
      case 'compact':
        await this.store.compactRange({ from: maybeKey(action.from), to: maybeKey(action.to) });
        this.history.settle();
        this.compareAll();
        return this.checkTables();
      case 'pass':
        return this.clock.pass(action.seconds);
      case 'idle':
        await this.store.waitForIdle();
        return this.checkTables();
      default:
        return this.performCrash(action);
    }
  }

  /** The store is left, and opened again on what is there then. */
  private async performCrash(
    action: Extract<Action, { kind: 'reopen' | 'kill' | 'power-failure' }>,
  ): Promise<void> {
    if (action.kind === 'reopen') {
      await this.store.close();
      this.finishWalks(false);
      this.history.settle();
      if (action.strategy !== 'same') {
        this.options = { ...this.options, compaction: action.strategy };
      }
    } else {
      this.left.push(this.store);
      this.sink.listener = undefined;
      this.disk =
        action.kind === 'kill'
          ? this.disk.afterKill()
          : this.disk.afterPowerFailure(lossOf(action.seed));
      this.finishWalks(false);
    }
    this.snapshots = [];
    await this.open();
    if (action.kind === 'power-failure') {
      const found = new Map(
        [...this.store.entries()].map(([key, value]) => [encodeHex(key), value]),
      );
      expect(this.history.resumeAt(found), 'a state that the store was in').toBe(true);
    }
    this.compareAll();
    this.checkTables();
  }

  private async write(changes: readonly Change[], sync: boolean): Promise<void> {
    if (changes.length > 1) {
      const batch = new WriteBatch();
      for (const [key, value] of changes) {
        if (value === undefined) batch.delete(key);
        else if (value instanceof Uint8Array) batch.put(key, value);
        else if ('operand' in value) batch.merge(key, value.operand);
        else batch.deleteRange(key, value.to);
      }
      await this.store.write(batch, { sync });
    } else {
      await this.writeOne(changes[0]!, sync);
    }
    this.history.commit(changes, sync);
  }

  private writeOne([key, value]: Change, sync: boolean): Promise<void> {
    if (value === undefined) return this.store.delete(key, { sync });
    if (value instanceof Uint8Array) return this.store.put(key, value, { sync });
    if ('operand' in value) return this.store.merge(key, value.operand, { sync });
    return this.store.deleteRange(key, value.to, { sync });
  }

  private async toggle(key: Uint8Array, sync: boolean): Promise<void> {
    const there = this.history.current.has(encodeHex(key));
    if (there) await this.store.singleDelete(key, { sync });
    else await this.store.put(key, key, { sync });
    this.history.commit([[key, there ? undefined : key]], sync);
  }

  private async burst(changes: readonly Change[], sync: boolean): Promise<void> {
    const writes = changes.map((change, index) => this.writeOne(change, sync && index % 3 === 0));
    await Promise.all(writes);
    // A power failure may cut the burst anywhere that was not synced.
    for (const [index, change] of changes.entries()) {
      this.history.commit([change], sync && index % 3 === 0);
    }
  }

  private async transact(action: Extract<Action, { kind: 'transaction' }>): Promise<void> {
    const { sync } = action;
    const changes = action.changes.map(changeOf).filter(isPlain);
    const read = keyOf(action.read);
    const transaction = this.store.transaction();
    expectSame(await transaction.get(read), this.history.current.get(encodeHex(read)));
    for (const [key, value] of changes) {
      if (value === undefined) transaction.delete(key);
      else transaction.put(key, value);
    }
    const own = contentAfter(this.history.current, changes);
    const meanwhile = action.meanwhile.map(changeOf);
    if (meanwhile.length > 0) await this.write(meanwhile, false);
    expectSame(
      [...transaction.entries({ from: read, limit: 3 })],
      scan(own, { from: read, limit: 3 }),
    );
    const reverse = { to: read, reverse: true, limit: 3 };
    expectSame([...transaction.entries(reverse)], scan(own, reverse));
    const outcome = await transaction.commit({ sync }).then(
      () => 'committed',
      (thrown: LsmError) => thrown.code,
    );
    const written = new Set([...changes.map(([key]) => key), read].map(encodeHex));
    const conflicts = meanwhile.some(([key, value]) =>
      isRangeEnd(value)
        ? [...written].some((hex) => isIn(decodeHex(hex), key, value.to))
        : written.has(encodeHex(key)),
    );
    // One that writes nothing saw the store as it was at one moment.
    const mustConflict = conflicts && changes.length > 0;
    if (meanwhile.length === 0) expect(outcome).toBe('committed');
    if (mustConflict) expect(outcome).toBe('CONFLICT');
    if (outcome === 'committed') this.history.commit(changes, sync);
  }

  private async ingest(changes: readonly Change[]): Promise<void> {
    const points = changes.filter(isOfOneKey);
    const last = new Map(points.map(([key, value]) => [encodeHex(key), [key, value] as const]));
    const sorted = [...last.values()].sort(([left], [right]) => compareBytes(left, right));
    if (sorted.length === 0) return;
    const name = `t${this.madeOutside++}`;
    this.disk.makeDirectory(OUTSIDE);
    const environment = simulatedEnvironment(this.seed, this.disk);
    const builder = await TableBuilder.create(OUTSIDE, name, environment, { blockSize: 64 });
    for (const [key, value] of sorted) {
      if (value === undefined) builder.delete(key);
      else if (value instanceof Uint8Array) builder.put(key, value);
      else builder.merge(key, value.operand);
    }
    await builder.finish();
    await this.store.ingest([`${OUTSIDE}/${name}`], { manner: 'move' });
    this.history.commit(sorted, true);
    this.checkTables();
  }

  private async compareCheckpoint(): Promise<void> {
    const directory = `${OUTSIDE}/c${this.madeOutside++}`;
    await this.store.checkpoint(directory);
    const environment = simulatedEnvironment(this.seed, this.disk);
    const copy = await Lsm.open(directory, environment, this.options);
    expectSame([...copy.entries()], scan(this.history.current, {}));
    await copy.close();
  }

  private async compareGet(key: Uint8Array, index: number): Promise<void> {
    const { snapshot, content } = this.view(index);
    const expected = content.get(encodeHex(key));
    expectSame(await this.store.get(key, { snapshot }), expected);
    this.sink.read = false;
    expectSame(this.store.getSync(key, { snapshot }), expected);
    this.sink.read = true;
    this.folded = { ...this.folded, cache: this.store.describe().cache };
  }

  private compareScan(action: Extract<Action, { kind: 'scan' }>): void {
    const { snapshot, content } = this.view(action.snapshot);
    const { reverse, limit } = action;
    const [from, to, prefix] = [action.from, action.to, action.prefix].map(maybeKey);
    const range = { from, to, prefix, reverse, limit };
    expectSame([...this.store.entries({ ...range, snapshot })], scan(content, range));
  }

  private walk(seek: Uint8Array, reverse: boolean): void {
    const bound = reverse ? { to: Uint8Array.of(...seek, 0) } : { from: seek };
    const rest = scan(this.history.current, { ...bound, reverse });
    const iterator = this.store.iterator({ reverse });
    iterator.seek(seek);
    this.walks.push({ iterator, rest });
    if (this.walks.length > 2) this.finishWalk(this.walks.shift()!);
  }

  private finishWalks(open: boolean): void {
    for (const walk of this.walks) {
      if (open) this.finishWalk(walk);
      walk.iterator.close();
    }
    this.walks = [];
  }

  private finishWalk({ iterator, rest }: Walk): void {
    const found: [Uint8Array, Uint8Array][] = [];
    for (; iterator.valid; iterator.next()) found.push([iterator.key(), iterator.value()]);
    expectSame(found, rest);
    iterator.close();
  }

  private view(index: number): { snapshot: Snapshot | undefined; content: Content } {
    const live = index < 0 ? undefined : this.snapshots[index];
    return live ?? { snapshot: undefined, content: this.history.current };
  }

  private compareAll(): void {
    expectSame([...this.store.entries()], scan(this.history.current, {}));
    expectSame(
      [...this.store.entries({ reverse: true })],
      scan(this.history.current, { reverse: true }),
    );
    for (const { snapshot, content } of this.snapshots) {
      expectSame([...this.store.entries({ snapshot })], scan(content, {}));
    }
    this.finishWalks(true);
  }

  private checkTables(): void {
    expectSame(problemsOfContent(this.store.describe(), this.disk), []);
  }

  /** What viewers have made of the events is what the engine says of itself. */
  private compareFold(): void {
    expectSame(comparable(this.folded), comparable(this.store.describe()));
  }
}

/** `toEqual`, but quick when nothing is wrong. */
export function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

function maybeKey(text: KeyText | undefined): Uint8Array | undefined {
  return text === undefined ? undefined : keyOf(text);
}

function isRangeEnd(value: Change[1]): value is RangeEnd {
  return value !== undefined && !(value instanceof Uint8Array) && 'to' in value;
}

/** Tables are made key by key. */
function isOfOneKey(
  change: Change,
): change is readonly [Uint8Array, Uint8Array | OperandChange | undefined] {
  return !isRangeEnd(change[1]);
}

/** What transactions write. */
function isPlain(change: Change): change is readonly [Uint8Array, Uint8Array | undefined] {
  return change[1] === undefined || change[1] instanceof Uint8Array;
}

/** Seed 0: everything that was not synced is lost. */
function lossOf(seed: number): Random | undefined {
  return seed === 0 ? undefined : new Random(seed);
}

/** What only summaries move, and what only the sink knows, is left out. */
export function comparable(state: TreeState): unknown {
  const { counters: _counters, timeMicros: _time, eventNumber: _number, ...rest } = state;
  return rest;
}

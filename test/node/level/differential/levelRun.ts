// Does operations to our database, to LevelDB and to the model side by side, and compares whatever
// they answer.

import { isDeepStrictEqual } from 'node:util';
import type {
  AbstractBatchOperation,
  AbstractIterator,
  AbstractLevel,
  AbstractSnapshot,
} from 'abstract-level';
import { ClassicLevel } from 'classic-level';
import { expect } from 'vitest';
import { LsmLevel } from '../../../../src/node/level/lsmLevel.ts';
import type { LevelOpenOptions } from '../../../../src/node/level/lsmLevel.ts';
import { contentAfter, ModelIterator, select, valueOf } from './levelModel.ts';
import type { Content, Entry } from './levelModel.ts';
import { bytesOf } from './levelOperations.ts';
import type { KeyText, Operation, Selection, ShortChange } from './levelOperations.ts';

type BatchOperation = AbstractBatchOperation<Database, Buffer, string>;

type Database = AbstractLevel<string | Buffer | Uint8Array, Buffer, string>;

/** The two databases, or what was made of each. */
interface Pair<Ours, Theirs = Ours> {
  readonly ours: Ours;
  readonly theirs: Theirs;
}

interface View {
  readonly snapshots: Pair<AbstractSnapshot> | undefined;
  readonly content: Content;
}

interface OpenIterator {
  readonly view: View;
  readonly iterators: Pair<AbstractIterator<Database, Buffer, string>>;
  readonly model: ModelIterator;
}

/** More than so many are not open at once; the oldest is closed. */
const ITERATORS_MAX = 3;
const SNAPSHOTS_MAX = 3;

/** One run over two empty databases. */
export class LevelRun {
  readonly databases: Pair<LsmLevel<Buffer, string>, Database>;
  /** Of ours, so far: tell whether the run was worth anything. */
  flushes = 0;
  compactions = 0;
  private readonly options: LevelOpenOptions;
  private content: Content = new Map();
  private snapshots: View[] = [];
  private iterators: OpenIterator[] = [];

  /** @param directory does not exist yet. */
  constructor(directory: string, options: LevelOpenOptions) {
    const encodings = { keyEncoding: 'buffer', valueEncoding: 'utf8' } as const;
    this.options = options;
    this.databases = {
      ours: new LsmLevel<Buffer, string>(`${directory}/ours`, encodings),
      theirs: new ClassicLevel<Buffer, string>(`${directory}/theirs`, encodings),
    };
  }

  /** Compares everything at the end, and closes both. */
  async run(operations: readonly Operation[]): Promise<void> {
    await this.open();
    for (const operation of operations) await this.perform(operation);
    await this.compareAll();
    await this.close();
  }

  async close(): Promise<void> {
    this.snapshots = [];
    this.iterators = [];
    const { ours } = this.databases;
    if (ours.status === 'open') {
      const { flushes, compactions } = ours.stats().counters;
      this.flushes += flushes;
      this.compactions += compactions;
    }
    await this.both((database) => database.close());
  }

  private async open(): Promise<void> {
    const { ours, theirs } = this.databases;
    await ours.open(this.options);
    await theirs.open();
  }

  private async perform(operation: Operation): Promise<void> {
    switch (operation.kind) {
      case 'put':
      case 'del':
        return this.change(operation);
      case 'batch':
      case 'chained batch':
        return this.batch(operation);
      case 'get':
        return this.get(operation);
      case 'scan':
        return this.scan(operation);
      case 'clear':
        return this.clear(operation.selection);
      case 'iterate':
      case 'seek':
      case 'next':
        return this.iterate(operation);
      case 'snapshot':
      case 'release':
        return this.holdOrRelease(operation);
      case 'compact':
        return this.compact(operation);
      case 'reopen':
        await this.close();
        await this.open();
        return this.compareAll();
    }
  }

  private async change({ change }: Extract<Operation, { kind: 'put' | 'del' }>): Promise<void> {
    const [key, value] = change;
    await this.both((database) =>
      value === undefined ? database.del(bytesOf(key)) : database.put(bytesOf(key), valueOf(value)),
    );
    this.content = contentAfter(this.content, [change]);
  }

  private async batch(
    operation: Extract<Operation, { kind: 'batch' | 'chained batch' }>,
  ): Promise<void> {
    const { kind, changes } = operation;
    await this.both(async (database) => {
      if (kind === 'batch') return database.batch(changes.map(operationOf));
      const batch = database.batch();
      for (const [key, value] of changes) {
        if (value === undefined) batch.del(bytesOf(key));
        else batch.put(bytesOf(key), valueOf(value));
      }
      return batch.write();
    });
    this.content = contentAfter(this.content, changes);
  }

  private async get(operation: Extract<Operation, { kind: 'get' }>): Promise<void> {
    const { by, keys } = operation;
    const { snapshots, content } = this.view(operation.snapshot);
    const expected = keys.map((key) => content.get(key));
    const encoded = keys.map(bytesOf);
    await this.both(async (database, side) => {
      const options = { snapshot: snapshots?.[side] };
      if (by === 'getMany') expectSame(await database.getMany(encoded, options), expected);
      else if (by === 'get') expectSame(await database.get(encoded[0]!, options), expected[0]);
      else if (by === 'getSync') expectSame(database.getSync(encoded[0]!, options), expected[0]);
      else if (by === 'has')
        expectSame(await database.has(encoded[0]!, options), isThere(expected[0]));
      else expectSame(await database.hasMany(encoded, options), expected.map(isThere));
    });
  }

  private async scan({ by, selection }: Extract<Operation, { kind: 'scan' }>): Promise<void> {
    const { snapshots, content } = this.view(selection.snapshot);
    const expected = select(content, selection);
    await this.both(async (database, side) => {
      const options = { ...optionsOf(selection), snapshot: snapshots?.[side] };
      if (by === 'iterator') {
        expectSame(entriesOf(await database.iterator(options).all()), expected);
      } else if (by === 'keys') {
        const keys = await database.keys(options).all();
        expectSame(
          keys.map(textOf),
          expected.map(([key]) => key),
        );
      } else {
        expectSame(
          await database.values(options).all(),
          expected.map(([, value]) => value),
        );
      }
    });
  }

  private async clear(selection: Selection): Promise<void> {
    const { snapshots, content } = this.view(selection.snapshot);
    const cleared = select(content, selection);
    await this.both((database, side) =>
      database.clear({ ...optionsOf(selection), snapshot: snapshots?.[side] }),
    );
    const changes = cleared.map(([key]): ShortChange => [key, undefined]);
    this.content = contentAfter(this.content, changes);
  }

  private async iterate(
    operation: Extract<Operation, { kind: 'iterate' | 'seek' | 'next' }>,
  ): Promise<void> {
    if (operation.kind === 'iterate') return this.openIterator(operation.selection);
    const open = this.iterators[operation.iterator];
    if (open === undefined) return;
    const { iterators, model, view } = open;
    if (operation.kind === 'seek') {
      model.seek(operation.target);
      iterators.ours.seek(bytesOf(operation.target));
      // LevelDB's binding ends the process on a seek where there is nothing at all.
      if (view.content.size > 0) iterators.theirs.seek(bytesOf(operation.target));
    } else {
      const expected = model.next(operation.entries);
      expectSame(entriesOf(await iterators.ours.nextv(operation.entries)), expected);
      expectSame(entriesOf(await iterators.theirs.nextv(operation.entries)), expected);
    }
  }

  private async openIterator(selection: Selection): Promise<void> {
    const view = this.view(selection.snapshot);
    const options = optionsOf(selection);
    const { ours, theirs } = this.databases as Pair<Database>;
    const iterators = {
      ours: ours.iterator({ ...options, snapshot: view.snapshots?.ours }),
      theirs: theirs.iterator({ ...options, snapshot: view.snapshots?.theirs }),
    };
    const model = new ModelIterator(view.content, selection);
    this.iterators.push({ view, iterators, model });
    if (this.iterators.length <= ITERATORS_MAX) return;
    await closePair(this.iterators.shift()!.iterators);
  }

  private async holdOrRelease(
    operation: Extract<Operation, { kind: 'snapshot' | 'release' }>,
  ): Promise<void> {
    if (operation.kind === 'snapshot' && this.snapshots.length < SNAPSHOTS_MAX) {
      const { ours, theirs } = this.databases;
      const snapshots = { ours: ours.snapshot(), theirs: theirs.snapshot() };
      this.snapshots.push({ snapshots, content: this.content });
    } else if (operation.kind === 'release') {
      const [released] = this.snapshots.splice(operation.snapshot, 1);
      if (released?.snapshots === undefined) return;
      const using = this.iterators.filter(({ view }) => view === released);
      this.iterators = this.iterators.filter(({ view }) => view !== released);
      for (const { iterators } of using) await closePair(iterators);
      await closePair(released.snapshots);
    }
  }

  private async compact({ from, to }: Extract<Operation, { kind: 'compact' }>): Promise<void> {
    const [start, end] = from < to ? [from, to] : [to, from];
    await this.databases.ours.compactRange(bytesOf(start), bytesOf(end));
    await this.compareAll();
  }

  private async compareAll(): Promise<void> {
    const everything = { reverse: false, limit: -1 };
    for (const snapshot of [-1, ...this.snapshots.keys()]) {
      const selection = { ...everything, snapshot };
      await this.scan({ kind: 'scan', by: 'iterator', selection });
    }
  }

  private view(index: number): View {
    return this.snapshots[index] ?? { snapshots: undefined, content: this.content };
  }

  private async both(
    action: (database: Database, side: 'ours' | 'theirs') => Promise<void>,
  ): Promise<void> {
    const { ours, theirs } = this.databases as Pair<Database>;
    await Promise.all([action(ours, 'ours'), action(theirs, 'theirs')]);
  }
}

async function closePair({ ours, theirs }: Pair<{ close(): Promise<void> }>): Promise<void> {
  await Promise.all([ours.close(), theirs.close()]);
}

function operationOf([key, value]: ShortChange): BatchOperation {
  return value === undefined
    ? { type: 'del' as const, key: bytesOf(key) }
    : { type: 'put' as const, key: bytesOf(key), value: valueOf(value) };
}

/** abstract-level takes a bound that is there and `undefined` for a key. */
function optionsOf({ snapshot: _snapshot, reverse, limit, ...bounds }: Selection): object {
  const encoded = Object.entries(bounds).flatMap(([name, key]: [string, KeyText | undefined]) =>
    key === undefined ? [] : [[name, bytesOf(key)] as const],
  );
  // LevelDB would hand over fewer entries than asked for when they are large.
  return { ...Object.fromEntries(encoded), reverse, limit, highWaterMarkBytes: 2 ** 30 };
}

function isThere(value: string | undefined): boolean {
  return value !== undefined;
}

function textOf(key: Buffer): string {
  return key.toString('latin1');
}

function entriesOf(entries: readonly (readonly [Buffer, string])[]): Entry[] {
  return entries.map(([key, value]) => [textOf(key), value]);
}

/** `toEqual`, but quick when nothing is wrong. */
function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}

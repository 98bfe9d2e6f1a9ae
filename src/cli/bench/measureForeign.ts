// What another engine's directory costs: until a viewer can draw it, for a get with all its steps,
// for a scan. The viewer is a session's, as the page is one: it decodes and folds what it is told.

import { decodeToViewer, encode } from '../../protocol/codec.ts';
import { reduce } from '../../protocol/reduce.ts';
import type { TreeState } from '../../protocol/treeState.ts';
import type { Catalogue } from '../../session/catalogue.ts';
import { hostClock } from '../../session/hostClock.ts';
import { readCatalogue } from '../../session/openCatalogue.ts';
import { openSession } from '../../session/session.ts';
import { BUNDLES } from '../bundles.ts';

/** The figures of one directory. */
export interface ForeignMeasurement {
  readonly tables: number;
  readonly tableBytes: number;
  /** From opening until everything is told that the first picture shows. */
  readonly firstPictureMillis: number;
  /** The process's memory then, in millions of bytes; all threads, the viewer's fold included. */
  readonly firstPictureMegabytes: number;
  /** The median of gets of keys all over the store, each step told. */
  readonly tracedGetMillis: number;
  readonly scanEntries: number;
  readonly scanMegabytesPerSecond: number;
}

/** Gets whose median is told. */
const GETS = 101;
/** Every so many entries one key is kept to be got. */
const KEY_EVERY = 1000;

/** Measures; nothing in the directory is written. */
export async function measureForeign(directory: string): Promise<ForeignMeasurement> {
  const picture = await firstPicture(directory);
  const reading = await readCatalogue(directory, measureReading);
  return { ...picture, ...reading };
}

async function firstPicture(
  directory: string,
): Promise<
  Pick<ForeignMeasurement, 'tables' | 'tableBytes' | 'firstPictureMillis' | 'firstPictureMegabytes'>
> {
  const began = hostClock.monotonicMicros();
  const session = await openSession({ kind: 'store', path: directory, options: {} }, BUNDLES);
  try {
    const state = await new Promise<TreeState>((resolve) => {
      const watcher = new PictureWatcher(resolve);
      const viewer = session.attach({ send: (bytes) => watcher.take(bytes) });
      watcher.acknowledge = (bytes) => viewer.receive(bytes);
    });
    const firstPictureMillis = (hostClock.monotonicMicros() - began) / 1000;
    const tables = state.families.flatMap(({ levels }) => levels.flatMap((level) => level.tables));
    return {
      tables: tables.length,
      tableBytes: tables.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      firstPictureMillis,
      firstPictureMegabytes: process.memoryUsage().rss / 1e6,
    };
  } finally {
    await session.close();
  }
}

/** Folds what it is told until the past has been told to its end. */
class PictureWatcher {
  acknowledge: (bytes: Uint8Array) => void = () => {};
  private readonly done: (state: TreeState) => void;
  private state: TreeState | undefined;
  private pastUpTo = 0;

  constructor(done: (state: TreeState) => void) {
    this.done = done;
  }

  take(bytes: Uint8Array): void {
    const message = decodeToViewer(bytes);
    if (message.kind === 'hello') {
      this.state = message.hello.state;
      this.pastUpTo = message.hello.pastUpTo ?? 0;
    } else if (message.kind === 'batch') {
      for (const event of message.events) this.state = reduce(this.state!, event);
      const { eventNumber } = this.state!;
      this.acknowledge(encode({ kind: 'ack', batch: message.batch, eventNumber }));
    }
    if (this.state !== undefined && this.state.eventNumber >= this.pastUpTo) this.done(this.state);
  }
}

function measureReading(
  store: Catalogue,
): Pick<ForeignMeasurement, 'tracedGetMillis' | 'scanEntries' | 'scanMegabytesPerSecond'> {
  const began = hostClock.monotonicMicros();
  let scanEntries = 0;
  let bytes = 0;
  const keys: Uint8Array[] = [];
  for (const [key, value] of store.entries()) {
    if (scanEntries++ % KEY_EVERY === 0) keys.push(key.slice());
    bytes += key.length + value.length;
  }
  const micros = Math.max(1, hostClock.monotonicMicros() - began);
  const gets = everyNth(keys, GETS).map((key) => millisOf(() => store.get(key, () => {})));
  return {
    tracedGetMillis: medianOf(gets),
    scanEntries,
    scanMegabytesPerSecond: bytes / micros,
  };
}

function everyNth<T>(items: readonly T[], count: number): readonly T[] {
  const step = Math.max(1, Math.floor(items.length / count));
  return items.filter((_, at) => at % step === 0).slice(0, count);
}

function millisOf(work: () => void): number {
  const began = hostClock.monotonicMicros();
  work();
  return (hostClock.monotonicMicros() - began) / 1000;
}

/** 0 when there are none. */
function medianOf(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[values.length >> 1] ?? 0;
}

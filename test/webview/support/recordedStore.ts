// What the real engine tells while it works, recorded: the streams of events that the page's tests
// run on. The engine lives in a simulated world, so a recording repeats for its seed.

import { Random } from '../../../src/base/random.ts';
import { Lsm } from '../../../src/engine/db.ts';
import type { LsmOptions } from '../../../src/engine/options.ts';
import type { EventNumber, LsmEvent, LsmEventBody } from '../../../src/protocol/events.ts';
import type { EventSink } from '../../../src/protocol/eventSink.ts';
import type { TreeState } from '../../../src/protocol/treeState.ts';
import { DIRECTORY, simulatedEnvironment } from '../../engine/simulatedWorld.ts';
import { SimulatedDisk } from '../../reliability/disk/simulatedDisk.ts';

const KIB = 1024;
const START_MICROS = 1_700_000_000_000_000;
/** Time between two events, as far as a recording is concerned. */
const EVENT_MICROS = 40;
/** Operations between two summaries, as a session writes them. */
const SUMMARY_OPERATIONS = 8;

/** Where a fold begins, and everything that happened since. */
export interface RecordedStore {
  readonly initial: TreeState;
  readonly events: readonly LsmEvent[];
}

export interface RecordingOptions {
  readonly seed: number;
  readonly operations: number;
  /** Different keys that operations are about. */
  readonly keys: number;
  readonly store: LsmOptions;
}

const SMALL_STORE: LsmOptions = {
  memtableSize: 6 * KIB,
  maxL0SSTables: 4,
  levelBaseSize: 16 * KIB,
  levelMultiplier: 4,
  targetTableSize: 8 * KIB,
  blockSize: 512,
  blockCacheSize: 32 * KIB,
};

class Recorder implements EventSink {
  readonly structural = true;
  readonly write = true;
  readonly read = true;
  readonly entry: boolean;
  readonly gate = null;
  readonly events: LsmEvent[] = [];

  constructor(entries: boolean) {
    this.entry = entries;
  }

  emit(body: LsmEventBody): EventNumber {
    const number = this.events.length + 1;
    this.events.push({ ...body, number, timeMicros: START_MICROS + number * EVENT_MICROS });
    return number;
  }
}

/** Runs puts, deletes, gets and a few scans on a fresh store and keeps what it told. */
export async function recordStore(
  wanted: Partial<RecordingOptions> & { readonly entries?: boolean } = {},
): Promise<RecordedStore> {
  const { seed = 7, operations = 600, keys = 400, store = {}, entries = true } = wanted;
  const disk = new SimulatedDisk();
  disk.makeDirectory(DIRECTORY);
  const environment = simulatedEnvironment(seed, disk);
  const db = await Lsm.open(DIRECTORY, environment, { ...SMALL_STORE, ...store });
  const recorder = new Recorder(entries);
  const initial = { ...db.describe(), eventNumber: 0, timeMicros: START_MICROS };
  db.setEventSink(recorder);
  const random = new Random(seed);
  for (let at = 0; at < operations; at++) {
    await operate(db, random, keys);
    if (at % SUMMARY_OPERATIONS === 0) summarize(db, recorder);
  }
  await db.waitForIdle();
  summarize(db, recorder);
  await db.close();
  return { initial, events: recorder.events };
}

function summarize(db: Lsm, recorder: Recorder): void {
  recorder.emit({ kind: 'summary', gauges: db.gauges(), leftOut: 0 });
}

async function operate(db: Lsm, random: Random, keys: number): Promise<void> {
  const key = encode(`user:${String(random.nextBelow(keys)).padStart(4, '0')}`);
  const dice = random.nextFraction();
  if (dice < 0.78) {
    const value = new Uint8Array(20 + random.nextBelow(60)).fill(0x61 + random.nextBelow(26));
    await db.put(key, value, { sync: dice < 0.1 });
  } else if (dice < 0.86) await db.delete(key);
  else if (dice < 0.99) await db.get(key);
  else for (const _ of db.entries({ from: key, limit: 20 }));
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

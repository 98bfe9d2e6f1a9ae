// Fuzzes a parser, guided by what runs: an input that reaches a new place of the sources is kept,
// and mutated on.

import { ReachedPlaces, takeRan } from './coverage.ts';
import { encodeHex } from '../../../src/base/bytes.ts';
import { LsmError } from '../../../src/base/errors.ts';
import { Random } from '../../../src/base/random.ts';
import type { FuzzedParser } from './fuzzedParser.ts';
import { mutate } from './mutate.ts';

const MEMORY_MAX_BYTES = 256 * 1024 * 1024;
/** To ask what ran takes longer than most inputs do: it is asked after so many of them. */
const BATCH = 32;
/** Bytes of a fault's input that are printed. */
const PRINTED_MAX = 2000;

/** How long, and from where. */
export interface FuzzBounds {
  readonly seed: number;
  /** How often it runs in them depends on the machine. */
  readonly millis: number;
  /** It runs at least so often, however slow the machine. */
  readonly runsMin: number;
}

/** What became of it. */
export interface FuzzReport {
  readonly runs: number;
  /** Inputs that reached places which neither the seeds nor the corpus had. */
  readonly found: readonly Uint8Array[];
  /** The first input that was not survived. */
  readonly fault: string | undefined;
}

/** What reading threw, or `undefined`. */
export async function outcomeOf(read: FuzzedParser['read'], bytes: Uint8Array): Promise<unknown> {
  try {
    await read(bytes);
    return undefined;
  } catch (thrown) {
    return thrown ?? new Error('nothing was thrown');
  }
}

/** Feeds a parser with mutants of its seeds, the corpus and what it finds on the way. */
export async function fuzz(
  { seeds, read, repair }: FuzzedParser,
  corpus: readonly Uint8Array[],
  { seed, millis, runsMin }: FuzzBounds,
): Promise<FuzzReport> {
  const random = new Random(seed);
  const reached = new ReachedPlaces();
  const pool = [...seeds, ...corpus];
  const found: Uint8Array[] = [];
  let fault: string | undefined;
  for (const input of pool) fault ??= await faultOf(read, input);
  reached.learn(takeRan(isSource));
  const until = performance.now() + millis;
  let runs = 0;
  while (fault === undefined && (runs < runsMin || performance.now() < until)) {
    const batch = Array.from({ length: Math.min(BATCH, runsMin) }, () =>
      nextInput(pool, repair, random),
    );
    // What made the batch may be in the same script, but is not what is looked at.
    takeRan(isSource);
    for (const input of batch) {
      fault = await faultOf(read, input);
      if (fault !== undefined) break;
      runs++;
    }
    const ran = takeRan(isSource);
    if (fault !== undefined || !reached.isNew(ran)) continue;
    for (const input of batch) {
      await outcomeOf(read, input);
      if (reached.learn(takeRan(isSource))) found.push(input);
    }
    // What does not run a second time must not be looked for again and again.
    reached.learn(ran);
    pool.splice(seeds.length + corpus.length, found.length, ...found);
  }
  return { runs, found, fault: fault && `run ${runs} ${fault}` };
}

/** Those of the inputs, the shortest first, that reach what no seed and none before them did. */
export async function distilled(
  { seeds, read }: FuzzedParser,
  inputs: readonly Uint8Array[],
): Promise<Uint8Array[]> {
  const reached = new ReachedPlaces();
  for (const input of seeds) await outcomeOf(read, input);
  reached.learn(takeRan(isSource));
  const kept: Uint8Array[] = [];
  for (const input of inputs.toSorted((left, right) => left.length - right.length)) {
    takeRan(isSource);
    await outcomeOf(read, input);
    if (reached.learn(takeRan(isSource))) kept.push(input);
  }
  return kept;
}

/** Whether a script is one of ours, as it is under Vitest or in a bundle. */
function isSource(url: string): boolean {
  return url.includes('/src/') ? !url.includes('/node_modules/') : url.includes('/.cache/');
}

function nextInput(
  pool: readonly Uint8Array[],
  repair: FuzzedParser['repair'],
  random: Random,
): Uint8Array {
  const [seed, other] = [
    pool[random.nextBelow(pool.length)]!,
    pool[random.nextBelow(pool.length)]!,
  ];
  const bytes = mutate(seed, other, random);
  return repair !== undefined && random.nextBelow(4) > 0 ? repair(bytes) : bytes;
}

async function faultOf(read: FuzzedParser['read'], bytes: Uint8Array): Promise<string | undefined> {
  const before = process.memoryUsage().arrayBuffers;
  const thrown = await outcomeOf(read, bytes);
  const taken = process.memoryUsage().arrayBuffers - before;
  const isSound = thrown === undefined || thrown instanceof LsmError;
  if (isSound && taken <= MEMORY_MAX_BYTES) return undefined;
  const what = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : 'no error';
  const told = isSound ? `took ${taken} bytes of memory` : `threw ${what}`;
  return `${told}: ${encodeHex(bytes.subarray(0, PRINTED_MAX))}`;
}

// Every parser of bytes from outside is given mutated bytes: it reads them or throws one of our
// errors, in bounded memory. A failure prints the seed of its random numbers and the bytes.

import { describe, expect, test } from 'vitest';
import { encodeHex } from '../../../src/base/bytes.ts';
import { LsmError } from '../../../src/base/errors.ts';
import { Random } from '../../../src/base/random.ts';
import { EXHAUSTIVE, note } from '../effort.ts';
import { mutate } from './mutate.ts';
import { PARSERS } from './parsers.ts';

/** Milliseconds that one parser is given: how often it runs in them depends on the machine. */
const MILLIS = EXHAUSTIVE ? 120_000 : 1000;
/** It runs at least so often, however slow the machine. */
const RUNS_MIN = 150;
const MEMORY_MAX_BYTES = 256 * 1024 * 1024;
const SEED = 20_261_127;
/** Mutants that were read to their end, which are mutated on. */
const CORPUS_MAX = 200;

describe.each(PARSERS)('$name', ({ name, seeds, read, repair }) => {
  test('reads what was written well', async () => {
    expect(await outcomeOf(read, seeds[0]!)).toBeUndefined();
  });

  test('survives any bytes', async () => {
    const random = new Random(SEED);
    const corpus = [...seeds];
    const until = performance.now() + MILLIS;
    const faults: string[] = [];
    let runs = 0;
    for (; runs < RUNS_MIN || performance.now() < until; runs++) {
      const seed = corpus[random.nextBelow(corpus.length)]!;
      let bytes = mutate(seed, corpus[random.nextBelow(corpus.length)]!, random);
      if (repair !== undefined && random.nextBelow(4) > 0) bytes = repair(bytes);
      const before = process.memoryUsage().arrayBuffers;
      const fault = await outcomeOf(read, bytes);
      const taken = process.memoryUsage().arrayBuffers - before;
      const isSound = fault === undefined || fault instanceof LsmError;
      const thrown = fault instanceof Error ? `${fault.name}: ${fault.message}` : 'no error';
      if (!isSound || taken > MEMORY_MAX_BYTES) {
        const what = isSound ? `took ${taken} bytes of memory` : `threw ${thrown}`;
        faults.push(`run ${runs} ${what}: ${encodeHex(bytes.subarray(0, 2000))}`);
        break;
      }
      if (fault === undefined && corpus.length < CORPUS_MAX) corpus.push(bytes);
    }
    note(`fuzz, ${name}: ${runs} runs, seed ${SEED}`);
    expect(faults, `seed ${SEED}`).toEqual([]);
  });
});

/** What reading threw, or `undefined`. */
async function outcomeOf(
  read: (bytes: Uint8Array) => unknown,
  bytes: Uint8Array,
): Promise<unknown> {
  try {
    await read(bytes);
    return undefined;
  } catch (thrown) {
    return thrown ?? new Error('nothing was thrown');
  }
}
